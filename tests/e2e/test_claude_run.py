"""`hive run --agent claude` on the shop: the real Claude Code in every service, a fake model behind it."""

from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest

from hive.testing import FakeModels, Part, Reply, Script, Text, ToolUse, serving
from hive.workspaces.newborn import commit_everything
from tests.e2e.hive_command import Hive, shop
from tests.invariants import assert_untouched, fingerprint

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(
        find_spec("claude_agent_sdk") is None, reason="the package 'claude_agent_sdk' is not installed"
    ),
]
REQUEST = "add loyalty_points field"
PAYER = """\
/** Who pays: the user as it was when the payment was made. */
export function payer(user) {
  return {
    user_id: user.user_id,
    email: user.email,
    display_name: user.display_name,
    phone: user.phone,
    marketing_opt_in: user.marketing_opt_in,
    store_credit: user.store_credit,
    created_at: user.created_at,
    updated_at: user.updated_at,
  };
}
"""


class Landed(NamedTuple):
    hive: Hive
    fake: FakeModels
    services: list[str]
    edited: dict[str, str]
    """What the change is, file by file, as another agent made it before."""


def wide_shop(folder: Path) -> Hive:
    """The shop, with the user in its sixth service too."""
    hive = shop(folder)
    (hive.root / "services/payments/src/payer.js").write_text(PAYER)
    commit_everything(hive.root, "Payments know who pays")
    return hive


def example(folder: Path) -> tuple[dict[str, str], list[str]]:
    """The files that the change touches with their new text, and its services, from a run of the built-in agent."""
    hive = wide_shop(folder)
    done = hive("run", REQUEST, "--yes", "--approve-all", "--land", "--plain")
    assert done.returncode == 0, done.stdout + done.stderr
    paths = hive.git("diff", "--name-only", "main^1", "main").split()
    texts = {path: hive.git("show", f"main:{path}") + "\n" for path in paths if path.startswith("services/")}
    return texts, sorted({path.split("/")[1] for path in texts})


def writing(service: str, texts: dict[str, str]) -> Part:
    """What the model answers in one service: read and write its files, run a command, say that it is done."""
    root = r"Your workspace: (\S+)"
    mine = {path: text for path, text in texts.items() if path.startswith(f"services/{service}/")}
    replies = []
    for path, text in mine.items():
        replies.append(Reply(blocks=(ToolUse(name="Read", input={"file_path": f"{{root}}/{path}"}),)))
        given = {"file_path": f"{{root}}/{path}", "content": text}
        replies.append(Reply(blocks=(Text(text=f"I write {path}."), ToolUse(name="Write", input=given))))
    return Part(
        when=f"/services/{service}\n\nRules:",
        captures={"root": root},
        replies=(*replies, Reply(blocks=(Text(text="The field is there."),))),
    )


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory):
    texts, services = example(tmp_path_factory.mktemp("example"))
    script = Script(parts=tuple(writing(service, texts) for service in services))
    with serving(script) as fake:
        hive = wide_shop(tmp_path_factory.mktemp("claude"))
        hive.env |= {"ANTHROPIC_BASE_URL": fake.url, "ANTHROPIC_API_KEY": "sk-ant-fake"}
        before = fingerprint(hive.root)
        run = ["run", REQUEST, "--agent", "claude", "--yes", "--approve-all", "--land", "--plain"]
        done = hive(*run, "--max-parallel", str(len(services)))
        assert done.returncode == 0, done.stdout + done.stderr
        assert_untouched(before, fingerprint(hive.root), target="main")
        yield Landed(hive, fake, services, texts)


def test_every_service_is_edited_as_its_session_wrote_it(landed: Landed):
    assert len(landed.services) == 6
    for path, text in landed.edited.items():
        assert landed.hive.git("show", f"main:{path}") + "\n" == text


def test_every_service_has_a_session_of_its_own_at_the_same_time(landed: Landed):
    sessions = [request.headers["x-claude-code-session-id"] for request in landed.fake.calls]
    assert len(set(sessions)) == len(landed.services)
    first = [sessions.index(each) for each in dict.fromkeys(sessions)]
    over = min(len(sessions) - sessions[::-1].index(each) for each in set(sessions))
    assert sum(begun < over for begun in first) > 1


def test_hive_ran_the_tests_itself_and_they_passed(landed: Landed):
    (shown,) = landed.hive.lines("show", "last")
    for task in shown["tasks"].values() if isinstance(shown["tasks"], dict) else shown["tasks"]:
        assert task["phase"] in ("approved", "ready")


def test_what_the_sessions_cost_is_known(landed: Landed):
    (shown,) = landed.hive.lines("show", "last")
    expected = len(landed.fake.calls) * (100 * 4 + 20 * 20) / 1e6
    assert shown["cost_usd"] == pytest.approx(expected)


def test_no_key_is_in_the_state(landed: Landed):
    for path in landed.hive.state.rglob("*"):
        if path.is_file() and not path.is_symlink():
            assert b"sk-ant-fake" not in path.read_bytes(), path
