"""What can be taken back, and how it is split; the whole way is in tests/e2e/test_revert.py."""

from pathlib import Path

import pytest

from hive.errors import NeedsPerson, UsageError
from hive.events import Draft, PlanApproved, RunCreated, RunPlanned
from hive.model import Remark
from hive.orchestrator.reverting import opposite, plan, refuse
from hive.state import RunState
from hive.workspaces.tree import GitTree
from tests.world import CONTRACT, World, add_field, contract, git

AUTHOR = ("-c", "user.name=u", "-c", "user.email=u@example.test")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A project on which the run `r1` has landed."""
    world = World.make(tmp_path, {"*": [add_field()]})
    world.begin(approve_all=True, land=True)
    assert world.work(lambda state: state.closed is not None).phase == "landed"
    return world


def begin_revert(world: World, **policy: object) -> RunState:
    undoing, base = world.state(), world.user.head()
    found = opposite(world.context.objects, undoing, base)
    trees = [GitTree(world.context.objects, commit) for commit in (base, found.commit)]
    drafted = plan(undoing, found, undoing.created.graph, *trees)
    made = {"request": drafted.request, "base": base, "reverts": "r1"}
    created = RunCreated.model_validate(
        undoing.created.model_dump() | made | {"policy": {"agent": "scripted", **policy}}
    )
    for event in (created, RunPlanned(plan=drafted), PlanApproved(by="test")):
        world.log.append(Draft(run="r2", event=event))
    return world.state("r2")


def commit(world: World, path: str, text: str) -> None:
    (world.root / path).write_text(text)
    git(world.root, "add", "-A")
    git(world.root, *AUTHOR, "commit", "-qm", "later")


def test_hive_makes_the_first_turn_itself_and_a_person_reviews_it(world: World):
    begin_revert(world)
    state = world.work(lambda s: s.phase == "review", run="r2")
    assert [(t.agent, t.turn, t.phase) for t in state.tasks.values()] == [("hive", 1, "ready")] * 2
    assert {e.outcome for t in state.tasks.values() for e in t.evidence.values()} == {"passed"}
    assert world.landed_file("services/users/fields.txt") == "id points"
    world.controls.approve("r2", by="me")
    world.controls.land("r2", by="me")
    assert world.work(lambda s: s.closed is not None, run="r2").phase == "landed"
    assert world.landed_file("services/users/fields.txt") == "id"
    assert world.landed_file(CONTRACT) == contract().strip()
    assert world.litter() == []


def test_a_remark_goes_to_the_runs_agent(world: World):
    begin_revert(world)
    world.work(lambda s: s.phase == "review", run="r2")
    world.controls.comment("r2", [Remark(service="users", text="keep the field")], by="me")
    state = world.work(lambda s: s.tasks["users"].turn > 1 and s.settled, run="r2")
    assert state.tasks["users"].agent == "scripted"


def test_services_go_in_the_opposite_order(world: World):
    state = world.state()
    assert state.plan is not None
    first = state.plan.tasks[0]
    state.tasks[first.service].plan = first.model_copy(update={"wave": 1})
    base = world.user.head()
    found = opposite(world.context.objects, state, base)
    trees = [GitTree(world.context.objects, oid) for oid in (base, found.commit)]
    drafted = plan(state, found, state.created.graph, *trees)
    assert [(t.service, t.wave) for t in drafted.tasks] == [(first.service, 0), ("users", 1)]
    assert [c.severity for c in drafted.changes] == ["breaking"]
    assert "breaking" in drafted.assumptions[0]
    assert "orders -> users" in drafted.assumptions[1]


def test_what_landed_later_on_the_same_lines_is_a_conflict(world: World):
    commit(world, "services/users/fields.txt", "id points_of_the_year\n")
    with pytest.raises(NeedsPerson, match=r"services/users/fields\.txt"):
        opposite(world.context.objects, world.state(), world.user.head())


def test_what_was_taken_back_by_hand_is_not_taken_back_again(world: World):
    git(world.root, *AUTHOR, "revert", "--no-edit", "-m", "1", "HEAD")
    with pytest.raises(UsageError, match="by hand"):
        opposite(world.context.objects, world.state(), world.user.head())


def test_a_branch_without_the_run_is_told(world: World):
    git(world.root, "reset", "-q", "--hard", "HEAD~1")
    with pytest.raises(UsageError, match="does not contain"):
        opposite(world.context.objects, world.state(), world.user.head())


def test_a_run_that_did_not_land_or_is_reverted_already_is_refused(world: World):
    waiting = begin_revert(world)
    refuse(world.state(), [world.state()])
    with pytest.raises(UsageError, match=r"has not landed .*'preparing'"):
        refuse(waiting, [])
    with pytest.raises(UsageError, match="is being reverted by run r2"):
        refuse(world.state(), [waiting])
    world.controls.reject("r2", (), reason="", by="me")
    refuse(world.state(), [world.state("r2")])
