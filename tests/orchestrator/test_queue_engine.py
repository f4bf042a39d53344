"""The merge queue on a real project: several changesets, speculation, people's branches, flakes, a reset target."""

import json
from pathlib import Path

import pytest

from hive import events as e
from hive.errors import NeedsPerson, UsageError
from hive.model import Policy, QueuePolicy, Service
from hive.orchestrator.offering import offer
from hive.orchestrator.queue import queue
from hive.orchestrator.queueing import QueueControls
from hive.state import RunState
from tests.orchestrator.test_landing_units import do
from tests.world import CONTRACT, World, contract, git

GRAPH_SERVICES = tuple(
    Service(name=name, path=f"services/{name}", language="python", test="python3 -m unittest")
    for name in ("orders", "users")
)
NOT_BOTH = """import pathlib, unittest
class Apart(unittest.TestCase):
    def test_not_both(self):
        self.assertFalse(pathlib.Path("a.txt").exists() and pathlib.Path("b.txt").exists(), "a beside b")
"""
IDENTITY = ("-c", "user.name=u", "-c", "user.email=u@example.test")
FLAKY = """import os, pathlib, unittest
class Sometimes(unittest.TestCase):
    def test_second_try(self):
        seen = pathlib.Path({seen!r})
        times = int(seen.read_text()) if seen.exists() else 0
        seen.write_text(str(times + 1))
        self.assertGreater(times, {red})
"""


def world_of(tmp_path: Path) -> World:
    """A project without runs."""
    return World.make(tmp_path, {})


def branch(world: World, name: str, files: dict[str, str], start: str = "main") -> str:
    """A person's branch with one commit; the checkout stays on the target."""
    git(world.root, "checkout", "-q", "-b", name, start)
    for path, text in files.items():
        (world.root / path).parent.mkdir(parents=True, exist_ok=True)
        (world.root / path).write_text(text)
    git(world.root, "add", "-A")
    git(world.root, *IDENTITY, "commit", "-qm", name)
    git(world.root, "checkout", "-q", "main")
    return git(world.root, "rev-parse", name)


def add(
    world: World,
    name: str,
    *,
    run: str | None = None,
    breaking: bool = False,
    policy: Policy | None = None,
    **more: object,
) -> RunState:
    """Offer a branch, as `hive queue add` does."""
    from hive.model import Contract, Graph

    graph = Graph(
        services=GRAPH_SERVICES, contracts=(Contract(path=CONTRACT, kind="jsonschema", owner="users"),)
    )
    context = world.context
    found = offer(context.user, context.objects, graph, name, "main", by="ann", allow_breaking=breaking)
    created = e.RunCreated(
        request=f"branch {name}",
        base=found.base,
        target="main",
        policy=policy or Policy(),
        graph=graph,
        sandbox="none",
        trusted=True,
    )
    controls = QueueControls(world.log, world.runs)
    return controls.add(run or name, created, found, **more)  # type: ignore[arg-type]


def over(*names: str, world: World):  # type: ignore[no-untyped-def]
    """Whether all of these are landed or refused."""

    def done(_: RunState) -> bool:
        states = [world.state(name) for name in names]
        return all(state.closed or state.refused or state.queue_stopped for state in states)

    return done


def kinds(world: World, run: str) -> list[str]:
    return [envelope.event.kind for envelope in world.log.read(run=run)]


def test_branches_land_in_order_on_top_of_each_other(tmp_path: Path):
    world = world_of(tmp_path)
    branch(world, "one", {"services/users/one.py": "1\n"})
    branch(world, "two", {"services/users/two.py": "2\n"})
    branch(world, "other", {"services/orders/three.py": "3\n"})
    for name in ("one", "two", "other"):
        add(world, name)
    items = queue(world.runs.all())
    assert [(i.run, i.position, i.status) for i in items] == [
        ("one", 0, "merging"),
        ("two", 1, "waiting"),
        ("other", 0, "merging"),
    ]
    world.work(over("one", "two", "other", world=world), run="two")
    for name in ("one", "two", "other"):
        state = world.state(name)
        assert state.landed is not None, state.refused
        assert state.tested is not None
        assert (state.tested.commit, state.tested.tree) == (state.landed.new, state.landed.tree)
        assert git(world.root, "rev-parse", f"{state.landed.new}^{{tree}}") == state.landed.tree
    speculative = [m.event for m in world.log.read(run="two") if isinstance(m.event, e.ChangesetMerged)]
    assert [name for name, _ in speculative[0].beneath] == ["one"]
    first, second = world.state("one").landed_seq, world.state("two").landed_seq
    assert first < second
    assert git(world.root, "rev-list", "--count", "--first-parent", "main") == "4"
    assert git(world.root, "status", "--porcelain") == ""


def test_one_that_fails_is_left_out_and_told_why(tmp_path: Path):
    world = world_of(tmp_path)
    branch(world, "bad", {"services/users/fields.txt": "nonsense\n"})
    branch(world, "good", {"services/users/two.py": "2\n"})
    add(world, "bad")
    add(world, "good")
    world.work(over("bad", "good", world=world), run="good")
    bad = world.state("bad")
    assert bad.refused is not None
    assert bad.refused.services == ("users",)
    assert "twice" in bad.refused.reason
    assert "hive queue add bad" in bad.refused.next_step
    assert world.state("good").landed is not None
    assert world.landed_file("services/users/fields.txt") == "id"


def test_branches_that_are_green_apart_and_red_together_are_told_so(tmp_path: Path):
    world = world_of(tmp_path)
    (world.root / "services/users/test_apart.py").write_text(NOT_BOTH)
    git(world.root, "add", "-A")
    git(world.root, *IDENTITY, "commit", "-qm", "a test")
    branch(world, "one", {"services/users/a.txt": "a\n"})
    branch(world, "two", {"services/users/b.txt": "b\n"})
    add(world, "one")
    add(world, "two")
    world.work(over("one", "two", world=world), run="two")
    assert world.state("one").landed is not None
    refused = world.state("two").refused
    assert refused is not None
    assert refused.reason.startswith("passes alone, and is red together with what has landed: users: failed")
    assert refused.next_step == "merge 'main' into 'two', correct what fails there, then `hive queue add two`"


def test_a_branch_on_a_target_that_was_red_already_is_not_told_to_be_the_culprit(tmp_path: Path):
    world = world_of(tmp_path)
    (world.root / "services/users/fields.txt").write_text("nonsense\n")
    git(world.root, *IDENTITY, "commit", "-qam", "red")
    branch(world, "one", {"services/users/one.py": "1\n"})
    add(world, "one")
    refused = world.work(over("one", world=world), run="one").refused
    assert refused is not None
    assert refused.reason.startswith("'main' is red without it: users: failed")
    assert refused.next_step == "mend 'main', then `hive queue add one`"


def test_bisection_lands_a_whole_union_and_finds_the_culprit(tmp_path: Path):
    world = world_of(tmp_path)
    policy = Policy(queue=QueuePolicy(mode="bisect"))
    names = ["a", "b", "c", "bad"]
    for name in names[:3]:
        branch(world, name, {f"services/users/{name}.py": f"{name}\n"})
    branch(world, "bad", {"services/users/fields.txt": "nonsense\n"})
    for name in names:
        add(world, name, policy=policy)
    world.work(over(*names, world=world), run="bad")
    assert [world.state(name).landed is not None for name in names] == [True, True, True, False]
    assert world.state("bad").refused is not None
    tips = [name for name in names[:3] if not world.state(name).landed.within]  # type: ignore[union-attr]
    assert len(tips) < 3
    for name in names[:3]:
        landed = world.state(name).landed
        assert landed is not None
        assert git(world.root, "diff", "--name-only", landed.old, landed.new) == f"services/users/{name}.py"


def test_a_flake_is_repeated_once_and_recorded(tmp_path: Path):
    world = world_of(tmp_path)
    seen = str(tmp_path / "times")
    branch(world, "flaky", {"services/users/test_flaky.py": FLAKY.format(seen=seen, red=0)})
    add(world, "flaky")
    state = world.work(over("flaky", world=world), run="flaky")
    assert state.landed is not None, state.refused
    ((_, evidence),) = state.flakes
    assert evidence.flaky
    assert evidence.retried == ("1 of 2 tests failed",)
    assert evidence.flaked == ("test_flaky.Sometimes::test_second_try",)


def test_a_check_in_quarantine_is_shown_and_does_not_block(tmp_path: Path):
    world = world_of(tmp_path)
    branch(world, "red", {"services/users/fields.txt": "nonsense\n"})
    add(world, "red", policy=Policy(quarantine=("users/tests",)))
    state = world.work(over("red", world=world), run="red")
    assert state.landed is not None
    assert state.tested is not None
    assert "in quarantine" in state.tested.reason


def test_a_test_in_quarantine_fails_alone_without_turning_its_check_red(tmp_path: Path):
    world = world_of(tmp_path)
    listed = Policy(quarantine=("users/tests::test_fields.FieldsTest::test_code_and_contract_agree",))
    more = "import unittest\nclass More(unittest.TestCase):\n    def test_more(self): {}\n"
    for name, told in (("known", "pass"), ("new", "self.fail()")):
        files = {"fields.txt": "nonsense\n", f"test_{name}.py": more.format(told)}
        branch(world, name, {f"services/users/{path}": text for path, text in files.items()})
    add(world, "known", policy=listed)
    state = world.work(over("known", world=world), run="known")
    assert state.landed is not None
    assert state.union["users/tests"].retried == ()
    assert state.tested is not None
    told = "users: passed: 1 test passed; failed in quarantine: test_fields.FieldsTest::test_code_and_contract_agree"
    assert told in state.tested.reason
    add(world, "new", policy=listed)
    refused = world.work(over("new", world=world), run="new").refused
    assert refused is not None
    assert "of them in quarantine" in refused.reason


def test_a_held_one_lets_those_behind_pass_and_goes_on_when_released(tmp_path: Path):
    world = world_of(tmp_path)
    controls = QueueControls(world.log, world.runs)
    branch(world, "one", {"services/users/one.py": "1\n"})
    branch(world, "two", {"services/users/two.py": "2\n"})
    add(world, "one")
    add(world, "two")
    controls.hold("one", by="ann", reason="freeze")
    world.work(over("two", world=world), run="two")
    assert world.state("one").landed is None
    assert queue(world.runs.all())[0].status == "held"
    controls.release("one", by="ann")
    assert world.work(over("one", world=world), run="one").landed is not None


def test_a_branch_that_moves_after_it_was_offered_is_not_landed(tmp_path: Path):
    world = world_of(tmp_path)
    branch(world, "one", {"services/users/one.py": "1\n"})
    add(world, "one")
    git(world.root, "branch", "-f", "one", branch(world, "more", {"services/users/x.py": "x\n"}, start="one"))
    state = world.work(over("one", world=world), run="one")
    assert state.refused is not None
    assert "was approved" in state.refused.reason
    assert state.refused.next_step == "hive queue add one"
    again = add(world, "one", run="one2")
    assert world.state("one").discarded is not None
    assert world.work(over("one2", world=world), run=again.id).landed is not None


def test_a_branch_that_moves_after_it_was_tested_is_not_landed_either(tmp_path: Path):
    world = world_of(tmp_path)
    branch(world, "one", {"services/users/one.py": "1\n"})
    add(world, "one", run="r1")
    for kind in ("merge", "test"):
        do(world, kind)
    more = branch(world, "more", {"services/users/x.py": "x\n"}, start="one")
    git(world.root, "branch", "-f", "one", more)
    refused = do(world, "land").refused
    assert refused is not None
    assert "was approved" in refused.reason
    assert "one.py" not in git(world.root, "ls-tree", "-r", "--name-only", "main")


def test_a_branch_that_vanishes_is_not_landed_and_can_be_had_back(tmp_path: Path):
    world = world_of(tmp_path)
    commit = branch(world, "one", {"services/users/one.py": "1\n"})
    add(world, "one")
    git(world.root, "branch", "-D", "one")
    state = world.work(over("one", world=world), run="one")
    assert state.refused is not None
    assert state.refused.next_step == f"git branch one {commit}"


def test_a_reset_target_stops_everything_until_a_person_accepts_it(tmp_path: Path):
    world = world_of(tmp_path)
    branch(world, "one", {"services/users/one.py": "1\n"})
    branch(world, "two", {"services/orders/two.py": "2\n"})
    add(world, "one")
    world.work(over("one", world=world), run="one")
    git(world.root, "reset", "-q", "--hard", "HEAD~1")
    add(world, "two")
    stopped = world.work(over("two", world=world), run="two").queue_stopped
    assert stopped is not None
    assert "was reset" in stopped.reason
    assert queue(world.runs.all())[0].status == "stopped"
    QueueControls(world.log, world.runs).resume("main", git(world.root, "rev-parse", "main"), by="ann")
    assert world.work(over("two", world=world), run="two").landed is not None


def test_a_screen_accepts_the_target_as_it_was_found_but_not_one_that_is_gone(tmp_path: Path):
    world = world_of(tmp_path)
    branch(world, "one", {"services/users/one.py": "1\n"})
    add(world, "one")
    controls = QueueControls(world.log, world.runs)
    with pytest.raises(UsageError, match="'main' is not stopped"):
        controls.accept("one", by="ann")
    stop = e.QueueStopped(target="main", expected="a" * 40, reason="'main' does not exist", next_step="")
    world.log.append(e.Draft(run="one", event=stop))
    with pytest.raises(UsageError, match="'main' does not exist") as refused:
        controls.accept("one", by="ann")
    assert refused.value.next_step == "git branch main COMMIT"
    head = git(world.root, "rev-parse", "main")
    world.log.append(e.Draft(run="one", event=stop.model_copy(update={"found": head})))
    assert controls.accept("one", by="ann").queue_stopped is None


def test_what_nobody_may_land_is_refused_at_the_door(tmp_path: Path):
    world = world_of(tmp_path)
    with pytest.raises(UsageError, match="no branch 'nope'"):
        add(world, "nope")
    with pytest.raises(UsageError, match="cannot land on"):
        add(world, "main")
    git(world.root, "branch", "same")
    with pytest.raises(UsageError, match="already"):
        add(world, "same")
    branch(world, "secret", {"services/users/k.txt": "AKIA" + "ABCDEFGHIJKLMNOP\n"})
    with pytest.raises(UsageError, match="credential"):
        add(world, "secret")
    text = json.dumps({**json.loads(contract()), "properties": {}})
    branch(world, "breaks", {CONTRACT: text})
    with pytest.raises(NeedsPerson, match="breaking"):
        add(world, "breaks")


def test_needs_are_kept_and_circles_refused(tmp_path: Path):
    world = world_of(tmp_path)
    branch(world, "one", {"services/users/one.py": "1\n"})
    branch(world, "two", {"services/orders/two.py": "2\n"})
    add(world, "one")
    add(world, "two", after=("one",))
    controls = QueueControls(world.log, world.runs)
    controls.cancel("one", by="ann")
    with pytest.raises(UsageError, match="would wait for itself"):
        controls.land("one", by="ann", after=("two",))
    (item,) = queue(world.runs.all())
    assert item.why == "needs one, which is not in the queue (approved)"
    controls.land("one", by="ann")
    world.work(over("one", "two", world=world), run="two")
    assert world.state("one").landed_seq < world.state("two").landed_seq
