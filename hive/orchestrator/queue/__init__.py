"""The merge queue: whole changesets in order; their places, status and reasons are derived, never stored. Pure.

`policy` decides from values; `reading` makes these values from the folds of runs.
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from hive.orchestrator.queue.changeset import Act, Changeset, Facts, Merge, Place, Settings, Tip
from hive.orchestrator.queue.estimate import estimates
from hive.orchestrator.queue.lanes import lanes
from hive.orchestrator.queue.policy import decide
from hive.orchestrator.queue.reading import read, touched
from hive.orchestrator.queue.window import bisects, odds, window
from hive.state import RunState

__all__ = [
    "Act",
    "Changeset",
    "Facts",
    "Item",
    "Merge",
    "Place",
    "Settings",
    "Tip",
    "agenda",
    "bisects",
    "decide",
    "odds",
    "queue",
    "touched",
    "window",
]

ItemStatus = Literal["merging", "testing", "landing", "passed", "failing", "waiting", "held", "stopped"]


class Item(NamedTuple):
    """A changeset in the queue, for people."""

    run: str
    request: str
    target: str
    position: int
    """How many changesets it waits for; 0 is the head of its lane."""
    status: ItemStatus
    why: str
    """Why it waits, or what happens to it, in one sentence."""
    on: tuple[str, ...] = ()
    """Runs on top of whose changesets it is merged and tested."""
    priority: int = 0
    window: int = 0
    """How many changesets may stand on each other now."""
    mode: Literal["speculate", "bisect"] = "speculate"
    eta_seconds: float | None = None
    """Until it is expected to land; none where nothing is known."""
    lane: int = 1
    """Changesets of one target that are in different lanes never wait for each other."""
    touches: tuple[str, ...] = ()
    """Services, contracts and shared files: changesets that have one in common are in one lane."""


def agenda(states: Iterable[RunState]) -> dict[str, Place]:
    """What is next for each changeset in the queue, by run, in landing order."""
    found = read(states)
    return {place.changeset.id: place for place in _places(found.changesets, found.facts, found.settings)}


def queue(states: Iterable[RunState]) -> tuple[Item, ...]:
    """The changesets that wait to land, in landing order."""
    known = {state.id: state for state in states}
    found = read(known.values())
    places = _places(found.changesets, found.facts, found.settings)
    slots = max((settings.slots for settings in found.settings.values()), default=1)
    lane = lanes(place.changeset for place in places)
    expected = (
        estimates(places, found.durations, slots, found.facts.outside) if found.durations.services else {}
    )
    return tuple(
        _item(known[place.changeset.id], place, found.settings, expected.get(place.changeset.id))._replace(
            lane=lane[place.changeset.id]
        )
        for place in places
    )


def _places(changesets: list[Changeset], facts: Facts, settings: dict[str, Settings]) -> list[Place]:
    return [
        place
        for target, known in settings.items()
        for place in decide([each for each in changesets if each.target == target], facts, known)
    ]


def _item(state: RunState, place: Place, settings: dict[str, Settings], eta: float | None) -> Item:
    mine = settings[state.created.target]
    return Item(
        run=state.id,
        request=state.created.request,
        target=state.created.target,
        position=place.position,
        status=_status(place),
        why=place.why,
        on=place.on,
        priority=state.wish.priority,
        window=mine.window,
        mode="bisect" if mine.bisect else "speculate",
        eta_seconds=round(eta, 1) if eta is not None else None,
        touches=tuple(sorted(place.changeset.touches)),
    )


def _status(place: Place) -> ItemStatus:
    match place.act:
        case "merge":
            return "merging"
        case "test":
            return "testing"
        case "land":
            return "landing"
        case "held" | "stopped":
            return place.act
        case "refuse":
            return "failing"
    if place.changeset.verdict == "unknown":
        return "waiting"
    return "passed" if place.changeset.verdict == "passed" else "failing"
