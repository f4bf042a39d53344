"""What the folds of all runs tell the queue's policy. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from hive.model import Graph
from hive.orchestrator.queue.changeset import Changeset, Facts, Merge, Settings, Tip, Verdict
from hive.orchestrator.queue.estimate import Durations
from hive.orchestrator.queue.window import bisects, odds, window
from hive.state import RunState
from hive.text import one_line


class Read(NamedTuple):
    """The queue as facts."""

    changesets: list[Changeset]
    facts: Facts
    settings: dict[str, Settings]
    """By target."""
    durations: Durations


def read(states: Iterable[RunState]) -> Read:
    """Everything that the policy needs of all runs."""
    known = {state.id: state for state in states}
    waiting = [state for state in known.values() if state.phase == "landing"]
    durations = Durations.of(known.values())
    targets = dict.fromkeys(state.created.target for state in waiting)
    return Read(
        [changeset(state) for state in waiting],
        _facts(known, waiting),
        {target: _settings(known.values(), target, durations, waiting) for target in targets},
        durations,
    )


class _Same:
    """A state as of one event: compared by being the same object, as that is what it is asked for at every tick."""

    __slots__ = ("seq", "state")

    def __init__(self, state: RunState) -> None:
        self.state, self.seq = state, state.seq

    def __hash__(self) -> int:
        return hash((id(self.state), self.seq))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.state is self.state and other.seq == self.seq


def changeset(state: RunState) -> Changeset:
    """A run that waits to land, as the policy sees it; remembered until its next event."""
    return _changeset(_Same(state))


@lru_cache(maxsize=4096)
def _changeset(same: _Same) -> Changeset:
    state = same.state
    return Changeset(
        id=state.id,
        asked=state.land_requested or 0,
        touches=touched(state),
        target=state.created.target,
        priority=state.wish.priority,
        before=state.wish.before,
        moved=state.wish.moved,
        after=state.wish.after,
        held=state.wish.held is not None,
        held_by=_held_by(state),
        begun=state.landing is not None,
        merge=_merge(state),
        verdict=_verdict(state),
    )


def _held_by(state: RunState) -> str:
    held = state.wish.held
    if held is None:
        return ""
    return one_line(f"{held.by}: {held.reason}" if held.reason else held.by, 200)


def touched(state: RunState) -> frozenset[str]:
    """Services whose checks can see the changeset, and the contracts and shared files that it changes.

    A check sees everything but the other services' folders, so what lies outside all of them concerns every service.
    """
    if state.offered:
        paths = [file.path for file in state.offered.files]
        named: frozenset[str] = frozenset()
    else:
        paths = [patch.path for patch in state.plan.patches] if state.plan else []
        named = frozenset(task.service for task in state.changed)
    return named | _reach(state.created.graph, paths)


def _reach(graph: Graph, paths: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for path in paths:
        owners = [name for folder in _folders(path) for name in graph.owners.get(folder, ())]
        found.update(owners or (service.name for service in graph.services))
        if not owners or path in graph.contract_files:
            found.add(path)
    return found


def _folders(path: str) -> Iterator[str]:
    """Those that a file lies in, the root first."""
    yield "."
    parts = path.split("/")
    for depth in range(1, len(parts)):
        yield "/".join(parts[:depth])


def _merge(state: RunState) -> Merge | None:
    if state.conflicted:
        return Merge(state.merged_seq, state.conflicted.onto, "", state.conflicted.beneath)
    if state.merged is None:
        return None
    merged = state.merged
    return Merge(state.merged_seq, merged.onto, merged.commit, merged.beneath, merged.whole)


def _verdict(state: RunState) -> Verdict:
    if state.conflicted or any(evidence.blocks for evidence in state.union.values()):
        return "failed"  # known before the other checks end
    if state.tested is None:
        return "unknown"
    return "passed" if state.tested.passed else "failed"


def last_known(states: Iterable[RunState], target: str) -> Tip | None:
    """Where a target was when hive last saw it move."""
    return _facts({state.id: state for state in states}, ()).tips.get(target)


def _facts(known: dict[str, RunState], waiting: Sequence[RunState]) -> Facts:
    tips: dict[str, Tip] = {}
    landed: set[str] = set()
    contained: dict[str, str] = {}
    stopped: dict[str, str] = {}
    for state in known.values():
        target = state.created.target
        if state.landed and state.landed.ref == f"refs/heads/{target}":
            landed.add(state.id)
            if not state.landed.within:
                _later(tips, target, Tip(state.landed.new, state.landed_seq))
            contained |= dict.fromkeys(_contained(state, known), state.id)
        if state.moved:
            _later(tips, target, Tip(state.moved[1], state.moved[0]))
        if state.queue_stopped:
            stopped[target] = f"{state.queue_stopped.reason}: {state.queue_stopped.next_step}"
    queued = {state.id for state in waiting}
    needed = {name for state in waiting for name in state.wish.after} - queued - landed
    outside = {name: _idle(known[name]) if name in known else "no such run" for name in needed}
    with_union = {name: within for name, within in contained.items() if name in queued}
    return Facts(tips, frozenset(landed), with_union, outside, stopped)


def _idle(state: RunState) -> str:
    return "it has spent its budget" if state.phase == "paused" else state.phase


def _contained(state: RunState, known: dict[str, RunState]) -> Iterator[str]:
    """Those that the landed union held, as they still are."""
    for name, commit in state.merged.beneath if state.merged else ():
        other = known.get(name)
        if other and other.merged and other.merged.commit == commit:
            yield name


def _later(tips: dict[str, Tip], target: str, tip: Tip) -> None:
    if target not in tips or tips[target].seq < tip.seq:
        tips[target] = tip


def _settings(
    states: Iterable[RunState], target: str, durations: Durations, waiting: Sequence[RunState]
) -> Settings:
    """The settings of the newest run, and what the outcomes so far teach."""
    mine = [state for state in states if state.created.target == target]
    policy, slots = mine[-1].policy.queue, mine[-1].policy.max_parallel
    happened = sorted(
        [(state.landed_seq, True) for state in mine if state.landed]
        + [(seq, False) for state in mine for seq in state.failures]
    )
    outcomes = [landed for _, landed in happened]
    likely = odds(outcomes)
    count = sum(state.created.target == target for state in waiting)
    strained = bisects(waiting=count, slots=slots, odds=likely, typical=durations.typical, slow=policy.slow)
    return Settings(
        bisect=policy.mode == "bisect" or (policy.mode == "auto" and strained),
        window=window(outcomes, policy.window, min(policy.floor, policy.window)),
        slots=slots,
        odds=likely,
    )
