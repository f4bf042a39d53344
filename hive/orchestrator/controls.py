"""What a person can do to runs; each deed is checked against the run's state and becomes an event."""

import math
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from hive.errors import NeedsPerson, UsageError
from hive.events import (
    Approved,
    Commented,
    CommentResolved,
    DiscardRequested,
    Draft,
    Event,
    MessageSent,
    PlanApproved,
    Rejected,
    ResumeRequested,
    RetryRequested,
    ReviewSubmitted,
    SeenFile,
    StopRequested,
    Viewed,
)
from hive.model import Answer, Message, Remark, Words
from hive.orchestrator.proposals import decision
from hive.orchestrator.queueing import QueueControls
from hive.orchestrator.runs import Runs
from hive.ports import EventLog
from hive.state import RunState, TaskState
from hive.state.approval import lacking


class LogControls:
    """Implements `ports.Controls` on an event log."""

    def __init__(self, log: EventLog, runs: Runs) -> None:
        self._log = log
        self._runs = runs

    def approve(
        self, run: str, services: Iterable[str] = (), *, by: str, seen: Mapping[str, str] | None = None
    ) -> RunState:
        """Approve the plan when it waits for that, else the named services' diffs, or all that are ready."""
        state = self._open(run)
        if not state.plan_approved:
            return self._emit(state, PlanApproved(by=by))
        named = [self._task(state, name) for name in services]
        chosen = named or [t for t in state.tasks.values() if t.phase == "ready"]
        _as_seen(state, chosen, seen or {})
        approvals: list[tuple[str | None, Event]] = [
            (task.service, _approval(state, task, by))
            for task in chosen
            if named or not _useless(state, task, by)
        ]
        if not named and state.contract and helps_contract(state, by):
            approvals.append((None, Approved(diff=state.contract.commit, by=by)))
        useless = [words for task in chosen if (words := _useless(state, task, by))]
        if useless and (named or not approvals):
            raise NeedsPerson(
                useless[0], next_step=f"ask them; [review] in hive.toml says who: hive show {state.id}"
            )
        self._append(state, *approvals)
        stuck = [t.service for t in state.tasks.values() if t.phase == "stuck"]
        if not named and stuck:
            raise NeedsPerson(
                f"{', '.join(stuck)}: not approved, because the work is stuck",
                next_step=f"look at it (hive show {state.id} {stuck[0]}), then name it to approve it all the same",
            )
        return self._runs.get(state.id)

    def reject(self, run: str, services: Iterable[str], *, reason: str, by: str) -> RunState:
        """Refuse diffs; without a name, the whole run is discarded."""
        state = self._open(run)
        named = [self._task(state, name) for name in services]
        if not named:
            return self._emit(state, DiscardRequested(by=by, reason=reason))
        for task in named:
            if not task.settled:
                raise UsageError(
                    f"{task.service!r} is not ready for review yet ({task.phase})", next_step="wait"
                )
            self._emit(state, Rejected(by=by, reason=reason), service=task.service)
        return self._runs.get(state.id)

    def comment(self, run: str, remarks: Sequence[Remark], *, by: str, draft: bool = False) -> RunState:
        """Send services' work back to their agents: one turn for each service, whatever the number of remarks."""
        state = self._open(run)
        said = [
            (self._task(state, remark.service).service, _commented(state, remark, by, draft=draft))
            for remark in remarks
        ]
        return self._append(state, *said)

    def viewed(self, run: str, service: str, files: Mapping[str, str], *, diff: str, by: str) -> RunState:
        """Record that a person has seen a diff; the same once more, or one that is gone, is nothing new."""
        state = self._open(run)
        task = self._task(state, service)
        known = task.viewed.get(by)
        if task.work is None or task.work.diff != diff or (known and known.commit == task.work.commit):
            return state
        seen = tuple(SeenFile(path=path, digest=digest) for path, digest in files.items())
        event = Viewed(by=by, diff=diff, commit=task.work.commit, files=seen)
        return self._emit(state, event, service=task.service)

    def submit(self, run: str, *, by: str) -> RunState:
        """Send all the comments that this person kept back. Raises UsageError when there are none."""
        state = self._open(run)
        kept = [c for t in state.tasks.values() for c in t.remarks if c.status == "draft" and c.said.by == by]
        if not kept:
            raise UsageError(
                f"{by!r} keeps no comments back in run {state.id}",
                next_step=f'hive comment {state.id} SERVICE "…" --draft',
            )
        return self._emit(state, ReviewSubmitted(by=by))

    def resolve(self, run: str, comments: Iterable[int], *, by: str) -> RunState:
        """Call comments resolved; one that no turn has taken up is taken back by that."""
        state = self._open(run)
        wanted = dict.fromkeys(comments)
        there = {c.id: t.service for t in state.tasks.values() for c in t.unresolved}
        if unknown := [number for number in wanted if number not in there]:
            known = ", ".join(map(str, there)) or "none"
            raise UsageError(
                f"run {state.id} has no unresolved comment {unknown[0]}", next_step=f"choose one of: {known}"
            )
        by_service = {service: [n for n in wanted if there[n] == service] for service in there.values()}
        return self._append(
            state,
            *((name, CommentResolved(comments=tuple(ids), by=by)) for name, ids in by_service.items() if ids),
        )

    def say(self, run: str, service: str, message: Message, *, by: str) -> RunState:
        """Speak to an agent that works, interrupt it, or answer it; words to one that rests are a comment."""
        state = self._open(run)
        task = self._task(state, service)
        if isinstance(message, Answer) and message.id not in task.asked:
            waiting = ", ".join(task.asked) or "nothing"
            raise UsageError(
                f"{service!r} did not ask {message.id!r}", next_step=f"it waits for an answer to: {waiting}"
            )
        if task.phase == "working":
            return self._emit(
                state, MessageSent(turn=task.turn, message=message, by=by), service=task.service
            )
        if isinstance(message, Words):
            return self.comment(run, [Remark(service=service, text=message.text)], by=by)
        raise UsageError(
            f"no agent works for {service!r}: it is {task.phase!r}",
            next_step=f"hive show {state.id} {service}",
        )

    def retry(self, run: str, service: str, *, by: str) -> RunState:
        """One more turn for a service."""
        state = self._open(run)
        return self._emit(state, RetryRequested(by=by), service=self._task(state, service).service)

    def stop(self, run: str, service: str | None = None, *, by: str) -> RunState:
        """Stop a run or one service of it; the work so far is kept."""
        state = self._open(run)
        name = self._task(state, service).service if service else None
        return self._emit(state, StopRequested(by=by), service=name)

    def resume(self, run: str, *, by: str, budget_usd: float | None = None) -> RunState:
        """Let a stopped, failed or overspent run go on; one that is under way needs nothing and gets nothing."""
        state = self._open(run)
        if state.overspent:
            if budget_usd is None or budget_usd <= state.cost_usd:
                raise NeedsPerson(
                    f"run {state.id} has spent {state.cost_usd:.2f} USD of {state.budget_usd:.2f}",
                    next_step=f"hive resume {state.id} --budget {math.ceil(state.cost_usd * 2)}",
                )
            return self._emit(state, ResumeRequested(by=by, budget_usd=budget_usd))
        unwatched = state.phase == "requested" and not state.watching
        if unwatched or state.stopped or state.failed or any(task.stopped for task in state.tasks.values()):
            return self._emit(state, ResumeRequested(by=by))
        return state

    def decide(self, run: str, proposal: int, *, approved: bool, by: str, reason: str = "") -> RunState:
        """Approve or reject a session's proposal of another contract."""
        state = self._open(run)
        self._log.append(*decision(state, proposal, approved=approved, by=by, reason=reason))
        self._runs.refresh()
        return self._runs.get(state.id)

    def land(self, run: str, *, by: str) -> RunState:
        """Queue the approved changeset for landing."""
        self._open(run)
        return QueueControls(self._log, self._runs).land(run, by=by)

    def _open(self, run: str) -> RunState:
        self._runs.refresh()
        state = self._runs.get(run)
        if state.closed or state.landed:
            raise UsageError(
                f"run {state.id} is over: {state.phase}", next_step="start a new one with `hive run`"
            )
        return state

    def _task(self, state: RunState, service: str) -> TaskState:
        if service in state.tasks:
            return state.tasks[service]
        names = get_close_matches(service, state.tasks, n=3) or list(state.tasks)
        raise UsageError(
            f"run {state.id} has no service {service!r}", next_step=f"choose one of: {', '.join(names)}"
        )

    def _emit(self, state: RunState, *events: Event, service: str | None = None) -> RunState:
        return self._append(state, *((service, event) for event in events))

    def _append(self, state: RunState, *events: tuple[str | None, Event]) -> RunState:
        self._log.append(*(Draft(run=state.id, service=service, event=event) for service, event in events))
        self._runs.refresh()
        return self._runs.get(state.id)


def _commented(state: RunState, remark: Remark, by: str, *, draft: bool) -> Commented:
    """Raises UsageError for a remark without words, or with a place that cannot be."""
    try_again = f'hive comment {state.id} {remark.service} "…" --at PATH:LINE'
    if not remark.text.strip():
        raise UsageError("a comment needs words", next_step=try_again)
    first, last = remark.line, remark.end_line
    if (first is not None or last is not None) and remark.path is None:
        raise UsageError(f"line {first or last} of which file?", next_step=try_again)
    if (first is not None and first < 1) or (last is not None and (first is None or last < first)):
        raise UsageError(f"lines {first} to {last} are no lines of a file", next_step=try_again)
    if remark.path is not None and remark.element is not None:
        raise UsageError(
            "a comment is about a file or about a contract element, not both", next_step=try_again
        )
    said = remark.model_dump(exclude={"service"})
    return Commented(**said, by=by, draft=draft)


def _as_seen(state: RunState, tasks: Iterable[TaskState], seen: Mapping[str, str]) -> None:
    """Raises NeedsPerson when a diff is not the one that the person has looked at."""
    for task in tasks:
        wanted, work = seen.get(task.service), task.work
        if wanted is not None and (work is None or work.diff != wanted):
            now = work.diff[:12] if work else "nothing yet"
            raise NeedsPerson(
                f"the diff of {task.service!r} has changed since you looked at it: it was {wanted[:12]}, it is {now}",
                next_step=f"look again: hive diff {state.id} {task.service}",
            )


def _useless(state: RunState, task: TaskState, by: str) -> str | None:
    """Why one more approval by this person would change nothing; none when it would."""
    if task.work is None or not task.wants_person:
        return None
    owned, now = task.work.owners, task.lacks
    if lacking(task.rule, (*task.approved_by, by), owned) != now:
        return None
    return (
        f"an approval of {task.service!r} by {by!r} does not count (any more): it {'; '.join(now)}"
        if now
        else None
    )


def helps_contract(state: RunState, by: str) -> bool:
    """Whether this person is one of those whose approval of the contract's files is missing."""
    owners = state.contract.owners if state.contract else ()
    return bool(state.contract_lacks) and any(state.contract_rule.member(by, one.owners) for one in owners)


def _approval(state: RunState, task: TaskState, by: str) -> Approved:
    if task.work is None or task.settled is None:
        raise UsageError(
            f"{task.service!r} has nothing to approve yet: it is {task.phase!r}",
            next_step=f"hive show {state.id} {task.service}",
        )
    refused = [v for v in task.violations if v.severity == "refused"]
    if refused:
        raise UsageError(
            f"{task.service!r} cannot be approved: it changes {refused[0].path!r} ({refused[0].reason})",
            next_step=f'hive comment {state.id} {task.service} "leave {refused[0].path} alone"',
        )
    return Approved(diff=task.work.diff, by=by)
