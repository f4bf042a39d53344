"""The fold of what concerns the merge queue: a changeset's place, and what its speculation found."""

from collections.abc import Mapping

from hive import events as e
from hive.state.run import QueueWish, RunState


def note(state: RunState, event: e.Event, seq: int) -> None:
    """One event further."""
    _wish(state, event, seq)
    _find(state, event, seq)
    match event:
        case e.BranchOffered():
            state.offered = event
        case e.QueueStopped():
            state.queue_stopped = event
            state.merged = state.tested = state.landing = None
        case e.QueueResumed():
            state.queue_stopped, state.moved = None, (seq, event.found)
        case _:
            pass


def _wish(state: RunState, event: e.Event, seq: int) -> None:
    match event:
        case e.LandRequested():
            state.wish = QueueWish(priority=event.priority, after=event.after)
        case e.LandingHeld():
            state.wish.held = event
        case e.LandingReleased():
            state.wish.held = None
        case e.LandingReordered():
            state.wish.before, state.wish.moved = event.before or "", seq
            if event.priority is not None:
                state.wish.priority = event.priority
        case e.LandingWithdrawn():
            state.land_requested = None
            state.merged = state.tested = state.landing = state.conflicted = None
        case _:
            pass


def _find(state: RunState, event: e.Event, seq: int) -> None:
    match event:
        case e.SpeculationConflicted():
            state.conflicted, state.merged_seq = event, seq
            state.merged = state.tested = state.landing = None
            state.merges += 1
        case e.ChangesetMerged() | e.LandingRefused() | e.LandRequested() | e.TurnStarted():
            state.conflicted = None
        case e.ChangesetTested() if not event.passed:
            state.failures.append(seq)
        case e.TargetMoved():
            state.moved = (seq, event.found)
        case e.CheckFinished() if event.turn is None and event.evidence.flaky and not event.evidence.reused:
            state.flakes.append((seq, event.evidence))
        case _:
            pass


def awaited(runs: Mapping[str, RunState]) -> set[str]:
    """Whom changesets in the queue have to wait for, because a person said so."""
    return {name for state in runs.values() if state.phase == "landing" for name in state.wish.after}
