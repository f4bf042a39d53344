"""A person's branches of several repositories are one changeset: tested as one tree, landed in each as a merge."""

from pathlib import Path

import pytest

from hive.errors import UsageError
from hive.events import RunCreated
from hive.model import Contract, Graph, Policy, Service
from hive.orchestrator.offering import Offer, offer
from hive.orchestrator.queueing import QueueControls
from hive.orchestrator.runs import Runs
from hive.state import RunState
from tests.several import AUTHOR, NAMES, Several
from tests.world import git

GRAPH = Graph(
    services=tuple(Service(name=name, path=name, language="text") for name in ("orders", "users")),
    contracts=(Contract(path="contracts/users.schema.json", kind="jsonschema"),),
)


@pytest.fixture
def several(tmp_path: Path) -> Several:
    return Several.make(tmp_path)


def branch(several: Several, repository: str, name: str, text: str, path: str = "notes.txt") -> str:
    """A branch of one commit; the checkout stays on the target."""
    folder = several.folder / repository
    git(folder, "checkout", "-q", "-B", name)
    (folder / path).write_text(text)
    git(folder, "add", "-A")
    git(folder, *AUTHOR, "commit", "-qm", f"{name} here")
    git(folder, "checkout", "-q", "main")
    return git(folder, "rev-parse", name)


def found(several: Several, name: str) -> Offer:
    return offer(several.user, several.objects, GRAPH, name, "main", by="ann")


def add(several: Several, name: str, run: str = "r1") -> RunState:
    offered = found(several, name)
    created = RunCreated(
        request=f"branch {name}", base=offered.base, target="main", policy=Policy(), graph=GRAPH,
        sandbox="none", trusted=False, repositories=NAMES,
    )  # fmt: skip
    return QueueControls(several.log, Runs(several.log)).add(run, created, offered)


def test_a_branch_of_two_repositories_lands_in_both_and_leaves_the_third_alone(several: Several):
    commits = {name: branch(several, name, "fix", f"of {name}\n") for name in ("orders", "users")}
    before = git(several.folder / "contracts", "rev-parse", "main")
    add(several, "fix")
    state = several.until(landed=False)
    assert state.landed is not None, (state.refused, state.failed)
    for name, commit in commits.items():
        folder = several.folder / name
        assert git(folder, "show", "main:notes.txt") == f"of {name}"
        assert git(folder, "rev-parse", "main^2") == commit
        tested = git(several.objects.path, "rev-parse", f"{state.landed.new}:{name}")
        assert git(folder, "rev-parse", "main^{tree}") == tested
    assert git(several.folder / "contracts", "rev-parse", "main") == before
    assert several.clean()


def test_branches_of_other_names_are_named_for_each_repository(several: Several):
    branch(several, "orders", "mine", "1\n")
    branch(several, "users", "yours", "2\n")
    event = found(several, "orders=mine users=yours").event
    assert [(part.repository, part.branch) for part in event.parts] == [
        ("orders", "mine"),
        ("users", "yours"),
    ]
    assert [file.path for file in event.files] == ["orders/notes.txt", "users/notes.txt"]


def test_what_cannot_be_offered_is_refused_with_the_repository_and_the_next_step(several: Several):
    with pytest.raises(UsageError, match="none of the repositories has a branch 'nope'"):
        found(several, "nope")
    with pytest.raises(UsageError, match="there is no branch 'nope' in 'users'"):
        found(several, "users=nope")
    branch(several, "users", "clash", "ours\n", "fields.txt")
    several.commit("users", "fields.txt", "theirs\n")
    with pytest.raises(UsageError, match="'clash' of 'users' does not merge with 'main'") as caught:
        found(several, "clash")
    assert caught.value.next_step == "merge 'main' into it there, then `hive queue add clash`"


def test_a_branch_that_moves_in_one_repository_is_not_what_was_offered(several: Several):
    for name in ("orders", "users"):
        branch(several, name, "fix", "1\n")
    add(several, "fix")
    branch(several, "orders", "fix", "2\n")
    refused = several.until().refused
    assert refused is not None
    assert refused.reason.startswith("the branch 'fix' of 'orders' is at ")
    assert refused.next_step == "hive queue add fix"
