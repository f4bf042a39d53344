"""What a person may do, and when; each refusal says why and what to do instead."""

from pathlib import Path

import pytest

from hive.errors import NeedsPerson, UsageError
from hive.model import Remark
from tests.world import World, add_field

SILENT: list[dict[str, object]] = [{"do": "say", "text": "done"}]


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A run in which users is stuck and orders waits for a review; no engine works on it any more."""
    world = World.make(tmp_path_factory.mktemp("reviewed"), {"users": [SILENT], "orders": [add_field()]})
    world.begin(rework_limit=0)
    world.work(lambda state: state.settled)
    return world


def test_approving_all_approves_what_is_ready_and_names_what_is_stuck(reviewed: World):
    with pytest.raises(NeedsPerson, match="users: not approved") as refused:
        reviewed.controls.approve("r1", by="me")
    assert "hive show r1 users" in refused.value.next_step
    assert reviewed.state().tasks["orders"].phase == "approved"


def test_stuck_work_is_approved_only_by_its_name(reviewed: World):
    assert reviewed.controls.approve("r1", ["users"], by="me").tasks["users"].phase == "approved"


def test_landing_needs_every_approval(tmp_path: Path):
    world = World.make(tmp_path, {"*": [add_field()]})
    world.begin()
    with pytest.raises(NeedsPerson, match="cannot land"):
        world.controls.land("r1", by="me")


def test_a_plan_is_approved_before_anything_else(tmp_path: Path):
    world = World.make(tmp_path, {"*": [add_field()]})
    world.begin(approved=False)
    assert world.state().phase == "planned"
    assert world.controls.approve("r1", by="me").plan_approved


def test_nothing_can_be_decided_before_there_is_work(tmp_path: Path):
    world = World.make(tmp_path, {"*": [add_field()]})
    world.begin()
    with pytest.raises(UsageError, match="'users' has nothing to approve"):
        world.controls.approve("r1", ["users"], by="me")
    with pytest.raises(UsageError, match="'users' is not ready"):
        world.controls.reject("r1", ["users"], reason="no", by="me")


def test_an_unknown_run_or_service_is_named_with_what_there_is(reviewed: World):
    with pytest.raises(UsageError, match="'r9'") as no_run:
        reviewed.controls.stop("r9", by="me")
    assert "r1" in no_run.value.next_step
    with pytest.raises(UsageError, match="'userz'") as no_service:
        reviewed.controls.retry("r1", "userz", by="me")
    assert "users" in no_service.value.next_step


def test_a_comment_needs_words(reviewed: World):
    with pytest.raises(UsageError, match="needs words"):
        reviewed.controls.comment("r1", [Remark(service="users", text="  ")], by="me")


def test_resuming_what_is_under_way_writes_nothing(reviewed: World):
    before = len(reviewed.log.read())
    reviewed.controls.resume("r1", by="me")
    assert len(reviewed.log.read()) == before


def test_work_that_breaks_its_scope_cannot_be_approved_at_all(tmp_path: Path):
    trespass = [*add_field(), {"do": "write", "path": "../orders/fields.txt", "text": "mine\n"}]
    world = World.make(tmp_path, {"users": [trespass], "orders": [add_field()]})
    world.begin(rework_limit=0)
    world.work(lambda state: state.settled)
    with pytest.raises(UsageError, match=r"services/orders/fields\.txt"):
        world.controls.approve("r1", ["users"], by="me")
