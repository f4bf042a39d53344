"""The fold: what each event changes. The states are changed in place, as nobody else holds them meanwhile."""

from collections.abc import Iterable
from datetime import datetime
from typing import assert_never

from hive import events as e
from hive.model import Plan, Report
from hive.state import queueing
from hive.state.approval import Rule, rule
from hive.state.asking import RECENT_NOTES, Note, Proposal
from hive.state.rebasing import rebase_run, rebase_task
from hive.state.reviewing import review, taken
from hive.state.run import RunState
from hive.state.task import RECENT_REPORTS, TaskState


def apply(state: RunState | None, envelope: e.Envelope) -> RunState:
    """One event further."""
    event = envelope.event
    if state is None:
        if not isinstance(event, e.RunCreated):
            raise ValueError(f"run {envelope.run!r} begins with {event.kind!r} instead of 'run_created'")
        return RunState(envelope.run, event, envelope.at, envelope.seq, envelope.at)
    state.seq, state.updated = envelope.seq, envelope.at
    task = state.tasks.get(envelope.service) if envelope.service else None
    if task is not None:
        _work(task, event, envelope.at)
        _ask(state, task, event, envelope.seq)
        _version(state, task, event)
        _decide_task(task, event)
        review(task, event, envelope.seq)
        if isinstance(event, e.WorkRebased):
            rebase_task(task, event)
    else:
        _decide_run(state, event, envelope.seq)
        _revise(state, event)
    _plan(state, event)
    rebase_run(state, event)
    _land(state, event, envelope.seq)
    queueing.note(state, event, envelope.seq)
    _land_parts(state, event)
    return state


def _rule(state: RunState, service: str | None, plan: Plan) -> Rule:
    return rule(state.policy.review, service, plan, state.created.by)


def _plan(state: RunState, event: e.Event) -> None:
    match event:
        case e.RunPlanned() if event.plan != state.plan:
            state.plan, state.plan_approved = event.plan, False
            state.contract_approvals = []
            state.tasks = {
                part.service: TaskState(plan=part, rule=_rule(state, part.service, event.plan))
                for part in event.plan.tasks
            }
            state.contract_rule = _rule(state, None, event.plan)
        case e.ContractCommitted():
            state.contract = event
            state.versions = [event.commit]
        case e.RunFailed():
            state.failed = event
        case e.RunClosed():
            state.closed = event
        case _:
            pass


def _decide_run(state: RunState, event: e.Event, seq: int) -> None:
    match event:
        case e.PlanApproved():
            state.plan_approved, state.plan_approved_by = True, event.by
        case e.Approved():
            state.contract_approvals.append(event)
        case e.StopRequested():
            state.stopped = True
        case e.ResumeRequested():
            state.stopped, state.failed = False, None
            state.raised_usd = event.budget_usd or state.raised_usd
            state.generation += 1
            for task in state.tasks.values():
                task.stopped = False
                task.generation += 1
        case e.ReviewSubmitted():
            for task in state.tasks.values():
                for comment in task.remarks:
                    comment.draft = comment.draft and comment.said.by != event.by
        case e.LandRequested():
            state.land_requested, state.refused = seq, None
            state.rebases = 0
        case e.DiscardRequested():
            state.discarded = event
        case _:
            pass


def _land_parts(state: RunState, event: e.Event) -> None:
    match event:
        case e.ChangesetMerged():
            state.parts, state.taken_back, state.rollback = {}, {}, None
            state.requests = {}
        case e.RequestsOpened():
            state.requests = {each.repository: each for each in event.requests}
            state.seen, state.watching = {}, True
        case e.RequestSeen():
            state.seen[event.repository] = event
        case e.WatchEnded():
            state.watching = False
        case e.ResumeRequested():
            state.watching = True
        case e.LandRequested() if state.requests:  # asked again: on what the target is by now
            state.merged = state.tested = state.landing = None
            state.requests = {}
        case e.LandingRefused() | e.TurnStarted():
            state.requests = {}
        case e.RepositoryLanded():
            state.parts[event.repository] = event
        case e.RollbackStarted():
            state.rollback = event
        case e.RepositoryReverted():
            state.taken_back[event.repository] = event
        case _:
            pass


def _land(state: RunState, event: e.Event, seq: int) -> None:
    match event:
        case e.TurnStarted() | e.ContractRevised():
            state.merged = state.tested = state.landing = state.refused = None
            state.union = {}
        case e.ChangesetMerged():
            state.merged, state.tested, state.landing = event, None, None
            state.merged_seq = seq
            state.merges += 1
            state.union = {}
        case e.CheckFinished() if event.turn is None:
            state.union[f"{event.evidence.service or ''}/{event.evidence.check}"] = event.evidence
        case e.ChangesetTested():
            state.tested = event
        case e.LandingStarted():
            state.landing = event
        case e.TargetMoved():
            state.merged = state.tested = state.landing = None
        case e.Landed():
            state.landed, state.landed_seq = event, seq
        case e.LandingRefused():
            state.refused, state.land_requested, state.rebase = event, None, None
            state.merged = state.tested = state.landing = None
        case _:
            pass


def _work(task: TaskState, event: e.Event, at: datetime) -> None:
    match event:
        case e.WorkspaceCreated():
            task.workspace = event.path
            task.started = task.started or at
        case e.TurnStarted():
            _begin_turn(task, event)
        case e.AgentReported():
            _report(task, event.report)
        case e.TurnFinished():
            task.turn_over, task.asked = event, {}
        case e.WorkCollected():
            task.work, task.work_version = event, task.contract_version
        case e.ScopeGuarded():
            task.guard = event
        case e.CheckStarted():
            task.check_running = event
        case e.CheckFinished():
            _check(task, event)
        case e.TaskSettled() if event.turn == task.turn:
            task.settled, task.ended = event, at
        case e.WorkspaceRetired():
            task.retired, task.workspace = event, None
        case _:
            pass


def _ask(state: RunState, task: TaskState, event: e.Event, seq: int) -> None:
    match event:
        case e.NotePosted():
            task.notes += 1
            state.notes.append(Note(seq, task.service, event.to, event.text))
            del state.notes[:-RECENT_NOTES]
        case e.CheckAnswered():
            task.checks_answered.append(event.evidence)
        case e.ContractProposed():
            state.proposals.append(Proposal(len(state.proposals) + 1, task.service, event))
        case _:
            pass


def _version(state: RunState, task: TaskState, event: e.Event) -> None:
    """Which contract a workspace holds, and which revisions are still to be taken up by its session."""
    match event:
        case e.WorkspaceCreated() if event.start in state.versions:
            task.contract_version = state.versions.index(event.start) + 1
        case e.TurnStarted():
            task.contract_version = event.contract_version
        case _:
            return
    task.revisions = [each for each in task.revisions if each.version > task.contract_version]


def _revise(state: RunState, event: e.Event) -> None:
    match event:
        case e.ProposalDecided() if found := _proposal(state, event.proposal):
            found.decided = event
        case e.ContractRevised():
            found = _proposal(state, event.proposal)
            if found and found.decided:
                found.revised = event
                state.contract_approvals.append(e.Approved(diff=event.commit, by=found.decided.by))
            state.plan_approved_by = ""  # whoever approved the plan has not seen this
            state.versions.append(event.commit)
            state.contract = e.ContractCommitted(commit=event.commit, tree=event.tree, owners=event.owners)
            if state.plan:
                state.plan = amended(state.plan, event)
                state.contract_rule = _rule(state, None, state.plan)
                for task in state.tasks.values():
                    task.rule = _rule(state, task.service, state.plan)
            for task in state.tasks.values():
                if task.service in event.services:
                    task.revisions.append(event)
                    task.approvals = []
        case _:
            pass


def _proposal(state: RunState, number: int) -> Proposal | None:
    return state.proposals[number - 1] if 0 < number <= len(state.proposals) else None


def amended(plan: Plan, revision: e.ContractRevised) -> Plan:
    """The plan with the contract as it is after a revision."""
    patches = {patch.path: patch for patch in (*plan.patches, *revision.patches)}
    return plan.model_copy(update={"patches": tuple(patches.values()), "changes": revision.delta})


def _begin_turn(task: TaskState, event: e.TurnStarted) -> None:
    task.tries = task.tries + 1 if event.turn == task.turn else 1
    comments = taken(task, event)
    if event.turn != task.turn:
        by_person = event.turn == 1 or comments or task.retry or task.stale or task.redo
        task.reworks = 0 if by_person else task.reworks + 1
        task.notes, task.checks_answered = 0, []
    task.turn, task.agent, task.told = event.turn, event.agent, event.feedback
    task.turn_over = task.settled = task.rejection = None
    task.check_running = None
    task.evidence, task.retry, task.redo = {}, False, None
    for comment in comments:
        comment.turn = event.turn
    task.unplaced, task.claimed_edits = [], 0
    task.steps, task.asked, task.denied = (), {}, 0


def _check(task: TaskState, event: e.CheckFinished) -> None:
    """A check of turn 0 is one of the base; one without a turn is about the whole changeset."""
    if event.turn == 0:
        task.baseline = event.evidence
    elif event.turn == task.turn:
        task.evidence[event.evidence.check] = event.evidence
        task.check_running = None


def _decide_task(task: TaskState, event: e.Event) -> None:
    match event:
        case e.WorkReturned():
            task.returned = event.turn
        case e.Approved():
            task.approvals.append(event)
            task.rejection = None
        case e.Rejected():
            task.rejection, task.approvals = event, []
        case e.RetryRequested():
            task.retry, task.stopped = True, False
            task.generation += 1
        case e.StopRequested():
            task.stopped = True
        case _:
            pass


def _report(task: TaskState, report: Report) -> None:
    task.reports.append(report)
    del task.reports[:-RECENT_REPORTS]
    match report.report:
        case "spent":
            task.input_tokens += report.input_tokens
            task.output_tokens += report.output_tokens
            task.cost_usd += report.cost_usd
        case "unplaced":
            task.unplaced.append(report)
        case "file_edited":
            task.claimed_edits += 1
        case "planned":
            task.steps = report.steps
        case "asked":
            task.asked[report.id] = report
        case "answered":
            task.asked.pop(report.id, None)
        case "tool_returned":
            task.denied += report.outcome == "denied"
        case "said" | "thought" | "tool_called" | "ran" | "unrecognised" | "delayed" | "ended":
            pass
        case _:
            assert_never(report.report)


def fold(envelopes: Iterable[e.Envelope]) -> dict[str, RunState]:
    """The state of every run that the events speak of, by run id, oldest first."""
    runs: dict[str, RunState] = {}
    advance(runs, envelopes)
    return runs


def advance(runs: dict[str, RunState], envelopes: Iterable[e.Envelope]) -> frozenset[str]:
    """Fold events into runs, those twice told once; the ids of the runs that they are about."""
    changed = set()
    for envelope in envelopes:
        known = runs.get(envelope.run)
        if known is None and not isinstance(envelope.event, e.RunCreated):
            continue
        if known is None or envelope.seq > known.seq:
            runs[envelope.run] = apply(known, envelope)
        changed.add(envelope.run)
    return frozenset(changed)
