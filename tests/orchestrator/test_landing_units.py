"""The units of landing, called one by one: what happens in between is for the test to do."""

import asyncio
from pathlib import Path

from hive.orchestrator.queue import agenda
from hive.orchestrator.schedule import Unit, due
from hive.orchestrator.units import UNITS
from hive.state import RunState
from hive.workspaces import landing
from tests.world import World, add_field, git


def ready_to_land(tmp_path: Path) -> World:
    """A run whose every diff is approved and which asked to land; no engine works on it."""
    world = World.make(tmp_path, {"*": [add_field()]})
    world.begin()
    world.work(lambda state: state.phase == "review")
    world.controls.approve("r1", by="me")
    world.controls.land("r1", by="me")
    return world


def wanted(world: World) -> tuple[Unit, ...]:
    """What is due for the run."""
    state = world.state()
    return due(state, act=agenda(world.runs.all())[state.id].act)


def do(world: World, kind: str) -> RunState:
    """Do the unit of landing that is due."""
    (unit,) = wanted(world)
    assert unit.kind == kind
    asyncio.run(UNITS[unit.kind](world.context, unit))
    return world.state()


def commit(world: World, name: str) -> str:
    (world.root / name).write_text("meanwhile\n")
    git(world.root, "add", name)
    git(world.root, "-c", "user.name=u", "-c", "user.email=u@example.test", "commit", "-qm", name)
    return git(world.root, "rev-parse", "HEAD")


def kinds(world: World) -> list[str]:
    return [envelope.event.kind for envelope in world.log.read()]


def test_a_target_that_moves_after_the_test_is_merged_and_tested_anew(tmp_path: Path):
    world = ready_to_land(tmp_path)
    do(world, "merge")
    tested = do(world, "test").tested
    assert tested is not None
    moved = commit(world, "README")
    state = do(world, "land")
    assert state.landed is None
    assert git(world.root, "rev-parse", "main") == moved
    assert kinds(world)[-1] == "target_moved"
    again = do(world, "merge")
    assert again.merged is not None
    assert again.merged.onto == moved
    assert (
        all(evidence.reused for evidence in do(world, "test").union.values() if evidence.check == "tests")
        is False
    )
    landed = do(world, "land").landed
    assert landed is not None
    assert git(world.root, "rev-parse", "main") == landed.new == again.merged.commit


def test_landing_twice_lands_once(tmp_path: Path):
    world = ready_to_land(tmp_path)
    do(world, "merge")
    do(world, "test")
    (unit,) = wanted(world)
    do(world, "land")
    asyncio.run(UNITS["land"](world.context, unit))
    assert kinds(world).count("landed") == 1


def test_a_landing_that_died_after_the_ref_moved_is_only_recorded(tmp_path: Path):
    world = ready_to_land(tmp_path)
    do(world, "merge")
    merged = do(world, "test").merged
    assert merged is not None
    landing.land(world.context.user, world.context.objects, "main", merged.onto, merged.commit, run="r1")
    assert git(world.root, "rev-parse", "main") == merged.commit
    landed = do(world, "land").landed
    assert landed is not None
    assert (landed.old, landed.new) == (merged.onto, merged.commit)
    assert git(world.root, "rev-parse", "main") == merged.commit


def test_a_union_that_is_red_although_either_side_is_green_goes_back_to_the_service(tmp_path: Path):
    world = ready_to_land(tmp_path)
    red = "import unittest\nclass T(unittest.TestCase):\n    def test_points_are_not_there(self):\n"
    red += "        self.assertNotIn('points', open('fields.txt').read())\n"
    (world.root / "services/users/test_more.py").write_text(red)
    commit(world, "services/users/note")
    git(world.root, "add", "-A")
    git(
        world.root, "-c", "user.name=u", "-c", "user.email=u@example.test", "commit", "-qm", "another opinion"
    )
    do(world, "merge")
    do(world, "test")
    state = do(world, "refuse")
    assert state.refused is None
    assert state.rebase is not None
    assert (state.rebase.red, state.rebase.onto) == (("users",), git(world.root, "rev-parse", "main"))
    assert "users: failed, twice: 1 of 2 tests failed" in state.rebase.reason


def test_a_unit_of_another_generation_finds_nothing_to_do(tmp_path: Path):
    world = ready_to_land(tmp_path)
    do(world, "merge")
    before = kinds(world)
    asyncio.run(UNITS["merge"](world.context, Unit("merge", "r1", number=1)))
    assert kinds(world) == before
