"""Runs whose target is a remote's branch: real bare repositories, whole engines."""

from dataclasses import replace
from pathlib import Path

import pytest

from hive.events import LandingDelayed
from hive.state import RunState
from tests.world import World, add_field, git

AUTHOR = ("-c", "user.name=u", "-c", "user.email=u@example.test")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A project with a remote, and a run that lands there."""
    world = World.make(tmp_path, {"*": [add_field()]})
    git(tmp_path, "clone", "-q", "--bare", str(world.root), "remote.git")
    git(world.root, "remote", "add", "origin", str(tmp_path / "remote.git"))
    world.context = replace(world.context, pauses=(0.01, 0.01))
    world.begin(approve_all=True, land=True, landing="push")
    return world


def bare(world: World) -> Path:
    return world.root.parent / "remote.git"


def over(state: RunState) -> bool:
    return state.closed is not None or state.refused is not None


def hook(world: World, text: str) -> Path:
    path = bare(world) / "hooks" / "pre-receive"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_the_remote_gets_what_was_tested_and_the_local_branch_follows(world: World):
    state = world.work(over)
    assert state.landed is not None, state.refused
    assert state.landed.remote == "origin"
    assert git(bare(world), "rev-parse", "main") == state.landed.new == git(world.root, "rev-parse", "main")
    assert git(bare(world), "rev-parse", "main^{tree}") == state.landed.tree
    assert git(world.root, "status", "--porcelain") == ""
    assert "pushed to origin" in state.guarantee
    assert world.litter() == []


def test_what_others_pushed_meanwhile_is_merged_and_tested_too(world: World):
    somebody = world.root.parent / "somebody"
    git(world.root.parent, "clone", "-q", str(bare(world)), str(somebody))
    (somebody / "README").write_text("theirs\n")
    git(somebody, "add", "-A")
    git(somebody, *AUTHOR, "commit", "-qm", "theirs")
    git(somebody, "push", "-q", "origin", "main")
    state = world.work(over)
    assert state.landed is not None, state.refused
    assert git(bare(world), "show", "main:README") == "theirs"
    assert "points" in git(bare(world), "show", "main:services/users/fields.txt")


def test_a_server_that_declines_needs_a_person_and_can_be_asked_again(world: World):
    path = hook(world, "echo changes freeze on Friday >&2; exit 1")
    state = world.work(over)
    assert state.refused is not None
    assert "changes freeze on Friday" in state.refused.reason
    assert "hive land r1" in state.refused.next_step
    assert [need.what for need in state.needs] == ["refused"]
    path.unlink()
    world.controls.land("r1", by="me")
    assert world.work(lambda s: s.closed is not None).landed is not None


def test_a_server_that_breaks_off_is_asked_again_a_bounded_number_of_times(world: World):
    hook(world, "kill -9 $PPID")
    state = world.work(over)
    assert state.refused is not None
    delays = [e.event for e in world.log.read() if isinstance(e.event, LandingDelayed)]
    assert [delay.attempt for delay in delays] == [1, 2]
    assert git(bare(world), "rev-parse", "main") == state.created.base


def test_a_commit_that_was_never_pushed_is_named(world: World):
    (world.root / "README").write_text("mine\n")
    git(world.root, "add", "-A")
    git(world.root, *AUTHOR, "commit", "-qm", "mine")
    world.begin(run="r2", approve_all=True, land=True, landing="push")
    state = world.work(over, run="r2")
    assert state.refused is not None
    assert "git push origin main" in state.refused.next_step
