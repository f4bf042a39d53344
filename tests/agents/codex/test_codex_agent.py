"""The real Codex against the fake Responses API."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from hive.agents.codex.agent import Codex
from hive.agents.codex.confining import BOTH, fence
from hive.agents.codex.launching import program_missing
from hive.agents.conformance import Toolbox
from hive.model import Ended, FileEdited, Ran, Said, Spent, Words
from hive.process import MARK
from hive.testing import FakeModels, Refusal, Reply
from hive.workspaces.sandbox import find_sandbox
from tests.agents.codex.rig import DONE, EDIT, ESCAPE, WRITE, means, script, shell, use
from tests.agents.conftest import Mailbox

pytestmark = pytest.mark.skipif(bool(program_missing()), reason=str(program_missing()))
CONFINED = find_sandbox()
needs_sandbox = pytest.mark.skipif(CONFINED.name == "none", reason="no sandbox works here")


def turn(assignment, *replies, inbox=None, sandbox=CONFINED, environ=None, **settings):
    async def play():
        async with FakeModels(script(*replies)) as fake:
            given = means(fake.url, sandbox=sandbox, **settings)
            if environ is not None:
                given = replace(given, environ={"OPENAI_BASE_URL": f"{fake.url}/v1", **environ})
            work = Codex(given, retries=1).work(assignment, inbox or Mailbox(), Toolbox())
            return [each async for each in work], fake

    return asyncio.run(play())


def of(kind, reports):
    return [each for each in reports if isinstance(each, kind)]


def test_it_edits_files_and_is_told_the_rules_and_the_brief(assign):
    reports, fake = turn(assign(brief="BRIEF", guide="GUIDE"), WRITE, EDIT, DONE)
    assert Path(assign().workspace, "users/model.py").read_text() == "loyalty_points = 1\n"
    assert [each.path for each in of(FileEdited, reports)] == ["users/model.py"] * 2
    assert of(Said, reports)[-1].text == "Done."
    assert reports[-1] == Ended(outcome="finished")
    assert sum(each.input_tokens for each in of(Spent, reports)) == 300
    asked = fake.calls[0]
    assert "BRIEF" in asked.words
    assert "<project-guide>\nGUIDE" in asked.words
    assert "Change files below your service folder only" in asked.words
    assert asked.headers["authorization"] == "Bearer sk-fake"
    assert asked.body["model"] == "gpt-5.5"


@pytest.mark.parametrize(
    "sandbox", [None, pytest.param(CONFINED, marks=needs_sandbox)], ids=["none", "confined"]
)
def test_settings_hooks_skills_and_guides_of_the_repository_are_not_loaded(assign, tmp_path, sandbox):
    workspace = Path(assign().workspace)
    hook = {"hooks": [{"type": "command", "command": f"touch {tmp_path}/executed"}]}
    server = f'[mcp_servers.x]\ncommand = "touch"\nargs = ["{tmp_path}/executed"]\n'
    for folder in (workspace, workspace / "users"):
        (folder / "AGENTS.md").write_text("CANARY")
        for name in (".agents", ".codex"):
            (folder / name / "skills/evil").mkdir(parents=True)
            (folder / name / "skills/evil/SKILL.md").write_text(
                "---\nname: evil\ndescription: CANARY\n---\nCANARY"
            )
        (folder / ".codex/config.toml").write_text(f'developer_instructions = "CANARY"\n{server}')
        (folder / ".codex/hooks.json").write_text(json.dumps({"hooks": {"SessionStart": [hook]}}))
    reports, fake = turn(assign(), WRITE, DONE, sandbox=sandbox)
    assert reports[-1].outcome == "finished"
    assert not (tmp_path / "executed").exists()
    assert "CANARY" not in "".join(call.words for call in fake.calls)


@needs_sandbox
def test_a_command_is_confined_and_sees_neither_key_nor_network(assign, tmp_path, monkeypatch):
    monkeypatch.setenv("MY_SECRET", "hunter2")
    contracts = Path(assign().workspace, "contracts")
    contracts.mkdir()
    (contracts / "users.yaml").write_text("READABLE")
    look = "env; cat /proc/[0-9]*/environ | tr '\\0' '\\n'; cat ../contracts/users.yaml"
    write = f"echo in > made; echo x > {tmp_path}/escaped; echo x > ../contracts/users.yaml; echo x > /tmp/escaped"
    network = "(echo > /dev/tcp/127.0.0.1/9) 2>&1"
    reports, fake = turn(assign(), shell(f"{look}; {write}; {network}; exit 0"), DONE)
    (ran,) = of(Ran, reports)
    assert ran.exit_code == 0
    told = fake.calls[1].words
    assert f"{MARK}=" in told
    assert "READABLE" in told
    assert "hunter2" not in told
    assert Path(assign().workspace, "users/made").exists()
    assert not (tmp_path / "escaped").exists()
    assert (contracts / "users.yaml").read_text() == "READABLE"
    assert "sk-fake" not in told
    if fence(means("", sandbox=CONFINED)) == BOTH:
        assert "Operation not permitted" in told


@needs_sandbox
def test_leaving_the_sandbox_and_the_service_is_refused_and_no_success(assign, tmp_path):
    leave = shell(f"touch {tmp_path}/made", sandbox_permissions="require_escalated", justification="let me")
    reports, _ = turn(assign(), leave, ESCAPE, DONE)
    assert [each.outcome for each in reports if each.report == "tool_returned"] == ["denied"] * 2
    assert not (tmp_path / "made").exists()
    assert not (tmp_path / "outside").exists()
    assert reports[-1].outcome == "failed"
    assert "2 tool calls were not allowed and nothing was changed" in reports[-1].reason


def test_without_a_sandbox_of_hives_no_command_writes(assign):
    reports, _ = turn(assign(), shell("touch made"), WRITE, DONE, sandbox=None)
    assert not Path(assign().workspace, "users/made").exists()
    assert [each.path for each in of(FileEdited, reports)] == ["users/model.py"]


def test_a_second_turn_continues_the_thread_and_is_counted_alone(assign):
    feedback = ({"source": "check", "text": "1 failed"},)
    replies = (WRITE, DONE, EDIT, DONE)
    turn(assign(brief="BRIEF"), *replies)
    for _ in range(2):  # also when the second turn is done again after a crash
        Path(assign().workspace, "users/model.py").write_text("loyalty_points = 0\n")
        reports, fake = turn(assign(turn=2, brief="BRIEF", feedback=feedback), *replies)
        assert reports[-1] == Ended(outcome="finished")
        assert len(fake.calls) == 2
        assert "From the check:\n1 failed" in fake.calls[0].words
        assert "Change files below your service folder only" in fake.calls[0].words
        assert fake.calls[0].words.count("BRIEF") == 1
        assert sum(each.input_tokens for each in of(Spent, reports)) == 200


def test_a_person_is_heard_while_it_works(assign):
    reports, fake = turn(assign(), WRITE, DONE, DONE, inbox=Mailbox(Words(text="use an integer")))
    assert reports[-1].outcome == "finished"
    assert "Message from the person: use an integer" in fake.calls[-1].words


@pytest.mark.parametrize(
    ("replies", "environ", "words"),
    [
        (
            (Reply(always=Refusal(status=401, message="Incorrect API key")),),
            None,
            "401 Unauthorized: Incorrect",
        ),
        ((Reply(always=Refusal(status=404, message="no model 'x'")),), None, "404 Not Found: no model 'x'"),
        ((DONE,), {}, "OPENAI_API_KEY"),
        (
            (DONE,),
            {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"},
            "Connect call failed ('127.0.0.1', 9)",
        ),
    ],
    ids=["wrong key", "unknown model", "no key", "endpoint down"],
)
def test_a_model_that_cannot_be_had_is_a_failure_with_its_reason(assign, replies, environ, words):
    reports, _ = turn(assign(), *replies, environ=environ)
    assert reports[-1].outcome == "failed"
    assert words in reports[-1].reason


def test_it_reaches_hives_tools_through_a_server_of_its_own_session(assign):
    """Codex lets its model find the tools of servers by a search of its own, which the fake model does not play."""
    asked = use("list_mcp_resources", server="hive")
    reports, fake = turn(assign(), asked, WRITE, DONE)
    assert reports[-1] == Ended(outcome="finished"), reports
    assert "tool_search" in {tool["type"] for tool in fake.calls[0].body["tools"]}
    assert "-32601: Method not found" in str(fake.calls[1].body["input"])  # hive's server: it has tools only
