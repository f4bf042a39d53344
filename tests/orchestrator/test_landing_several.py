"""One changeset over three repositories: real git, killed, refused, taken back; never silently partial."""

from pathlib import Path

import pytest

from hive.events import DiscardRequested, LandRequested
from hive.orchestrator.reverting import opposite, plan
from hive.workspaces.tree import GitTree
from tests.invariants import assert_untouched, fingerprint
from tests.several import NAMES, Several
from tests.world import git


@pytest.fixture
def several(tmp_path: Path) -> Several:
    project = Several.make(tmp_path)
    project.queue()
    return project


def landed_order(several: Several) -> list[str]:
    return [e.event.repository for e in several.log.read() if e.event.kind == "repository_landed"]


def test_every_repository_gets_its_part_in_the_order_of_the_contract(several: Several):
    before = {name: fingerprint(several.folder / name) for name in NAMES}
    state = several.until(landed=False)
    assert state.landed is not None, state.refused
    assert landed_order(several) == ["contracts", "users", "orders"]
    assert several.have() == list(NAMES)
    assert several.clean()
    for name in NAMES:
        assert_untouched(before[name], fingerprint(several.folder / name), target="main")
        assert git(several.folder / name, "rev-list", "--count", "main") == "2"
        tested = git(several.objects.path, "rev-parse", f"{state.landed.new}:{name}")
        assert git(several.folder / name, "rev-parse", "main^{tree}") == tested
    assert "not atomic for readers in between" in state.guarantee


@pytest.mark.parametrize(
    "fault",
    ["landing.part:1:kill", "landing.part:3:kill", "landing.ref:2:kill", "landing.files:2:kill"],
)
def test_killed_anywhere_it_rolls_forward_and_lands_once(several: Several, fault: str):
    several.tested()
    assert several.killed(fault)
    state = Several(several.folder).until(landed=False)
    assert state.landed is not None, state.refused
    assert several.have() == list(NAMES)
    assert several.clean()
    assert [git(several.folder / name, "rev-list", "--count", "main") for name in NAMES] == ["2"] * 3
    assert several.kinds().count("landed") == 1


def test_what_is_in_the_way_is_seen_before_anything_moves(several: Several):
    several.tested()
    (several.folder / "orders" / "fields.txt").write_text("mine\n")
    state = several.until()
    assert state.refused is not None
    assert "no repository was touched" in state.refused.reason
    assert "orders" in state.refused.reason
    assert several.have() == []
    git(several.folder / "orders", "checkout", "-q", "--", ".")
    several.tell("r1", LandRequested(by="t"))
    assert several.until().landed is not None


def test_a_branch_that_moves_after_others_landed_takes_them_back_and_lands_anew(several: Several):
    several.tested()
    assert several.killed("landing.part:1:kill")
    moved = several.commit("orders")
    again = Several(several.folder)
    state = again.until(landed=False)
    kinds = again.kinds()
    assert kinds.index("rollback_started") < kinds.index("repository_reverted") < kinds.index("target_moved")
    assert state.landed is not None, state.refused
    assert again.have() == list(NAMES)
    assert again.clean()
    subjects = git(again.folder / "contracts", "log", "--format=%s", "main").splitlines()
    assert subjects == ["add points", "Revert: add points", "add points", "begin"]
    assert git(again.folder / "orders", "rev-parse", "main~1") == moved


@pytest.mark.parametrize("fault", ["landing.reverted:1:kill", "landing.ref:1:kill"])
def test_killed_while_it_takes_back_it_goes_on_taking_back(several: Several, fault: str):
    several.tested()
    assert several.killed("landing.part:2:kill")
    (several.folder / "orders" / "fields.txt").write_text("mine\n")
    assert several.killed(fault)
    again = Several(several.folder)
    state = again.until()
    assert state.refused is not None
    assert "nothing of the change is left anywhere" in state.refused.reason
    assert again.have() == []
    assert sorted(state.taken_back) == ["contracts", "users"]
    assert [git(again.folder / n, "rev-list", "--count", "main") for n in NAMES] == ["3", "1", "3"]


def test_a_part_that_cannot_be_taken_back_is_told_loudly(several: Several):
    several.tested()
    assert several.killed("landing.part:2:kill")
    several.commit("contracts", "users.schema.json", '{"points": "mine now"}\n')
    (several.folder / "orders" / "fields.txt").write_text("mine\n")
    state = Several(several.folder).until()
    assert state.refused is not None
    assert state.refused.reason.startswith("PARTLY LANDED")
    assert "contracts" in state.refused.reason
    assert "git -C" in state.refused.next_step
    assert state.taken_back["users"].commit
    assert not state.taken_back["contracts"].commit


def test_two_changesets_stand_on_each_other_over_several_repositories(several: Several):
    assert several.until(landed=False).landed is not None
    several.queue(run="r2", field="points")
    second = several.until(landed=False, run="r2")
    assert second.landed is not None or second.refused is not None
    several.queue(run="r3", field="points, tier")
    assert several.until(landed=False, run="r3").landed is not None
    assert several.have("tier") == list(NAMES)


def test_a_run_over_several_repositories_can_be_taken_back_from_all_of_them(several: Several):
    undoing = several.until(landed=False)
    base = several.commit("orders") and several.user.branch_commit("main")
    assert base is not None
    found = opposite(several.objects, undoing, base)
    assert {each.path.split("/")[0] for each in found.changed} == set(NAMES)
    before, after = GitTree(several.objects, base), GitTree(several.objects, found.commit)
    drafted = plan(undoing, found, undoing.created.graph, before, after)
    assert [(task.service, task.wave) for task in drafted.tasks] == [("orders", 0), ("users", 1)]
    assert [patch.path for patch in drafted.patches] == ["contracts/users.schema.json"]


def test_a_repository_that_was_reset_stops_the_queue(several: Several):
    several.tell("r1", DiscardRequested(by="t"))
    several.commit("users")
    several.queue(run="r2", field="tier")
    git(several.folder / "users", "reset", "-q", "--hard", "HEAD~1")
    state = several.until(run="r2")
    assert state.queue_stopped is not None
    assert "reset" in state.queue_stopped.reason


def test_pushed_to_each_remote_with_the_same_journal(several: Several, tmp_path: Path):
    for name in NAMES:
        git(tmp_path, "clone", "-q", "--bare", str(several.folder / name), f"{name}.git")
        git(several.folder / name, "remote", "add", "origin", str(tmp_path / f"{name}.git"))
    several.tell("r1", DiscardRequested(by="t"))
    several.queue(run="r2", landing="push")
    hook = tmp_path / "orders.git" / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho not on Fridays >&2\nexit 1\n")
    hook.chmod(0o755)
    state = several.until(run="r2")
    assert state.refused is not None
    assert "not on Fridays" in state.refused.reason
    assert "was taken back" in state.refused.reason
    assert several.have() == []
    assert [git(tmp_path / f"{n}.git", "rev-list", "--count", "main") for n in NAMES] == ["3", "1", "3"]
    hook.unlink()
    several.tell("r2", LandRequested(by="t"))
    assert several.until(run="r2").landed is not None
    assert several.have() == list(NAMES)
