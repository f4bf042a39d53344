from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from hive import events as e
from hive.model import FileStat, Graph, Patch, Plan, Policy, TaskPlan
from hive.orchestrator.queue import agenda, queue, touched
from hive.state import RunState, fold

AT = datetime(2026, 1, 1, tzinfo=UTC)
FILES = (FileStat(path="x", status="modified", added=1, removed=0),)
MERGED = e.ChangesetMerged(onto="b", commit="m" * 40, tree="t")


def waiting(
    run: str, asked: int, services: str = "users", contracts: str = "", target: str = "main", *more: e.Event
) -> RunState:
    """A run whose services are approved and which asked to land at that place of the log."""
    names, files = services.split(), contracts.split()
    tasks = tuple(TaskPlan(service=name, role="provider", reason="", brief="") for name in names)
    plan = Plan(request="r", base="b", tasks=tasks, patches=tuple(Patch(path=p, text="") for p in files))
    created = e.RunCreated(
        request="r", base="b", target=target, policy=Policy(), graph=Graph(), sandbox="none", trusted=True
    )
    told: list[tuple[str | None, e.Event]] = [(None, created), (None, e.RunPlanned(plan=plan))]
    told += [(None, e.PlanApproved(by="me")), (None, e.ContractCommitted(commit="c", tree="t"))]
    for name in names:
        told += [
            (name, e.WorkspaceCreated(path="/w", start="c")),
            (name, e.TurnStarted(turn=1, agent="a")),
            (name, e.TurnFinished(turn=1, outcome="finished")),
            (name, e.WorkCollected(turn=1, commit="k", tree="t", diff="d", files=FILES)),
            (name, e.TaskSettled(turn=1, outcome="ready")),
            (name, e.Approved(diff="d", by="me")),
        ]
    first = asked * 1000
    told += [(None, e.LandRequested(by="me")), *((None, event) for event in more)]
    envelopes = [
        e.Envelope(seq=first + n, run=run, service=service, at=AT, event=event)
        for n, (service, event) in enumerate(told)
    ]
    return fold(envelopes)[run]


def test_conflicting_changesets_land_in_the_order_of_asking():
    second, first = waiting("r2", 2, "users"), waiting("r1", 1, "users orders")
    items = queue([second, first])
    assert [(i.run, i.position, i.status) for i in items] == [("r1", 0, "merging"), ("r2", 1, "waiting")]
    assert items[1].why == "waits for r1, which changes users too: r1 is merged first"


def heads(*states: RunState) -> set[str]:
    """Who may land without waiting for another."""
    return {run for run, place in agenda(states).items() if not place.position}


def test_changesets_without_a_conflict_are_in_lanes_of_their_own():
    assert heads(waiting("r1", 1, "users"), waiting("r2", 2, "orders"), waiting("r3", 3, "orders")) == {
        "r1",
        "r2",
    }


def test_a_contract_in_common_is_a_conflict():
    one, other = waiting("r1", 1, "users", "c/users.yaml"), waiting("r2", 2, "web", "c/users.yaml")
    assert touched(one) & touched(other) == {"c/users.yaml"}
    assert heads(one, other) == {"r1"}


def test_different_targets_never_conflict():
    assert heads(waiting("r1", 1, target="main"), waiting("r2", 2, target="next")) == {"r1", "r2"}


def test_a_run_that_does_not_ask_to_land_is_not_in_the_queue():
    stopped = waiting("r1", 1, "users", "", "main", e.StopRequested(by="me"))
    assert queue([stopped, waiting("r2", 2, "users")])[0].run == "r2"


def test_status_follows_from_what_was_done():
    merged = waiting("r1", 1, "users", "", "main", MERGED)
    tested = waiting(
        "r1", 1, "users", "", "main", MERGED, e.ChangesetTested(commit="m" * 40, tree="t", passed=True)
    )
    assert [queue([run])[0].status for run in (waiting("r1", 1), merged, tested)] == [
        "merging",
        "testing",
        "landing",
    ]


services = st.sets(st.sampled_from(["a", "b", "c", "d"]), min_size=1, max_size=3)


@given(st.lists(services, min_size=1, max_size=6))
def test_heads_never_conflict_and_the_oldest_is_always_one(touching: list[set[str]]):
    runs = [waiting(f"r{n}", n, " ".join(sorted(names))) for n, names in enumerate(touching, 1)]
    first = heads(*runs)
    assert "r1" in first
    moving = [touched(run) for run in runs if run.id in first]
    assert sum(map(len, moving)) == len(frozenset().union(*moving))
