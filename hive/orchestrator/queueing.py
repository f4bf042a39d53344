"""What a person can do to the merge queue; each deed is checked against the runs' states and becomes an event."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hive.errors import NeedsPerson, UsageError
from hive.events import (
    DiscardRequested,
    Draft,
    Event,
    LandingHeld,
    LandingReleased,
    LandingReordered,
    LandingWithdrawn,
    LandRequested,
    QueueResumed,
    RunCreated,
)
from hive.orchestrator.runs import Runs
from hive.ports import EventLog
from hive.state import RunState

if TYPE_CHECKING:
    from hive.orchestrator.offering import Offer


class QueueControls:
    """Deeds on the queue of an event log."""

    def __init__(self, log: EventLog, runs: Runs) -> None:
        self._log = log
        self._runs = runs

    def land(self, run: str, *, by: str, priority: int = 0, after: Sequence[str] = ()) -> RunState:
        """Queue an approved changeset."""
        state = self._get(run)
        if state.landed or state.closed:
            raise UsageError(f"run {state.id} is over: {state.phase}", next_step="hive ls")
        if state.phase == "landing":
            return state
        if state.phase not in ("approved", "refused", "requested"):
            waiting = "; ".join(f"{n.service + ': ' if n.service else ''}{n.text}" for n in state.needs)
            raise NeedsPerson(
                f"run {state.id} cannot land: it is {state.phase!r}" + (f" ({waiting})" if waiting else ""),
                next_step=state.needs[0].command if state.needs else f"hive show {state.id}",
            )
        return self._emit(state, LandRequested(by=by, priority=priority, after=self._needed(state.id, after)))

    def add(
        self, run: str, created: RunCreated, offer: "Offer", *, priority: int = 0, after: Sequence[str] = ()
    ) -> RunState:
        """Queue a person's branch as the changeset of a run of its own; an older offer of the branch is given up."""
        self._runs.refresh()
        by = offer.event.by
        needed = self._needed(run, after)
        for old in self._offers(offer.event.branch, created.target):
            if old.phase == "landing" and old.offered and old.offered.commit == offer.event.commit:
                raise UsageError(
                    f"branch {offer.event.branch!r} is in the queue already, as run {old.id}",
                    next_step="hive queue",
                )
            self._emit(old, DiscardRequested(by=by, reason=f"offered again as run {run}"))
        asked = LandRequested(by=by, priority=priority, after=needed)
        self._log.append(*(Draft(run=run, event=event) for event in (created, offer.event, asked)))
        return self._get(run)

    def hold(self, run: str, *, by: str, reason: str = "") -> RunState:
        """Keep a changeset from landing; those behind it go on."""
        state = self._waiting(run)
        return state if state.wish.held else self._emit(state, LandingHeld(by=by, reason=reason))

    def release(self, run: str, *, by: str) -> RunState:
        """Let a held changeset go on."""
        state = self._waiting(run)
        return self._emit(state, LandingReleased(by=by)) if state.wish.held else state

    def cancel(self, run: str, *, by: str, reason: str = "") -> RunState:
        """Take a changeset out of the queue; `hive land` queues it again."""
        return self._emit(self._waiting(run), LandingWithdrawn(by=by, reason=reason))

    def move(self, run: str, *, by: str, priority: int | None = None, before: str | None = None) -> RunState:
        """Another priority, or a place in front of another changeset."""
        state = self._waiting(run)
        if priority is None and before is None:
            raise UsageError(
                "where to?", next_step=f"hive queue move {state.id} --before RUN, or --priority N"
            )
        if before is not None:
            before = self._waiting(before).id
            if before == state.id:
                raise UsageError(
                    f"run {state.id} cannot go before itself", next_step="name another: hive queue"
                )
        return self._emit(state, LandingReordered(by=by, priority=priority, before=before))

    def resume(self, target: str, found: str, *, by: str) -> tuple[RunState, ...]:
        """Go on with a target that was reset, as it is now."""
        event = QueueResumed(target=target, found=found, by=by)
        return tuple(self._emit(state, event) for state in self.stopped(target))

    def accept(self, run: str, *, by: str) -> RunState:
        """Go on with this changeset's target as it was found when its queue stopped: what a person was shown."""
        target = self._waiting(run).created.target
        last = max(self.stopped(target), key=lambda state: state.seq).queue_stopped
        if last is None or not last.found:
            raise UsageError(
                f"the target branch {target!r} does not exist", next_step=f"git branch {target} COMMIT"
            )
        self.resume(target, last.found, by=by)
        return self._get(run)

    def stopped(self, target: str) -> list[RunState]:
        """The runs on which the queue of a target has stopped. Raises UsageError when it has not."""
        self._runs.refresh()
        stopped = [s for s in self._runs.all() if s.queue_stopped and s.created.target == target]
        if not stopped:
            raise UsageError(f"the queue of {target!r} is not stopped", next_step="hive queue")
        return stopped

    def _offers(self, branch: str, target: str) -> list[RunState]:
        return [
            state
            for state in self._runs.all()
            if state.offered
            and state.offered.branch == branch
            and state.created.target == target
            and not (state.closed or state.landed or state.discarded or state.landing)
        ]

    def _needed(self, run: str, after: Sequence[str]) -> tuple[str, ...]:
        """Ids of runs; none may need this one itself."""
        self._runs.refresh()
        ids = tuple(dict.fromkeys(self._runs.get(name).id for name in after))
        seen, look = set(ids), list(ids)
        while look:
            for name in self._runs.get(look.pop()).wish.after:
                if name not in seen:
                    seen.add(name)
                    look.append(name)
        if run in seen:
            raise UsageError(f"run {run} would wait for itself", next_step="leave --after out")
        return ids

    def _waiting(self, run: str) -> RunState:
        state = self._get(run)
        if state.phase != "landing":
            raise UsageError(
                f"run {state.id} is not in the queue: it is {state.phase!r}",
                next_step=f"hive land {state.id}",
            )
        if state.landing:
            raise UsageError(f"run {state.id} is landing this very moment", next_step="hive queue")
        return state

    def _get(self, run: str) -> RunState:
        self._runs.refresh()
        return self._runs.get(run)

    def _emit(self, state: RunState, event: Event) -> RunState:
        self._log.append(Draft(run=state.id, event=event))
        return self._get(state.id)
