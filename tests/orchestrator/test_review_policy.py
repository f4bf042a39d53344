"""Policies of a project on whole runs: read from the base, never from an agent's work."""

from pathlib import Path

import pytest

from hive.cli.planning import review_of
from hive.config.review import ReviewTable
from hive.errors import NeedsPerson, UsageError
from hive.model import ReviewPolicy
from hive.workspaces.repository import UserRepository
from tests.world import World, add_field, git

TEAMS = {"payments": ("ann", "bob"), "api": ("cho",)}
OWNERS = "/services/users/ @payments\n/contracts/ @api\n"


def rules(**said: object) -> ReviewPolicy:
    return ReviewTable.model_validate({"teams": TEAMS, **said}).policy()


def commit(world: World, path: str, text: str) -> str:
    (world.root / path).write_text(text)
    git(world.root, "add", path)
    git(world.root, "-c", "user.name=u", "-c", "user.email=u@example.test", "commit", "-qm", path)
    return git(world.root, "rev-parse", "HEAD")


def test_owners_must_approve_what_they_own_and_the_flag_lands_nothing_of_it(tmp_path: Path):
    loosen = [*add_field(), {"do": "write", "path": "CODEOWNERS", "text": "* @eve\n"}]
    world = World.make(tmp_path, {"users": [loosen], "orders": [add_field()]})
    commit(world, "CODEOWNERS", OWNERS)
    world.begin(approve_all=True, land=True, review=rules(code_owners=True))
    state = world.work(lambda s: s.settled and s.tasks["orders"].phase == "approved")
    assert [(n.what, n.service) for n in state.needs] == [("review", "users"), ("review", None)]
    assert "needs an approval of @payments, for 'services/users/" in state.needs[0].text
    assert (
        state.needs[1].text
        == f"the contract needs an approval of @api, for {'contracts/users.schema.json'!r}"
    )
    with pytest.raises(NeedsPerson, match="'users' by 'eve' does not count"):
        world.controls.approve("r1", by="eve")
    assert world.controls.approve("r1", by="ann").tasks["users"].phase == "approved"
    assert world.state().phase == "review"
    world.controls.approve("r1", by="cho")
    assert world.work(lambda s: s.closed is not None).phase == "landed"


def test_two_people_approve_and_one_counts_once(tmp_path: Path):
    world = World.make(tmp_path, {"*": [add_field()]})
    world.begin(review=rules(approvals=2, approvers=["@payments"]))
    world.work(lambda s: s.phase == "review")
    state = world.controls.approve("r1", ["users"], by="ann")
    assert state.tasks["users"].phase == "ready"
    wanted = next(need.text for need in state.needs if need.service == "users")
    assert wanted == "review the diff; needs a second approval, of @payments"
    with pytest.raises(NeedsPerson, match="'users' by 'ann' does not count"):
        world.controls.approve("r1", ["users"], by="ann")
    with pytest.raises(NeedsPerson, match="'users' by 'cho' does not count"):
        world.controls.approve("r1", ["users"], by="cho")
    assert world.controls.approve("r1", ["users"], by="bob").tasks["users"].phase == "approved"


def test_the_rules_are_those_of_the_commit_that_the_run_starts_from(tmp_path: Path):
    world = World.make(tmp_path, {"*": [add_field()]})
    strict = '[project]\nname = "p"\n[services.users]\npath = "services/users"\n[review]\napprovals = 2\n'
    base = commit(world, "hive.toml", strict + "[review.services.users]\napprovals = 3\n")
    (world.root / "hive.toml").write_text(strict.replace("approvals = 2", "approvals = 0"))
    user = UserRepository.open(world.root)
    found = review_of(user, base)
    assert (found.approvals, found.services[0].approvals) == (2, 3)
    assert review_of(user, f"{base}~1") == ReviewPolicy()
    wrong = commit(world, "hive.toml", strict + "[review.services.payment]\napprovals = 3\n")
    with pytest.raises(UsageError, match=r"hive.toml of commit .*'payment', which is not in the file"):
        review_of(user, wrong)
