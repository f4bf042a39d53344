"""How long checks take, from the evidence so far, and when a changeset may be expected to land. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from hive.model import Evidence
from hive.orchestrator.queue.changeset import Place
from hive.state import RunState

RECENT = 9
"""Durations of a service's checks that count."""


class Durations(NamedTuple):
    """Seconds that a service's checks take."""

    services: Mapping[str, float]
    typical: float
    """Of a check of no service in particular; 0 while nothing is known."""

    @staticmethod
    def of(states: Iterable[RunState]) -> "Durations":
        """Medians over the latest checks that really ran."""
        seen: dict[str, list[float]] = {}
        for state in states:
            for evidence in _evidence(state):
                if evidence.service and evidence.seconds and not evidence.reused:
                    seen.setdefault(evidence.service, []).append(evidence.seconds)
        if not seen:
            return Durations({}, 0.0)
        from statistics import median

        services = {name: median(each[-RECENT:]) for name, each in seen.items()}
        return Durations(services, median(services.values()))


def _evidence(state: RunState) -> Iterable[Evidence]:
    for task in state.tasks.values():
        if task.baseline:
            yield task.baseline
        yield from task.evidence.values()
    yield from state.union.values()


def estimates(
    places: Sequence[Place], durations: Durations, slots: int, missing: Collection[str] = ()
) -> dict[str, float]:
    """Seconds until each is expected to land: its own checks, and those of whom it waits for, on so many executors.

    None for who waits for a person, or needs one that does, or one of those `missing` in the queue.
    """
    expected: dict[str, float] = {}
    waits = set(missing)
    last: dict[str, float] = {}
    for place in places:
        one = place.changeset
        if place.act in ("held", "stopped") or not waits.isdisjoint(one.after):
            waits.add(one.id)
            continue
        own = [durations.services.get(name, 0.0) for name in one.touches]
        rest = 0.0 if one.verdict == "passed" else max(max(own, default=0.0), sum(own) / max(slots, 1))
        ahead = max((last.get(name, 0.0) for name in one.touches), default=0.0)
        speculative = place.on or not place.position
        expected[one.id] = max(ahead, rest) if speculative else ahead + rest
        last.update(dict.fromkeys(one.touches, expected[one.id]))
    return expected
