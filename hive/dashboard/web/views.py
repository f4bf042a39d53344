"""Runs as the page and other programs see them; pure, made from the fold alone."""

from collections.abc import Collection
from datetime import datetime

from pydantic import BaseModel

from hive import events as e
from hive.dashboard import cells, phrases
from hive.dashboard.web.asking import NoteView, ProposalView, note_view, proposal_view
from hive.dashboard.web.changeset import OfferView, PartView, RequestView, offer_view, part_view, request_view
from hive.dashboard.web.comments import CommentView, PlacedComment, comment_view, placed_comments
from hive.dashboard.web.history import Track
from hive.model import (
    Asked,
    Change,
    Evidence,
    Feedback,
    FileStat,
    Graph,
    Plan,
    Policy,
    Report,
    Step,
    TaskPlan,
    Unplaced,
    Violation,
    digest,
)
from hive.state import RunState, TaskState

MOST_ELEMENTS = 200


class NeedView(BaseModel):
    """Something that waits for a person."""

    what: str
    service: str | None
    text: str
    command: str
    number: int | None = None
    """Of the proposal that it is about."""


class TaskView(BaseModel):
    """One service's part of a run, in a row."""

    service: str
    phase: str
    role: str
    wave: int
    turn: int
    agent: str
    doing: str
    """What happens right now, or why nothing does."""
    outcome: str | None
    """Of its tests."""
    passed: int | None
    failed: int | None
    skipped: int | None
    files: int
    added: int
    removed: int
    diff: str | None
    """What an approval carries."""
    commit: str | None
    """Its version: `diff?old=` shows what has changed since."""
    approved_by: str | None
    lacks: list[str]
    """Whose approval is missing, in words."""
    unresolved: int
    """Comments that no person has called resolved, drafts included."""
    asked: list[Asked]
    """What its agent waits for."""
    unplaced: int
    violations: int
    cost_usd: float
    started: datetime | None
    ended: datetime | None
    seq: int
    """Of the run, when this was made."""


class RunView(BaseModel):
    """A run in short; `tasks` holds the services that changed, or all of them."""

    run: str
    request: str
    phase: str
    target: str
    created: datetime
    updated: datetime | None
    seq: int
    agent: str
    services: int
    cost_usd: float
    budget_usd: float | None
    sandbox: str
    trusted: bool
    plan_approved: bool
    landed: str | None
    whole: bool = True
    """False where only the first and the last event were read: no services, no cost, and `reading` as the phase of
    an open run. `/api/v1/runs/{run}` tells all of it."""
    needs: list[NeedView]
    tasks: list[TaskView]


class PlanView(BaseModel):
    """What a run will do, without the whole texts of contracts."""

    request: str
    base: str
    target: str = ""
    changes: list[Change]
    tasks: list[TaskPlan]
    contracts: list[str]
    assumptions: list[str]
    estimated_cost_usd: float
    planning: str
    """The model that planned, and what that cost; empty where none was asked."""
    digest: str
    """Equal plans have equal digests."""


class CurveView(BaseModel):
    """Values over time; times are Unix seconds."""

    cost: list[tuple[float, float]]
    tests: list[tuple[float, float]]


class RunDetail(RunView):
    """All of a run but its streams and diffs."""

    plan: PlanView | None
    offered: OfferView | None
    graph: Graph
    policy: Policy
    union: list[Evidence]
    merged: e.ChangesetMerged | None
    tested: e.ChangesetTested | None
    landing: e.Landed | None
    guarantee: str
    parts: list[PartView]
    requests: list[RequestView]
    watching: bool
    """Whether these are looked at without being asked."""
    refused: e.LandingRefused | None
    failed: e.RunFailed | None
    left_out: list[str]
    contract_lacks: list[str]
    """Whose approval of the contract is missing, in words."""
    proposals: list[ProposalView]
    notes: list[NoteView]
    comments: list[PlacedComment]
    """Of all services, oldest first."""
    spans: dict[str, list[tuple[str, float, int]]]
    """By service: phase, when it began, turn."""
    curves: CurveView


class TaskDetail(TaskView):
    """All of one service's part of a run but its diff."""

    run: str
    elements: list[Change]
    """Of the plan: a comment can be on one of them."""
    brief: str
    reason: str
    workspace: str | None
    evidence: list[Evidence]
    baseline: Evidence | None
    changed: list[FileStat]
    broken_rules: list[Violation]
    not_placed: list[Unplaced]
    told: list[Feedback]
    comments: list[CommentView]
    notes: list[NoteView]
    """What its agent told others, and others told it."""
    steps: list[Step]
    rejected: str | None
    settled: str | None
    reports: list[Report]
    """The last words of its agent; the events have all of them."""


def task_view(state: RunState, task: TaskState) -> TaskView:
    """One row."""
    return TaskView(**_task(state, task))


def _task(state: RunState, task: TaskState) -> dict[str, object]:
    tests = task.evidence.get("tests")
    files = task.work.files if task.work else ()
    return {
        "service": task.service,
        "phase": task.phase,
        "role": task.plan.role,
        "wave": task.plan.wave,
        "turn": task.turn,
        "agent": task.agent,
        "doing": cells.activity(task).plain,
        "outcome": tests.outcome if tests else None,
        "passed": tests.passed if tests else None,
        "failed": tests.failed if tests else None,
        "skipped": tests.skipped if tests else None,
        "files": len(files),
        "added": sum(file.added or 0 for file in files),
        "removed": sum(file.removed or 0 for file in files),
        "diff": task.work.diff if task.work else None,
        "commit": task.work.commit if task.work else None,
        "approved_by": ", ".join(task.approved_by) or None,
        "lacks": list(task.lacks) if task.wants_person and task.settled else [],
        "unresolved": len(task.unresolved),
        "asked": list(task.asked.values()),
        "unplaced": len(task.unplaced),
        "violations": len(task.violations),
        "cost_usd": task.cost_usd,
        "started": task.started,
        "ended": task.ended,
        "seq": state.seq,
    }


def run_view(state: RunState, services: Collection[str] | None = None) -> RunView:
    """A run with the named services, or with all."""
    return RunView(**_run(state, services))


def _run(state: RunState, services: Collection[str] | None) -> dict[str, object]:
    return {
        "run": state.id,
        "request": state.created.request,
        "phase": state.phase,
        "target": state.created.target,
        "created": state.at,
        "updated": state.updated,
        "seq": state.seq,
        "agent": state.policy.agent,
        "services": len(state.tasks),
        "cost_usd": state.cost_usd,
        "budget_usd": state.budget_usd,
        "sandbox": state.created.sandbox,
        "trusted": state.created.trusted,
        "plan_approved": state.plan_approved,
        "landed": state.landed.new if state.landed else None,
        "needs": [NeedView(**need._asdict()) for need in state.needs],
        "tasks": [
            task_view(state, task)
            for task in state.tasks.values()
            if services is None or task.service in services
        ],
    }


def plan_view(plan: Plan, target: str = "") -> PlanView:
    """A plan to read and to approve."""
    return PlanView(
        request=plan.request,
        base=plan.base,
        target=target,
        changes=list(plan.changes),
        tasks=list(plan.tasks),
        contracts=[patch.path for patch in plan.patches],
        assumptions=list(plan.assumptions),
        estimated_cost_usd=plan.estimated_cost_usd,
        planning=phrases.planning(plan.planning),
        digest=digest(plan.model_dump_json()),
    )


def run_detail(state: RunState, track: Track) -> RunDetail:
    """A whole run."""
    return RunDetail(
        **_run(state, None),
        plan=plan_view(state.plan, state.created.target) if state.plan else None,
        offered=offer_view(state.offered) if state.offered else None,
        graph=state.created.graph,
        policy=state.policy,
        union=list(state.union.values()),
        merged=state.merged,
        tested=state.tested,
        landing=state.landed,
        guarantee=state.guarantee,
        parts=[part_view(state, name) for name in state.parts],
        requests=[request_view(state, name) for name in state.requests],
        watching=state.watching,
        refused=state.refused,
        failed=state.failed,
        left_out=list(state.created.left_out[:200]),
        contract_lacks=list(state.contract_lacks) if state.settled else [],
        proposals=[proposal_view(each) for each in state.proposals],
        notes=[note_view(each) for each in state.notes],
        comments=placed_comments(state),
        spans={name: [tuple(span) for span in spans] for name, spans in track.spans.items()},
        curves=CurveView(cost=[tuple(p) for p in track.cost], tests=[tuple(p) for p in track.tests]),
    )


def task_detail(state: RunState, task: TaskState) -> TaskDetail:
    """A whole service."""
    return TaskDetail(
        **_task(state, task),
        run=state.id,
        elements=list(state.plan.changes[:MOST_ELEMENTS]) if state.plan else [],
        brief=task.plan.brief,
        reason=task.plan.reason,
        workspace=task.workspace,
        evidence=list(task.evidence.values()),
        baseline=task.baseline,
        changed=list(task.work.files) if task.work else [],
        broken_rules=list(task.violations),
        not_placed=list(task.unplaced),
        told=list(task.told),
        comments=[comment_view(comment) for comment in task.remarks],
        notes=[note_view(n) for n in state.notes if task.service in (n.author, n.to) or n.to is None],
        steps=list(task.steps),
        rejected=task.rejection.reason or "rejected" if task.rejection else None,
        settled=task.settled.reason or task.settled.outcome if task.settled else None,
        reports=list(task.reports),
    )
