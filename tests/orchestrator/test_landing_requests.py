"""Landing by pull request: real bare repositories, a fake forge on loopback that merges as forges do."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hive.events import LandRequested, ResumeRequested
from hive.orchestrator.landing import requests
from hive.state import RunState
from hive.testing.forge import TOKEN, FakeForge, Fault
from hive.workspaces.forge import Address
from hive.workspaces.forge.github import GitHub
from tests.several import AUTHOR, NAMES, Several
from tests.world import World, add_field, git


@pytest.fixture
def fake() -> Iterator[FakeForge]:
    with FakeForge("github") as fake:
        yield fake


@pytest.fixture
def several(tmp_path: Path, fake: FakeForge) -> Several:
    """Three repositories with remotes, and a run whose requests are open."""
    project = Several.make(tmp_path)
    for name in NAMES:
        git(tmp_path, "clone", "-q", "--bare", str(project.folder / name), f"{name}.git")
        git(project.folder / name, "remote", "add", "origin", str(tmp_path / f"{name}.git"))
    project.context = replace(
        project.context,
        looks=(),
        pauses=(0.01, 0.01),
        forge=lambda user, remote: GitHub(
            fake.url, Address("forge.invalid", f"acme/{user.root.name}"), TOKEN
        ),
    )
    project.queue(landing="pull-request")
    return project


def ask(several: Several) -> RunState:
    while not (state := several.state()).requests and not state.refused:
        several.step()
    return several.state()


def merge(several: Several, fake: FakeForge, name: str, *, squash: bool = False, onto: str = "main") -> str:
    """What the forge does when somebody presses the button."""
    bare = several.folder / f"{name}.git"
    tree = git(bare, "rev-parse", "hive/r1^{tree}")
    parents = ["-p", onto] if squash else ["-p", onto, "-p", "hive/r1"]
    commit = git(bare, *AUTHOR, "commit-tree", tree, *parents, "-m", "merged by the forge")
    git(bare, "update-ref", "refs/heads/main", commit)
    request = fake.find(f"acme/{name}")
    request.state, request.merged_as = "merged", commit
    return commit


def head_of(several: Several, fake: FakeForge) -> None:
    for name in NAMES:
        fake.find(f"acme/{name}").head = git(several.folder / f"{name}.git", "rev-parse", "hive/r1")


def test_one_request_for_each_repository_with_the_others_linked(several: Several, fake: FakeForge):
    state = ask(several)
    assert state.phase == "requested"
    assert sorted(state.requests) == list(NAMES)
    assert {r.branch for r in fake.requests} == {"hive/r1"}
    body = fake.find("acme/orders").body
    assert body.index("acme/contracts/pull") < body.index("acme/users/pull") < body.index("this one")
    assert "### Contract" not in body or "points" in body
    assert "| `orders` |" in body
    assert [need.what for need in state.needs] == ["request"] * 3
    assert "3 repositories on origin: linked pull requests" in state.guarantee
    assert several.have() == []


def test_a_crash_before_the_requests_are_recorded_opens_no_others(several: Several, fake: FakeForge):
    state = several.tested()
    assert state.merged is not None
    for _ in range(2):
        asyncio.run(requests.ask(several.context, state, state.merged.onto))
    assert len(fake.requests) == 3
    first, again = (e.event for e in several.log.read() if e.event.kind == "requests_opened")
    assert first == again


def test_merged_in_all_of_them_it_has_landed_and_is_compared(several: Several, fake: FakeForge):
    ask(several)
    head_of(several, fake)
    fake.find("acme/users").checks = [("build", "failure")]
    merge(several, fake, "contracts", squash=True)
    state = several.step()
    assert state.seen["contracts"].state == "merged"
    assert state.seen["users"].checks == "failed"
    assert "checks failed: build" in state.needs[0].text + state.needs[1].text
    assert not state.watching
    for name in ("users", "orders"):
        merge(several, fake, name)
    several.tell("r1", ResumeRequested(by="t"))
    state = several.until(landed=False)
    assert state.landed is not None
    assert state.landed.note == ""
    assert several.have() == list(NAMES)
    assert several.clean()


def test_closed_after_another_was_merged_is_told_loudly_and_can_be_asked_again(
    several: Several, fake: FakeForge
):
    ask(several)
    head_of(several, fake)
    merge(several, fake, "contracts")
    fake.find("acme/orders").state = "closed"
    state = several.step()
    assert state.refused is not None
    assert state.refused.reason.startswith("PARTLY LANDED: contracts merged")
    several.tell("r1", LandRequested(by="t"))
    state = ask(several)
    assert sorted(state.requests) == ["orders", "users"]
    assert fake.find("acme/orders").number == 4
    for name in ("users", "orders"):
        merge(several, fake, name)
    assert several.until().landed is not None


def test_a_forge_that_merged_something_else_is_found_out(several: Several, fake: FakeForge):
    ask(several)
    for name in NAMES:
        merge(several, fake, name)
    bare = several.folder / "orders.git"
    other = git(bare, *AUTHOR, "commit-tree", "hive/r1~1^{tree}", "-p", "main~1", "-m", "not what was tested")
    git(bare, "update-ref", "refs/heads/main", other)
    fake.find("acme/orders").merged_as = other
    state = several.until()
    assert state.landed is not None
    assert "orders: WHAT LANDED IS NOT WHAT WAS TESTED: 1 files differ" in state.landed.note


def test_a_forge_that_is_busy_is_asked_again_and_one_that_refuses_needs_a_person(
    several: Several, fake: FakeForge
):
    fake.faults.extend([Fault(503), Fault(), Fault(lose=True), Fault(), Fault(403, message="not yours")])
    state = ask(several)
    assert state.refused is not None
    assert "not yours" in state.refused.reason
    assert several.kinds().count("landing_delayed") == 2
    several.tell("r1", LandRequested(by="t"))
    assert ask(several).phase == "requested"
    assert len(fake.requests) == 3


@pytest.mark.parametrize("squash", [True, False])
def test_one_repository_through_the_whole_engine_and_back(tmp_path: Path, fake: FakeForge, squash: bool):
    world = World.make(tmp_path, {"*": [add_field()]})
    bare = tmp_path / "remote.git"
    git(tmp_path, "clone", "-q", "--bare", str(world.root), str(bare))
    git(world.root, "remote", "add", "origin", str(bare))
    where = Address("forge.invalid", "acme/shop")
    world.context = replace(
        world.context, looks=(0.01,) * 1000, forge=lambda user, remote: GitHub(fake.url, where, TOKEN)
    )
    world.begin(approve_all=True, land=True, landing="pull-request")

    def merged_when_open(state: RunState) -> bool:
        if state.requests and fake.requests[0].state == "open":
            parents = ["-p", "main"] if squash else ["-p", "main", "-p", "hive/r1"]
            commit = git(bare, *AUTHOR, "commit-tree", "hive/r1^{tree}", *parents, "-m", "by the forge")
            git(bare, "update-ref", "refs/heads/main", commit)
            fake.requests[0].head = commit
            fake.requests[0].state, fake.requests[0].merged_as = "merged", commit
        return state.closed is not None or state.refused is not None

    state = world.work(merged_when_open)
    assert state.landed is not None, state.refused
    assert state.landed.new == git(bare, "rev-parse", "main") == git(world.root, "rev-parse", "main")
    assert state.landed.old == state.created.base
    assert state.landed.note == ""
    assert "2 services" in fake.requests[0].body
    assert world.litter() == []
