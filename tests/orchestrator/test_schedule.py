from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from hive import events as e
from hive.model import (
    Evidence,
    FileStat,
    Graph,
    Patch,
    Plan,
    Policy,
    Service,
    TaskPlan,
    Violation,
)
from hive.orchestrator.queue import agenda
from hive.orchestrator.schedule import by_policy, due, feedback, verdict
from hive.state import RunState, fold

AT = datetime(2026, 1, 1, tzinfo=UTC)
FILE = FileStat(path="users/app.py", status="modified", added=1, removed=0)
Step = e.Event | tuple[str, e.Event]


def state_after(*steps: Step, run: str = "r1", policy: Policy | None = None, first_seq: int = 1) -> RunState:
    created = e.RunCreated(
        request="add x",
        base="b" * 40,
        target="main",
        policy=policy or Policy(),
        graph=Graph(
            services=(Service(name="users", path="users", test="t"), Service(name="web", path="web"))
        ),
        sandbox="none",
        trusted=True,
    )
    tasks = tuple(TaskPlan(service=s, role="provider", reason="", brief="") for s in ("users", "web"))
    plan = Plan(request="add x", base="b" * 40, tasks=tasks, patches=(Patch(path="c.yaml", text=""),))
    numbered: Iterable[Step] = (created, e.RunPlanned(plan=plan), *steps)
    envelopes = [
        e.Envelope(
            seq=n,
            run=run,
            at=AT,
            service=step[0] if isinstance(step, tuple) else None,
            event=step[1] if isinstance(step, tuple) else step,
        )
        for n, step in enumerate(numbered, first_seq)
    ]
    return fold(envelopes)[run]


def units(state: RunState, *, head: bool = True) -> list[tuple[str, str | None, int]]:
    place = agenda([state]).get(state.id)
    act = place.act if place and head else None
    return [(u.kind, u.service, u.number) for u in due(state, act=act)]


def started(turn: int = 1) -> e.TurnStarted:
    return e.TurnStarted(turn=turn, agent="scripted")


def over(turn: int = 1) -> e.TurnFinished:
    return e.TurnFinished(turn=turn, outcome="finished")


def collected(turn: int = 1, diff: str = "d1") -> e.WorkCollected:
    return e.WorkCollected(turn=turn, commit="c" * 40, tree="t" * 40, diff=diff, files=(FILE,))


def guarded(turn: int = 1, diff: str = "d1", *violations: Violation) -> e.ScopeGuarded:
    return e.ScopeGuarded(turn=turn, diff=diff, violations=violations)


def checked(outcome: str, turn: int | None = 1) -> e.CheckFinished:
    evidence = Evidence.model_validate({"check": "tests", "outcome": outcome, "reason": "why"})
    return e.CheckFinished(turn=turn, evidence=evidence)


APPROVED: tuple[Step, ...] = (e.PlanApproved(by="me"),)
CONTRACT: tuple[Step, ...] = (*APPROVED, e.ContractCommitted(commit="k" * 40, tree="t"))
BASE: Step = ("users", checked("passed", 0))


def worked(service: str, turn: int = 1, diff: str = "d1") -> tuple[Step, ...]:
    made = () if turn > 1 else ((service, e.WorkspaceCreated(path="/w", start="k")),)
    events = (started(turn), over(turn), collected(turn, diff), guarded(turn, diff))
    return (*made, *((service, event) for event in events))


def ready(service: str, turn: int = 1, diff: str = "d1") -> tuple[Step, ...]:
    tail = (checked("passed", turn), e.TaskSettled(turn=turn, outcome="ready"))
    return (*worked(service, turn, diff), *((service, event) for event in tail))


def approved(service: str, diff: str = "d1") -> Step:
    return (service, e.Approved(diff=diff, by="me"))


BOTH: tuple[Step, ...] = (*CONTRACT, BASE, *ready("users"), *ready("web"), approved("users"), approved("web"))
MERGED = e.ChangesetMerged(onto="b" * 40, commit="m" * 40, tree="t" * 40)
TESTED = e.ChangesetTested(commit="m" * 40, tree="t" * 40, passed=True)
LAND = e.LandRequested(by="me")


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((), []),
        (APPROVED, [("contract", None, 0)]),
        (CONTRACT, [("baseline", "users", 0), ("workspace", "users", 0), ("workspace", "web", 0)]),
        (
            (*CONTRACT, BASE, ("users", e.WorkspaceCreated(path="/w", start="k"))),
            [("turn", "users", 1), ("workspace", "web", 0)],
        ),
        (
            (*CONTRACT, BASE, *worked("users")[:2], *ready("web")),
            [("turn", "users", 1)],
        ),
        ((*CONTRACT, BASE, *worked("users")[:3], *ready("web")), [("collect", "users", 1)]),
        ((*CONTRACT, *worked("users"), *ready("web")), [("baseline", "users", 0)]),
        ((*CONTRACT, BASE, *worked("users"), *ready("web")), [("check", "users", 1)]),
        (
            (
                *CONTRACT,
                BASE,
                *worked("users"),
                ("users", e.WorkReturned(turn=1, reason="red")),
                *ready("web"),
            ),
            [("turn", "users", 2)],
        ),
        ((*CONTRACT, BASE, *ready("users"), *ready("web")), []),
        (BOTH, []),
        ((*BOTH, LAND), [("merge", None, 1)]),
        ((*BOTH, LAND, MERGED), [("test", None, 1)]),
        ((*BOTH, LAND, MERGED, TESTED), [("land", None, 1)]),
        (
            (*BOTH, LAND, MERGED, TESTED, e.TargetMoved(ref="main", expected="b", found="x")),
            [("merge", None, 2)],
        ),
        ((*BOTH, e.Landed(ref="main", old="b", new="m", tree="t")), [("close", None, 0)]),
        ((*APPROVED, e.StopRequested(by="me")), []),
        ((*APPROVED, e.RunFailed(reason="x")), []),
        ((*APPROVED, e.DiscardRequested(by="me")), [("close", None, 0)]),
        (
            (*CONTRACT, BASE, *ready("users"), *ready("web"), ("web", e.Commented(text="no", by="me"))),
            [("turn", "web", 2)],
        ),
        (
            (*CONTRACT, BASE, *ready("web"), ("users", e.StopRequested(by="me"))),
            [],
        ),
    ],
)
def test_what_is_due_follows_from_the_facts(steps: tuple[Step, ...], expected: list[object]):
    assert units(state_after(*steps)) == expected


def test_only_the_head_of_the_queue_lands():
    assert units(state_after(*BOTH, LAND), head=False) == []


def test_a_resumed_run_gets_its_work_under_a_new_key():
    before = state_after(*APPROVED)
    after = state_after(*APPROVED, e.RunFailed(reason="x"), e.ResumeRequested(by="me"))
    keys = {unit.key for state in (before, after) for unit in due(state, act=None)}
    assert len(keys) == 2


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [(("passed",), "ready"), (("unverified",), "ready"), (("failed",), "rework"), (("timed_out",), "rework")],
)
def test_a_verdict_follows_from_the_evidence(outcomes: tuple[str, ...], expected: str):
    steps = (*CONTRACT, BASE, *worked("users"), *(("users", checked(o)) for o in outcomes))
    assert verdict(state_after(*steps).tasks["users"], 2)[0] == expected


def test_work_goes_back_a_bounded_number_of_times():
    red = (("users", checked("failed", n)) for n in (1, 2, 3))
    steps: list[Step] = [*CONTRACT, BASE]
    for turn, finished in zip((1, 2, 3), red, strict=True):
        steps += [*worked("users", turn), finished]
    assert verdict(state_after(*steps).tasks["users"], 2)[0] == "stuck"


def test_a_person_asking_for_a_turn_starts_the_count_anew():
    steps = (
        *CONTRACT,
        BASE,
        *ready("users"),
        ("users", e.Commented(text="no", by="me")),
        *worked("users", 2),
    )
    task = state_after(*steps, ("users", checked("failed", 2))).tasks["users"]
    assert (task.reworks, verdict(task, 1)[0]) == (0, "rework")


def test_out_of_scope_work_goes_back_without_any_test():
    violation = Violation(path="web/x", rule="outside", severity="refused", reason="not yours")
    steps = (*CONTRACT, BASE, *worked("users")[:-1], ("users", guarded(1, "d1", violation)))
    task = state_after(*steps).tasks["users"]
    assert verdict(task, 2)[0] == "rework"
    assert [f.source for f in feedback(task)] == ["scope"]


def test_policy_approves_what_is_proven_and_nothing_else():
    policy = Policy(approve_all=True, land=True)
    unproven = (
        *worked("web"),
        ("web", checked("unverified")),
        ("web", e.TaskSettled(turn=1, outcome="ready")),
    )
    state = state_after(*CONTRACT, BASE, *ready("users"), *unproven, policy=policy)
    assert [service for service, _ in by_policy(state)] == ["users"]
    assert by_policy(state_after(*CONTRACT, BASE, *ready("users"), policy=Policy())) == ()


def test_policy_leaves_results_without_a_seal_to_a_person_where_the_project_says_so():
    policy = Policy(approve_all=True, sealed_only=True)
    steps = (*CONTRACT, BASE, *ready("users"))
    state = state_after(*steps, policy=policy)
    assert by_policy(state) == ()
    assert "its test results are not sealed" in state.needs[0].text
    plain = checked("passed")
    sealed = plain.model_copy(update={"evidence": plain.evidence.model_copy(update={"sealed": True})})
    told = (("users", sealed) if step == ("users", plain) else step for step in steps)
    state = state_after(*told, policy=policy)
    assert [service for service, _ in by_policy(state)] == ["users"]


def test_policy_lands_once_everything_is_approved():
    state = state_after(*BOTH, policy=Policy(approve_all=True, land=True))
    assert [event.kind for _, event in by_policy(state)] == ["land_requested"]


def test_policy_does_not_ask_again_for_what_was_refused():
    refused = e.LandingRefused(reason="red", next_step="mend it")
    state = state_after(*BOTH, LAND, refused, policy=Policy(approve_all=True, land=True))
    assert by_policy(state) == ()
    assert state.phase == "refused"
