"""The merge queue lane by lane: what stands on what, as a graph, and what each union has shown. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from hive.dashboard import phrases
from hive.dashboard.show.queue import Queued
from hive.model import CheckOutcome, Evidence
from hive.state import RunState

Seen = CheckOutcome | Literal["running"]


class Beneath(NamedTuple):
    """A changeset that another one stands on."""

    run: str
    status: str
    """`landed` where it is no longer in the queue."""


class UnionCheck(NamedTuple):
    """A check on the union of a changeset and those beneath it."""

    service: str | None
    check: str
    outcome: Seen
    reused: bool = False
    """Its inputs were checked before, so nothing had to run."""
    flaky: bool = False
    quarantined: bool = False
    said: str = ""


class Track(NamedTuple):
    """How a changeset hangs in the graph of its lane, which is drawn downwards; columns count from the left."""

    column: int
    above: tuple[int, ...] = ()
    """Columns in which it is reached from those that it stands on."""
    below: tuple[int, ...] = ()
    """Columns in which it leads on to those that stand on it."""
    through: tuple[int, ...] = ()
    """Columns in which others pass it by."""


class Entry(NamedTuple):
    """A changeset in its lane, with all that screens tell of it."""

    queued: Queued
    track: Track
    stack: tuple[Beneath, ...] = ()
    """What it is merged and tested on top of, from the target upwards."""
    checks: tuple[UnionCheck, ...] = ()
    after: tuple[str, ...] = ()
    """Runs that a person wants landed first."""
    held_by: str = ""
    held_because: str = ""
    conflict: str = ""
    """Why it does not merge with those that it stands on; empty when it does."""
    next_step: str = ""
    """What a person has to do before anything lands on the target."""


class Lane(NamedTuple):
    """Changesets that have to do with each other, in landing order."""

    target: str
    number: int
    touches: tuple[str, ...]
    """Services, contracts and shared files that they touch."""
    entries: tuple[Entry, ...]


def lanes(items: Iterable[Queued], runs: Mapping[str, RunState]) -> tuple[Lane, ...]:
    """Target by target and lane by lane."""
    found = in_lanes(items)
    states = {item.run: item.status for item in found}
    by_lane: dict[tuple[str, int], list[Queued]] = {}
    for item in found:
        by_lane.setdefault((item.target, item.lane), []).append(item)
    return tuple(
        Lane(
            target,
            number,
            tuple(sorted({name for item in line for name in item.touches})),
            tuple(
                _entry(item, track, states, runs.get(item.run))
                for item, track in zip(line, tracks(line), strict=True)
            ),
        )
        for (target, number), line in by_lane.items()
    )


def in_lanes(items: Iterable[Queued]) -> list[Queued]:
    """The same as one list: target by target and lane by lane, within a lane in landing order."""
    found = list(items)
    targets = list(dict.fromkeys(item.target for item in found))
    return sorted(found, key=lambda item: (targets.index(item.target), item.lane))


def entry_of(run: RunState, items: Iterable[Queued]) -> Entry | None:
    """One changeset in full; none when it is not in the queue."""
    entries = (entry for lane in lanes(items, {run.id: run}) for entry in lane.entries)
    return next((entry for entry in entries if entry.queued.run == run.id), None)


def _entry(item: Queued, track: Track, states: Mapping[str, str], run: RunState | None) -> Entry:
    stack = tuple(Beneath(name, states.get(name, "landed")) for name in item.on)
    if run is None:
        return Entry(item, track, stack)
    held, stopped = run.wish.held, run.queue_stopped
    return Entry(
        item, track, stack, tuple(_checks(item, run)), run.wish.after,
        held_by=held.by if held else "",
        held_because=held.reason if held else "",
        conflict=run.conflicted.reason if run.conflicted else "",
        next_step=stopped.next_step if stopped else "",
    )  # fmt: skip


def _checks(item: Queued, run: RunState) -> Iterable[UnionCheck]:
    """What has been seen of the union, then what is still to come of it."""
    for evidence in run.union.values():
        yield _seen(evidence)
    if item.status != "testing":
        return
    services = {service.name for service in run.created.graph.services}
    known = {evidence.service for evidence in run.union.values()}
    for name in item.touches:
        if name in services and name not in known:
            yield UnionCheck(name, "tests", "running", said="tests are under way")


def _seen(evidence: Evidence) -> UnionCheck:
    return UnionCheck(
        evidence.service, evidence.check, evidence.outcome, evidence.reused, evidence.flaky,
        evidence.quarantined, phrases.checked(evidence),
    )  # fmt: skip


def tracks(line: Sequence[Queued]) -> list[Track]:
    """The graph of one lane: each changeset below those that it stands on, long stacks straight, ends beside them."""
    known = {item.run: item for item in line}
    children: dict[str, list[int]] = {name: [] for name in known}
    for at, item in enumerate(line):
        for name in _nearest(item, known):
            children[name].append(at)
    depth = [0] * len(line)
    for at in reversed(range(len(line))):
        depth[at] = 1 + max((depth[n] for n in children[line[at].run]), default=0)
    open_edges: dict[int, int] = {}  # by column, who is reached there
    found = []
    for at in range(len(line)):
        above = sorted(column for column, child in open_edges.items() if child == at)
        for column in above:
            del open_edges[column]
        through = tuple(sorted(open_edges))
        column = above[0] if above else _free(open_edges)
        below = []
        for child in sorted(children[line[at].run], key=lambda n: (-depth[n], n)):
            where = column if column not in open_edges else _free(open_edges)
            open_edges[where] = child
            below.append(where)
        found.append(Track(column, tuple(above), tuple(below), through))
    return found


def _nearest(item: Queued, line: Mapping[str, Queued]) -> set[str]:
    """Those that it stands on directly: not by way of others."""
    on = {name for name in item.on if name in line}
    return on - {name for other in on for name in line[other].on}


def _free(taken: Collection[int]) -> int:
    return next(column for column in range(len(taken) + 1) if column not in taken)


def shape(entries: Iterable[Entry]) -> int:
    """How many columns the graph of these needs."""
    return 1 + max(
        (max((t.column, *t.above, *t.below, *t.through)) for t in (e.track for e in entries)), default=0
    )
