from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive import events as e
from hive.model import (
    Answered,
    Asked,
    Ended,
    Evidence,
    Feedback,
    FileEdited,
    FileStat,
    Graph,
    Patch,
    Plan,
    Planned,
    Policy,
    Said,
    Spent,
    Step,
    TaskPlan,
    ToolReturned,
    Unplaced,
    Violation,
    Words,
)
from hive.state import RECENT_REPORTS, RunPhase, RunState, TaskPhase, apply, fold

START = datetime(2026, 1, 2, tzinfo=UTC)
CREATED = e.RunCreated(
    request="add f",
    base="b",
    target="main",
    policy=Policy(budget_usd=5.0),
    graph=Graph(),
    sandbox="none",
    trusted=True,
)
PLAN = Plan(
    request="add f",
    base="b",
    patches=(Patch(path="c.yaml", text="x"),),
    tasks=tuple(TaskPlan(service=name, role="both", reason="r", brief="b") for name in ("users", "orders")),
)
READY = e.TaskSettled(turn=1, outcome="ready")
FILES = (FileStat(path="a.py", status="modified", added=1, removed=0),)

Told = e.Event | tuple[str, e.Event]
"""An event of the run, or one of a service."""


def tell(*told: Told) -> list[e.Envelope]:
    """The events with their places, a second apart."""
    envelopes = []
    for seq, each in enumerate(told, 1):
        service, event = each if isinstance(each, tuple) else (None, each)
        at = START + timedelta(seconds=seq)
        envelopes.append(e.Envelope(seq=seq, run="r", service=service, at=at, event=event))
    return envelopes


def state(*told: Told) -> RunState:
    return fold(tell(*told))["r"]


def of(service: str, *events: e.Event) -> list[Told]:
    return [(service, event) for event in events]


def work(turn: int = 1, diff: str = "d1") -> e.WorkCollected:
    return e.WorkCollected(turn=turn, commit="c", tree="t", diff=diff, files=FILES)


def evidence(outcome="passed", **more) -> Evidence:
    return Evidence(check="tests", outcome=outcome, **more)


WORKSPACE = e.WorkspaceCreated(path="/w", start="s")
TURN = e.TurnStarted(turn=1, agent="propagate")
OVER = e.TurnFinished(turn=1, outcome="finished")
APPROVED = e.Approved(diff="d1", by="ann")
BEGUN: list[Told] = [CREATED, e.RunPlanned(plan=PLAN), e.PlanApproved(by="ann")]
COMMITTED: list[Told] = [*BEGUN, e.ContractCommitted(commit="c", tree="t")]
REVIEWABLE = [WORKSPACE, TURN, OVER, work(), e.CheckFinished(turn=1, evidence=evidence()), READY]
SETTLED: list[Told] = [*COMMITTED, *of("users", *REVIEWABLE), *of("orders", *REVIEWABLE)]
ALL_APPROVED: list[Told] = [*SETTLED, ("users", APPROVED), ("orders", APPROVED)]
LANDED = e.Landed(ref="refs/heads/main", old="b", new="n", tree="t")

TASK_PHASES: dict[TaskPhase, list[e.Event]] = {
    "waiting": [],
    "preparing": [WORKSPACE],
    "working": [WORKSPACE, TURN],
    "collecting": [WORKSPACE, TURN, OVER],
    "checking": [WORKSPACE, TURN, OVER, work()],
    "ready": REVIEWABLE,
    "stuck": [*REVIEWABLE[:-1], e.TaskSettled(turn=1, outcome="stuck", reason="1 failed")],
    "approved": [*REVIEWABLE, APPROVED],
    "rejected": [*REVIEWABLE, APPROVED, e.Rejected(by="ann", reason="no")],
    "stopped": [WORKSPACE, TURN, e.StopRequested(by="ann")],
}
REQUESTED = e.RequestsOpened(
    requests=(e.PullRequest(repository="", number=1, url="u", branch="b", base="main", commit="c"),)
)
RUN_PHASES: dict[RunPhase, list[Told]] = {
    "planned": BEGUN[:2],
    "preparing": [*COMMITTED, *of("users", *REVIEWABLE)],
    "working": [*COMMITTED, *of("users", *REVIEWABLE), *of("orders", WORKSPACE)],
    "paused": [
        *COMMITTED,
        *of(
            "users",
            WORKSPACE,
            e.TurnStarted(turn=1, agent="a"),
            e.AgentReported(turn=1, report=Spent(cost_usd=5.5)),
        ),
        *of("orders", WORKSPACE),
    ],
    "review": SETTLED,
    "approved": ALL_APPROVED,
    "refused": [
        *ALL_APPROVED,
        e.LandRequested(by="ann"),
        e.LandingRefused(reason="the union is red", next_step="mend it"),
    ],
    "landing": [*ALL_APPROVED, e.LandRequested(by="ann")],
    "requested": [*ALL_APPROVED, e.LandRequested(by="ann"), REQUESTED],
    "landed": [*ALL_APPROVED, e.LandRequested(by="ann"), LANDED],
    "discarded": [*SETTLED, e.DiscardRequested(by="ann")],
    "failed": [*COMMITTED, e.RunFailed(reason="disk full")],
    "stopped": [*COMMITTED, e.StopRequested(by="ann")],
}


@pytest.mark.parametrize("phase", get_args(TaskPhase))
def test_a_task_reaches_every_phase(phase):
    assert state(*COMMITTED, *of("users", *TASK_PHASES[phase])).tasks["users"].phase == phase


@pytest.mark.parametrize("phase", get_args(RunPhase))
def test_a_run_reaches_every_phase(phase):
    assert state(*RUN_PHASES[phase]).phase == phase


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (BEGUN[:1], []),
        (RUN_PHASES["planned"], [("plan", None, "hive approve r")]),
        (RUN_PHASES["working"], [("review", "users", "hive diff r users")]),
        (SETTLED, [("review", "users", "hive diff r users"), ("review", "orders", "hive diff r orders")]),
        (ALL_APPROVED, [("land", None, "hive land r")]),
        (RUN_PHASES["landing"], []),
        (RUN_PHASES["landed"], []),
        (RUN_PHASES["discarded"], []),
        (RUN_PHASES["paused"], [("budget", None, "hive resume r --budget USD")]),
        (RUN_PHASES["stopped"], [("stopped", None, "hive resume r")]),
        (RUN_PHASES["failed"], [("failed", None, "hive resume r")]),
        ([*COMMITTED, *of("users", *TASK_PHASES["stuck"])], [("stuck", "users", "hive show r users")]),
        (
            [*COMMITTED, *of("users", *TASK_PHASES["rejected"])],
            [("rejected", "users", 'hive comment r users "…"')],
        ),
        ([*COMMITTED, *of("users", *TASK_PHASES["stopped"])], [("stopped", "users", "hive retry r users")]),
        (
            [*RUN_PHASES["landing"], e.LandingRefused(reason="conflict", next_step="hive retry r users")],
            [("refused", None, "hive retry r users")],
        ),
    ],
)
def test_what_waits_for_a_person_comes_with_the_command_that_answers_it(told, expected):
    assert [(need.what, need.service, need.command) for need in state(*told).needs] == expected


def test_a_changed_diff_voids_its_approval():
    again = [
        e.TurnStarted(turn=2, agent="propagate"),
        e.TurnFinished(turn=2, outcome="finished"),
        work(2, "d2"),
        e.TaskSettled(turn=2, outcome="ready"),
    ]
    run = state(*ALL_APPROVED, *of("users", *again))
    assert run.tasks["users"].phase == "ready"
    assert run.tasks["orders"].phase == "approved"
    assert run.phase == "review"


def test_an_unchanged_diff_keeps_its_approval_through_a_further_turn():
    again = [e.TurnStarted(turn=2, agent="propagate"), work(2, "d1"), e.TaskSettled(turn=2, outcome="ready")]
    assert state(*ALL_APPROVED, *of("users", *again)).tasks["users"].phase == "approved"


def test_an_approval_of_another_diff_approves_nothing():
    run = state(*SETTLED, ("users", e.Approved(diff="seen before the rework", by="ann")))
    assert run.tasks["users"].phase == "ready"


def test_a_changed_plan_voids_its_approval_and_the_same_plan_again_does_not():
    assert state(*BEGUN, e.RunPlanned(plan=PLAN)).plan_approved
    assert not state(*BEGUN, e.RunPlanned(plan=PLAN.model_copy(update={"request": "other"}))).plan_approved


def test_a_comment_sends_work_back_until_a_turn_takes_it_up():
    commented = [*SETTLED, ("users", e.Commented(text="use int", by="ann", path="a.py", line=3))]
    task = state(*commented).tasks["users"]
    assert task.phase == "working"
    assert task.rework == (Feedback(source="review", text="a.py:3: use int"),)
    taken = state(*commented, ("users", e.TurnStarted(turn=2, agent="x", feedback=task.rework))).tasks[
        "users"
    ]
    assert taken.rework == ()
    assert taken.told == task.rework
    assert taken.phase == "working"
    assert taken.evidence == {}


@pytest.mark.parametrize(
    ("where", "text"),
    [({}, "use int"), ({"path": "a"}, "a: use int"), ({"path": "a", "line": 1}, "a:1: use int")],
)
def test_a_comment_names_its_place_as_far_as_it_has_one(where, text):
    task = state(*SETTLED, ("users", e.Commented(text="use int", by="ann", **where))).tasks["users"]
    assert [remark.text for remark in task.rework] == [text]


def test_a_comment_or_an_approval_answers_a_rejection():
    rejected = [*COMMITTED, *of("users", *TASK_PHASES["rejected"])]
    assert state(*rejected, ("users", APPROVED)).tasks["users"].phase == "approved"
    assert state(*rejected, ("users", e.Commented(text="x", by="ann"))).tasks["users"].phase == "working"


def test_a_stopped_task_goes_on_with_a_retry_and_a_stopped_run_with_a_resume():
    stopped = [*COMMITTED, *of("users", *TASK_PHASES["stopped"])]
    assert state(*stopped, ("users", e.RetryRequested(by="ann"))).tasks["users"].phase == "working"
    assert state(*stopped, e.ResumeRequested(by="ann")).tasks["users"].phase == "working"
    run = state(*RUN_PHASES["stopped"], e.ResumeRequested(by="ann"))
    assert run.phase == "preparing"
    assert run.generation == 1


def test_reworks_are_counted_afresh_when_a_person_asks_for_a_turn():
    def turn(number):
        return ("users", e.TurnStarted(turn=number, agent="x"))

    by_itself = [*COMMITTED, turn(1), turn(2), turn(3)]
    assert state(*by_itself).tasks["users"].reworks == 2
    asked = [*by_itself, ("users", e.RetryRequested(by="ann")), turn(4)]
    assert state(*asked).tasks["users"].reworks == 0
    assert state(*asked, turn(5)).tasks["users"].reworks == 1


def test_a_turn_that_is_begun_again_after_a_crash_counts_as_another_try():
    task = state(*COMMITTED, *of("users", WORKSPACE, TURN, TURN)).tasks["users"]
    assert (task.turn, task.tries, task.reworks) == (1, 2, 0)


def test_reports_add_up_and_only_recent_ones_are_kept():
    reports = [
        Spent(input_tokens=1, output_tokens=2, cost_usd=0.5),
        Unplaced(path="a", reason="r"),
        FileEdited(path="a"),
        *[Said(text=str(n)) for n in range(RECENT_REPORTS + 5)],
        Spent(input_tokens=1, cost_usd=0.25),
        Ended(outcome="finished"),
    ]
    told = of("users", WORKSPACE, TURN, *(e.AgentReported(turn=1, report=report) for report in reports))
    run = state(*COMMITTED, *told)
    task = run.tasks["users"]
    assert (task.input_tokens, task.output_tokens, task.cost_usd, run.cost_usd) == (2, 2, 0.75, 0.75)
    assert len(task.reports) == RECENT_REPORTS
    assert task.reports[-1] == Ended(outcome="finished")
    assert (len(task.unplaced), task.claimed_edits) == (1, 1)


def test_what_an_agent_asks_waits_until_it_is_answered_or_the_turn_is_over():
    asked = [Asked(id=name, about="question", text="?") for name in ("a", "b")]
    reports = [*asked, Answered(id="a", answer="yes"), Answered(id="unknown", answer="no")]
    told = of("users", WORKSPACE, TURN, *(e.AgentReported(turn=1, report=report) for report in reports))
    assert set(state(*COMMITTED, *told).tasks["users"].asked) == {"b"}
    over = ("users", e.TurnFinished(turn=1, outcome="finished"))
    assert state(*COMMITTED, *told, over).tasks["users"].asked == {}


def test_the_last_list_of_steps_counts_and_denials_are_counted_for_each_turn():
    steps = (Step(text="one", status="doing"), Step(text="two"))
    denied = ToolReturned(tool="Write", outcome="denied")
    reports = [
        Planned(steps=()),
        Planned(steps=steps),
        denied,
        ToolReturned(tool="Read", outcome="ok"),
        denied,
    ]
    told = of("users", WORKSPACE, TURN, *(e.AgentReported(turn=1, report=report) for report in reports))
    task = state(*COMMITTED, *told).tasks["users"]
    assert (task.steps, task.denied) == (steps, 2)
    again = state(*COMMITTED, *told, ("users", e.TurnStarted(turn=2, agent="x"))).tasks["users"]
    assert (again.steps, again.denied) == ((), 0)


def test_the_base_has_evidence_of_its_own():
    base = ("users", e.CheckFinished(turn=0, evidence=evidence("failed")))
    task = state(*SETTLED, base).tasks["users"]
    assert task.baseline == evidence("failed")
    assert task.evidence["tests"].outcome == "passed"


def test_evidence_on_the_union_is_kept_by_service_and_goes_when_work_begins_again():
    merged = e.ChangesetMerged(onto="b", commit="m", tree="t")
    tested = e.CheckFinished(evidence=evidence(service="users"))
    landing = [*RUN_PHASES["landing"], merged, tested, e.ChangesetTested(commit="m", tree="t", passed=True)]
    run = state(*landing)
    assert set(run.union) == {"users/tests"}
    assert run.tested
    again = state(*landing, ("users", e.TurnStarted(turn=2, agent="x")))
    assert (again.union, again.merged, again.tested) == ({}, None, None)


def test_a_target_that_moved_asks_for_another_merge():
    merged = e.ChangesetMerged(onto="b", commit="m", tree="t")
    moved = e.TargetMoved(ref="refs/heads/main", expected="b", found="x")
    run = state(*RUN_PHASES["landing"], merged, moved)
    assert run.merged is None
    assert run.phase == "landing"
    assert run.merges == 1


def test_violations_count_only_for_the_diff_that_was_guarded():
    guard = e.ScopeGuarded(
        turn=1, diff="d1", violations=(Violation(path="ci", rule="ci", severity="refused", reason="r"),)
    )
    assert len(state(*SETTLED, ("users", guard)).tasks["users"].violations) == 1
    assert state(*SETTLED, ("users", guard), ("users", work(2, "d2"))).tasks["users"].violations == ()


def test_a_run_that_changes_nothing_is_never_approved():
    plan = PLAN.model_copy(update={"patches": (), "tasks": PLAN.tasks[:1]})
    nothing = e.WorkCollected(turn=1, commit="c", tree="t", diff="d1")
    told = [CREATED, e.RunPlanned(plan=plan), *COMMITTED[2:]]
    run = state(*told, *of("users", WORKSPACE, TURN, OVER, nothing, READY, APPROVED))
    assert not run.approved
    assert run.phase == "review"


def test_a_run_without_a_beginning_is_skipped_by_the_fold_and_refused_by_a_step():
    envelope = tell(e.PlanApproved(by="ann"))[0]
    assert fold([envelope]) == {}
    with pytest.raises(ValueError, match="begins with 'plan_approved'"):
        apply(None, envelope)


def test_events_of_unknown_services_and_kinds_change_no_task():
    run = state(*SETTLED, ("nobody", APPROVED), e.Unknown(original="x", payload="{}"))
    assert {task.phase for task in run.tasks.values()} == {"ready"}


def test_runs_are_folded_apart():
    other = [
        envelope.model_copy(update={"run": "other", "seq": envelope.seq + 100}) for envelope in tell(*BEGUN)
    ]
    runs = fold([*tell(*ALL_APPROVED), *other])
    assert [(run.id, run.phase) for run in runs.values()] == [("r", "approved"), ("other", "preparing")]


EVERYTHING: list[e.Event] = [
    *(told[1] if isinstance(told, tuple) else told for told in ALL_APPROVED),
    *(event for events in TASK_PHASES.values() for event in events),
    e.TurnStarted(turn=2, agent="y", feedback=(Feedback(source="check", text="x"),)),
    work(2, "d2"),
    e.AgentReported(turn=1, report=Spent(cost_usd=1)),
    e.ScopeGuarded(turn=1, diff="d1"),
    e.CheckStarted(check="tests", turn=1),
    e.CheckFinished(turn=0, evidence=evidence()),
    e.CheckFinished(evidence=evidence()),
    e.NotePosted(turn=1, text="x"),
    e.CheckAnswered(turn=1, evidence=evidence()),
    e.ContractProposed(turn=1, path="c", version=1, text="", reason="r", severity="compatible"),
    e.ProposalDecided(proposal=1, approved=True, by="a"),
    e.ContractRevised(
        proposal=1, version=2, commit="c2", tree="t2", patches=(), changes=(), delta=(), services=("users",)
    ),
    e.WorkReturned(turn=1, reason="r"),
    e.Commented(text="x", by="a"),
    e.ReviewSubmitted(by="a"),
    e.Viewed(by="a", diff="d1", commit="c"),
    e.CommentResolved(comments=(1, 2, 3), by="a"),
    e.RetryRequested(by="a"),
    e.MessageSent(turn=1, message=Words(text="hi"), by="a"),
    e.ResumeRequested(by="a"),
    e.LandRequested(by="a"),
    e.DiscardRequested(by="a"),
    e.BranchOffered(branch="b", commit="c", diff="d", by="a"),
    e.LandingHeld(by="a"),
    e.LandingReleased(by="a"),
    e.LandingReordered(by="a", priority=1),
    e.LandingWithdrawn(by="a"),
    e.SpeculationConflicted(onto="o"),
    e.QueueStopped(target="main", expected="o", reason="r", next_step="n"),
    e.QueueResumed(target="main", found="f", by="a"),
    e.ChangesetMerged(onto="o", commit="c", tree="t"),
    e.ChangesetTested(commit="c", tree="t", passed=False),
    e.RebaseRequested(onto="o", reason="r"),
    e.RunRebased(onto="o", commit="c", tree="t"),
    e.WorkRebased(start="c", work=work(1, "d3")),
    e.WorkRebased(start="c", conflicts=("a",), told="both sides"),
    e.LandingStarted(ref="r", old="o", new="n"),
    e.LandingDelayed(attempt=1, reason="r", seconds=1.0),
    e.RepositoryLanded(repository="a", ref="r", old="o", new="n"),
    e.RollbackStarted(repository="b", reason="r"),
    e.RepositoryReverted(repository="a", ref="r", commit="c"),
    REQUESTED,
    e.RequestSeen(repository="", state="open"),
    e.WatchEnded(),
    e.TargetMoved(ref="r", expected="o", found="f"),
    LANDED,
    e.LandingRefused(reason="r", next_step="n"),
    e.WorkspaceRetired(ref="r", commit="c"),
    e.RunFailed(reason="r"),
    e.RunClosed(outcome="discarded"),
    e.Unknown(original="x", payload="{}"),
]


def test_every_kind_of_event_takes_part_in_the_shuffle():
    kinds = {case.model_fields["kind"].default for case in get_args(get_args(e.Event)[0])}
    assert {event.kind for event in EVERYTHING} == kinds


@given(
    st.lists(
        st.tuples(st.sampled_from([None, "users", "orders", "nobody"]), st.sampled_from(EVERYTHING)),
        max_size=40,
    )
)
def test_whatever_comes_in_whatever_order_the_fold_knows_a_phase_and_what_is_needed(told):
    run = state(CREATED, *told)
    assert run.phase in get_args(RunPhase)
    assert all(task.phase in get_args(TaskPhase) for task in run.tasks.values())
    assert all(need.command and need.text for need in run.needs)
    assert run.seq == len(told) + 1


def test_a_pull_request_that_is_looked_at_no_longer_asks_for_a_person_until_the_run_is_asked_again():
    asked = [*ALL_APPROVED, e.LandRequested(by="ann"), REQUESTED, e.RequestSeen(repository="", state="open")]
    (need,) = state(*asked, e.WatchEnded()).needs
    assert need.what == "request"
    assert need.command == "merge u; then hive resume r"
    (need,) = state(*asked, e.WatchEnded(), e.ResumeRequested(by="ann")).needs
    assert need.command == "merge u"
    assert state(*asked, e.LandRequested(by="ann")).phase == "landing"
