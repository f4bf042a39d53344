"""`hive run "add loyalty_points field"` on the shop: from a sentence to one landed merge."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.e2e.hive_command import Hive, shop
from tests.invariants import assert_untouched, fingerprint

pytestmark = pytest.mark.e2e
REQUEST = "add loyalty_points field"
CARRIERS = {"users", "orders", "notifications", "gateway", "web"}
PLACES = {
    "contracts/users.openapi.yaml": 1,
    "gateway/src/types.d.ts": 1,
    "gateway/src/views.js": 2,
    "gateway/tests/fixtures.js": 1,
    "notifications/notifications/contact.py": 3,
    "notifications/notifications/templates/profile_updated.html": 1,
    "notifications/tests/conftest.py": 1,
    "orders/orders/customer.py": 4,
    "orders/orders/queries/insert_customer.sql": 2,
    "orders/orders/schema.sql": 1,
    "orders/tests/conftest.py": 1,
    "users/seed.json": 3,
    "users/tests/conftest.py": 2,
    "users/users/model.py": 3,
    "users/users/queries/get_user.sql": 1,
    "users/users/queries/insert_user.sql": 2,
    "users/users/queries/list_users.sql": 1,
    "users/users/queries/update_user.sql": 1,
    "users/users/rules.py": 1,
    "users/users/schema.sql": 1,
    "web/public/unsaved.js": 1,
    "web/src/columns.js": 1,
    "web/src/types.d.ts": 1,
    "web/src/user.js": 2,
    "web/tests/fixtures.js": 1,
    "web/views/profile.html": 1,
}
"""Every place of the shop that carries the user's other numeric field, and how many lines are added there."""


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Hive:
    if shutil.which("node") is None:
        pytest.skip("node is not installed: the gateway and the web front end cannot be tested")
    hive = shop(tmp_path_factory.mktemp("landed"))
    before = fingerprint(hive.root)
    done = hive("run", REQUEST, "--yes", "--approve-all", "--land", "--plain")
    assert done.returncode == 0, done.stdout + done.stderr
    assert_untouched(before, fingerprint(hive.root), target="main")
    return hive


def test_the_field_lands_in_every_service_that_carries_the_entity(landed: Hive):
    changed = set(landed.git("diff", "--name-only", "main^1", "main").split())
    assert {path.split("/")[1] for path in changed if path.startswith("services/")} == CARRIERS
    assert [path for path in changed if not path.startswith("services/")] == ["contracts/users.openapi.yaml"]


def test_no_place_is_left_out_and_none_is_false(landed: Hive):
    added = Counter[str]()
    for line in landed.git("diff", "-U0", "main^1", "main").splitlines():
        if line.startswith("+++ b/"):
            file = line.removeprefix("+++ b/").removeprefix("services/")
        elif line.startswith("+") and "loyalty" in line.lower():
            added[file] += 1
    assert added == PLACES


def test_it_is_one_merge_whose_first_parent_is_the_old_head(landed: Hive):
    assert landed.git("log", "--first-parent", "--format=%s", "main").splitlines()[0] == REQUEST
    assert len(landed.git("log", "-1", "--format=%P", "main").split()) == 1 + len(CARRIERS)
    contract = landed.git("log", "--format=%H", "--grep=^contract:", "main")
    assert landed.git("show", "--name-only", "--format=", contract).split() == [
        "contracts/users.openapi.yaml"
    ]


def test_every_service_has_evidence_that_hive_made_itself(landed: Hive):
    shown = landed.lines("show", "last")[0]
    evidence = {task["service"]: task["evidence"][0] for task in shown["tasks"]}
    assert {e["outcome"] for e in evidence.values()} == {"passed"}
    assert all(e["passed"] > 0 and e["exit_code"] == 0 and e["tree"] for e in evidence.values())
    assert {e["check"] for e in shown["union"]} == {"contract", "tests"}
    assert {e["outcome"] for e in shown["union"]} == {"passed"}


def test_nothing_is_left_behind(landed: Hive):
    project = next(landed.state.iterdir())
    left = [p for kind in ("workspaces", "scratch", "homes", "sessions") for p in (project / kind).glob("*")]
    assert left == []
    assert landed.git("for-each-ref", "--format=%(refname)", "refs/hive") == ""
    assert landed.git("worktree", "list").count("\n") == 0
    assert landed.git("status", "--porcelain") == ""


def test_the_log_tells_the_story_in_json_and_in_words(landed: Hive):
    events = landed.lines("logs", "last")
    kinds = [event["event"]["kind"] for event in events]
    assert kinds[:3] == ["run_created", "run_planned", "plan_approved"]
    assert kinds[-1] == "run_closed"
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    words = landed("logs", "last", "users").stdout
    assert "tests passed" in words
    assert "gateway" not in words


def test_a_finished_run_is_listed_and_cannot_be_touched(landed: Hive):
    (run,) = landed.lines("ls")
    assert run["phase"] == "landed"
    assert run["landed"] == landed.git("rev-parse", "main")
    refused = landed("stop", "last")
    assert refused.returncode == 2
    assert "is over" in refused.stderr


def test_the_same_request_again_is_refused_with_the_reason(landed: Hive):
    again = landed("plan", REQUEST + " to User")
    assert again.returncode == 2
    assert "loyalty_points" in again.stderr
    assert "already" in again.stderr


def test_a_person_reviews_comments_and_lands(tmp_path: Path):
    hive = shop(tmp_path)
    waiting = hive("run", "add loyalty_points field to User", "--yes", "--plain")
    assert waiting.returncode == 3, waiting.stdout + waiting.stderr
    assert "review" in hive("show", "last").stdout
    never = hive("diff", "last", "users", "--since", "last")
    assert (never.returncode, "has not looked at 'users' yet" in never.stderr) == (2, True)
    assert "loyalty_points" in hive("diff", "last", "users", "--viewed").stdout
    assert "no difference" in hive("diff", "last", "users", "--since", "last").stdout
    assert "choose last, or one of: 1" in hive("diff", "last", "users", "--since", "7").stderr
    early = hive("land", "last")
    assert early.returncode == 3
    assert "review" in early.stderr
    assert hive("reject", "last", "users", "-m", "not like this").returncode == 0
    assert hive("land", "last").returncode == 3
    assert (
        hive(
            "comment", "last", "users", "have another look", "--at", "services/users/users/model.py:3"
        ).returncode
        == 0
    )
    assert hive("resume", "last", "--plain").returncode == 3
    (users,) = hive.lines("show", "last", "users")[0]["tasks"]
    assert (users["turn"], users["phase"]) == (2, "stuck")
    assert "cannot follow a person's remarks" in users["settled"]["reason"]
    assert [comment["status"] for comment in users["comments"]] == ["unanswered"]
    digest = next(line for line in hive.lines("diff", "last", "users"))["digest"]
    others = hive("approve", "last")
    assert others.returncode == 3
    assert "users: not approved, because the work is stuck" in others.stderr
    stale = hive("approve", "last", "users", "--diff", "0" * 64)
    assert stale.returncode == 3
    assert "has changed since you looked at it" in stale.stderr
    assert hive("resolve", "last", str(users["comments"][0]["id"])).returncode == 0
    assert hive("approve", "last", "users", "--diff", digest[:12]).returncode == 0
    done = hive("land", "last", "--plain")
    assert done.returncode == 0, done.stdout + done.stderr
    assert hive.lines("ls")[0]["phase"] == "landed"
