"""The real Claude Code, from the SDK's wheel, against the fake Messages API."""

import asyncio
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("claude_agent_sdk", reason="the package 'claude_agent_sdk' is not installed")

from hive.agents.claude.agent import Claude
from hive.agents.conformance import Toolbox
from hive.model import (
    Answer,
    Asked,
    Delayed,
    Ended,
    FileEdited,
    Interrupt,
    Ran,
    Said,
    Spent,
    ToolReturned,
    Words,
)
from hive.process import MARK, marked
from hive.testing import Break, FakeModels, Refusal, Reply, Usage
from hive.workspaces.sandbox import find_sandbox
from tests.agents.claude.rig import DONE, EDIT, READ, WRITE, script, use
from tests.agents.conftest import Mailbox
from tests.agents.means import means

CONFINED = find_sandbox()
needs_sandbox = pytest.mark.skipif(CONFINED.name == "none", reason="no sandbox works here")


def turn(assignment, *replies, inbox=None, sandbox=None, act=None, **settings):
    async def play():
        async with FakeModels(script(*replies)) as fake:
            agent = Claude(means(fake.url, sandbox=sandbox, **settings), retries=1)
            if act:
                return await act(agent, fake), fake
            return [each async for each in agent.work(assignment, inbox or Mailbox(), Toolbox())], fake

    return asyncio.run(play())


def of(kind, reports):
    return [each for each in reports if isinstance(each, kind)]


def test_it_edits_files_and_what_it_cost_adds_up(assign):
    assignment = assign(brief="BRIEF", guide="GUIDE")
    reports, fake = turn(assignment, WRITE, READ, EDIT, DONE)
    assert Path(assignment.workspace, "users/model.py").read_text() == "loyalty_points = 1\n"
    assert [each.path for each in of(FileEdited, reports)] == ["users/model.py"] * 2
    assert of(Said, reports)[-1].text == "Done."
    assert reports[-1] == Ended(outcome="finished")
    spent = of(Spent, reports)
    assert sum(each.input_tokens for each in spent) == 400
    assert sum(each.output_tokens for each in spent) == 80
    assert sum(each.cost_usd for each in spent) == pytest.approx((400 * 4 + 80 * 20) / 1e6)
    asked = fake.calls[0]
    assert "BRIEF" in asked.words
    assert "<project-guide>\nGUIDE" in asked.words
    assert "Change files below your service folder only" in asked.words
    assert asked.headers["x-api-key"] == "sk-ant-fake"


def test_settings_hooks_and_guides_of_the_repository_are_not_loaded(assign, tmp_path):
    assignment = assign()
    service = Path(assignment.workspace, "users")
    (service / ".claude").mkdir()
    hook = {"hooks": [{"type": "command", "command": f"touch {tmp_path}/executed"}]}
    hooks = {"SessionStart": [hook], "PreToolUse": [{"matcher": "*", **hook}]}
    (service / ".claude/settings.json").write_text(json.dumps({"hooks": hooks}))
    (service / "CLAUDE.md").write_text("CANARY-OF-THE-REPOSITORY")
    (service / ".mcp.json").write_text(json.dumps({"mcpServers": {"x": {"command": "touch", "args": ["x"]}}}))
    reports, fake = turn(assignment, WRITE, DONE)
    assert reports[-1].outcome == "finished"
    assert not (tmp_path / "executed").exists()
    assert "CANARY-OF-THE-REPOSITORY" not in fake.calls[0].words


def test_a_second_turn_continues_the_session_and_is_billed_alone(assign):
    feedback = ({"source": "check", "text": "1 failed"},)
    replies = (WRITE, DONE, READ, EDIT, DONE)
    turn(assign(), *replies)
    for _ in range(2):  # also when the second turn is redone after a crash
        Path(assign().workspace, "users/model.py").write_text("loyalty_points = 0\n")
        reports, fake = turn(assign(turn=2, feedback=feedback), *replies)
        assert reports[-1].outcome == "finished"
        assert "From the check:\n1 failed" in fake.calls[0].words
        assert len(fake.calls) == 3
        assert sum(each.cost_usd for each in of(Spent, reports)) == pytest.approx(
            3 * (100 * 4 + 20 * 20) / 1e6
        )


def test_a_session_that_is_lost_begins_anew_with_the_brief(assign):
    feedback = ({"source": "check", "text": "1 failed"},)
    _, fake = turn(assign(turn=2, brief="BRIEF", feedback=feedback), DONE)
    assert "BRIEF" in fake.calls[0].words
    assert "1 failed" in fake.calls[0].words


def test_a_session_whose_home_is_lost_goes_on_from_what_hive_has_kept(assign, tmp_path):
    feedback = ({"source": "check", "text": "1 failed"},)
    kept = {"memory": str(tmp_path / "kept")}
    script = (WRITE, DONE, READ, DONE)
    for number in (1, 2):  # the second is a fork of the first
        assignment = assign(turn=number, brief="BRIEF", feedback=feedback, **kept)
        turn(assignment, *script)
    shutil.rmtree(assignment.home)
    _, fake = turn(assign(turn=3, brief="BRIEF", feedback=feedback, **kept), *script, DONE)
    first = json.dumps(fake.calls[0].body["messages"])
    assert first.count("toolu_") >= 4  # both turns' calls and their results
    assert "Done." in first


def test_what_hive_keeps_of_a_session_has_no_secrets(assign, tmp_path):
    kept = tmp_path / "kept"
    Path(assign().workspace, "users/model.py").write_text("TOKEN = 'ghp_" + "a1B2" * 9 + "'\n")
    turn(assign(memory=str(kept)), READ, DONE)
    texts = [path.read_text() for path in kept.glob("transcript-*.jsonl")]
    assert texts
    assert all("ghp_" not in text for text in texts)
    assert any("[redacted]" in text for text in texts)


def test_nothing_is_written_outside_the_service(assign, tmp_path):
    outside = [f"{tmp_path}/escaped", "{workspace}/orders/x.py", "{workspace}/contracts/users.yaml"]
    tries = [use("Write", file_path=path, content="owned") for path in outside]
    reports, _ = turn(assign(), *tries, use("WebFetch", url="http://127.0.0.1:1", prompt="x"), DONE)
    assert [each.outcome for each in of(ToolReturned, reports)][:3] == ["denied"] * 3
    assert reports[-1].outcome == "failed"
    assert "not allowed and nothing was changed" in reports[-1].reason
    assert not (tmp_path / "escaped").exists()


def test_there_is_no_shell_without_a_sandbox(assign, tmp_path):
    reports, fake = turn(assign(), use("Bash", command=f"touch {tmp_path}/made"), DONE)
    assert "Bash" not in {tool["name"] for tool in fake.calls[0].body["tools"]}
    assert not (tmp_path / "made").exists()
    assert of(Ran, reports) == []
    assert reports[-1].outcome == "failed"


@needs_sandbox
def test_a_command_is_confined_and_sees_neither_key_nor_network(assign, tmp_path, monkeypatch):
    monkeypatch.setenv("MY_SECRET", "hunter2")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-fake")
    command = f"env; echo in > made; echo x > {tmp_path}/escaped; (echo > /dev/tcp/127.0.0.1/9) 2>&1; exit 3"
    reports, fake = turn(assign(), use("Bash", command=command), DONE, sandbox=CONFINED)
    (ran,) = of(Ran, reports)
    assert (ran.command, ran.exit_code) == (command, 3)
    told = fake.calls[1].words
    assert f"{MARK}=" in told
    assert "hunter2" not in told
    assert "sk-ant" not in told
    assert "CLAUDE_CODE_MESSAGING_TOKEN" not in told
    assert Path(assign().workspace, "users/made").exists()
    assert not (tmp_path / "escaped").exists()
    assert reports[-1].outcome == "finished"


def test_the_program_itself_is_given_no_secret_of_the_user(assign, monkeypatch):
    monkeypatch.setenv("MY_SECRET", "hunter2")
    seen = {}

    async def look(agent, fake):
        reports = []
        async for report in agent.work(assign(), Mailbox(), Toolbox()):
            for pid in marked(assign().home):
                seen[pid] = Path(f"/proc/{pid}/environ").read_bytes()
            reports.append(report)
        return reports

    reports, _ = turn(assign(), WRITE, DONE, act=look)
    assert reports[-1].outcome == "finished"
    assert seen
    assert all(b"hunter2" not in environ for environ in seen.values())
    assert all(str(assign().home).encode() in environ for environ in seen.values())


@pytest.mark.parametrize(
    ("name", "header", "sent"),
    [
        ("ANTHROPIC_API_KEY", "x-api-key", "sk-ant-fake"),
        ("ANTHROPIC_AUTH_TOKEN", "authorization", "Bearer sk-ant-fake"),
        ("CLAUDE_CODE_OAUTH_TOKEN", "authorization", "Bearer sk-ant-fake"),
    ],
)
def test_the_key_of_its_model_stays_with_hive(assign, name, header, sent):
    seen = []

    async def look(agent, fake):
        environ = {name: "sk-ant-fake", "ANTHROPIC_BASE_URL": fake.url, "HTTPS_PROXY": "http://127.0.0.1:9"}
        agent.means = replace(agent.means, environ=environ)
        reports = []
        async for report in agent.work(assign(), Mailbox(), Toolbox()):
            seen.extend(Path(f"/proc/{pid}/environ").read_bytes() for pid in marked(assign().home))
            reports.append(report)
        return reports

    reports, fake = turn(assign(), WRITE, DONE, act=look)
    assert reports[-1] == Ended(outcome="finished")
    assert [call.headers[header] for call in fake.calls] == [sent] * len(fake.calls)
    assert any(f"{name}=held-by-hive-".encode() in environ for environ in seen)
    assert all(b"sk-ant-fake" not in environ for environ in seen)


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (Refusal(status=401, message="invalid x-api-key"), "401"),
        (Refusal(status=400, message="too long"), "400"),
        (Refusal(status=404, message="model: claude-none"), "an issue with the selected model"),
    ],
)
def test_a_refusal_of_the_model_is_a_failure_with_its_reason(assign, refusal, words):
    reports, _ = turn(assign(), Reply(always=refusal))
    assert reports[-1].outcome == "failed"
    assert words in reports[-1].reason


def test_an_overloaded_model_is_asked_again(assign):
    first = WRITE.model_copy(update={"faults": (Refusal(status=529, retry_after=0),)})
    reports, fake = turn(assign(), first, DONE)
    assert reports[-1].outcome == "finished"
    assert len(fake.calls) == 3


def test_a_key_that_is_refused_is_not_tried_again_and_again(assign):
    reports, fake = turn(assign(), Reply(always=Refusal(status=401, message="invalid x-api-key")))
    assert "401" in reports[-1].reason
    assert len(fake.calls) <= 2


def test_a_rate_limit_closes_the_quota_for_every_session_of_the_key(assign):
    limited = DONE.model_copy(update={"faults": (Refusal(status=429, retry_after=1),)})

    async def play(agent, fake):
        reports = []
        async for report in agent.work(assign(), Mailbox(), Toolbox()):
            reports.append(report)
            if isinstance(report, Delayed):
                account = agent.means.account("another", fake.url, "sk-ant-fake")
                assert account.quota.left > 0
        return reports

    reports, _ = turn(assign(), limited, act=play)
    assert of(Delayed, reports)[0].reason == "the model's quota"
    assert reports[-1].outcome == "finished"


def test_it_is_given_what_is_left_of_the_budget_also_when_its_session_goes_on(assign):
    usage = Usage(output_tokens=10_000)
    replies = [
        each.model_copy(update={"usage": usage}) for each in (WRITE, DONE, READ, READ, READ, READ, DONE)
    ]
    call = (100 * 4 + 10_000 * 20) / 1e6

    async def play(agent, fake):
        budget = agent.means.budgets.of(assign().run)
        budget.restate(3.5 * call, 0.0)
        async for _ in agent.work(assign(), Mailbox(), Toolbox()):
            pass
        assert budget.spent == pytest.approx(2 * call)

        async def second():
            feedback = ({"source": "check", "text": "1 failed"},)
            return [
                each async for each in agent.work(assign(turn=2, feedback=feedback), Mailbox(), Toolbox())
            ]

        working = asyncio.ensure_future(second())
        while not budget.exhausted:
            assert not working.done()
            await asyncio.sleep(0.01)
        await asyncio.wait({working}, timeout=0.2)
        assert not working.done()  # it is no failure: whoever pauses the run ends the turn
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        return budget.spent

    spent, fake = turn(assign(), *replies, act=play)
    assert len(fake.calls) == 4
    assert spent == pytest.approx(4 * call)


def test_an_endpoint_that_is_down_is_a_failure(assign):
    async def play():
        agent = Claude(means("http://127.0.0.1:9"), retries=0)
        return [each async for each in agent.work(assign(), Mailbox(), Toolbox())]

    ended = asyncio.run(play())[-1]
    assert ended.outcome == "failed"
    assert "Claude Code failed" in ended.reason


def test_the_user_chooses_the_model(assign):
    _, fake = turn(assign(), DONE, model="claude-sonnet-5-5")
    assert fake.calls[0].body["model"] == "claude-sonnet-5-5"


def test_a_person_is_heard(assign):
    reports, fake = turn(assign(), WRITE, DONE, DONE, inbox=Mailbox(Words(text="use an integer")))
    assert reports[-1].outcome == "finished"
    assert "Message from the person: use an integer" in fake.calls[-1].words


def test_a_person_allows_a_command_or_does_not_and_answers_what_is_asked(assign):
    choice = {"label": "integer", "description": "whole"}, {"label": "string", "description": "words"}
    question = {"question": "Which type?", "header": "Type", "options": list(choice), "multiSelect": False}
    replies = (
        use("Bash", command="echo x > made"),
        use("Bash", command="echo x > not-made"),
        use("WebFetch", url="http://127.0.0.1:9/x", prompt="x"),
        use("AskUserQuestion", questions=[question]),
        WRITE,
        DONE,
    )
    answers = ["allow", "deny", "deny", "integer"]

    async def play(agent, fake):
        inbox, reports = Mailbox(), []
        async for report in agent.work(assign(), inbox, Toolbox()):
            reports.append(report)
            if isinstance(report, Asked):
                inbox.queue.put_nowait(Answer(id=report.id, text=answers.pop(0)))
        return reports

    reports, fake = turn(assign(), *replies, act=play, permissions="ask")
    asked = of(Asked, reports)
    assert [each.about for each in asked] == ["permission"] * 3 + ["question"]
    assert asked[0].text == "run without a sandbox: echo x > made"
    assert asked[3].text == "Which type?"
    assert asked[3].options == ("integer", "string")
    assert Path(assign().workspace, "users/made").exists()
    assert not Path(assign().workspace, "users/not-made").exists()
    assert [each.outcome for each in of(ToolReturned, reports)] == ["ok", "denied", "denied", "ok", "ok"]
    assert "integer" in str(fake.calls[4].body["messages"][-1])
    assert reports[-1].outcome == "finished"


def test_an_interrupt_ends_a_stalled_answer_and_leaves_nothing(assign):
    async def interrupt(agent, fake):
        inbox, reports = Mailbox(), []

        async def when_asked():
            await fake.asked.wait()
            inbox.queue.put_nowait(Interrupt())

        waiting = asyncio.ensure_future(when_asked())
        async for report in agent.work(assign(), inbox, Toolbox()):
            reports.append(report)
        await waiting
        return reports

    reports, _ = turn(assign(), Reply(always=Break(how="stall", after=3)), act=interrupt)
    assert reports[-1] == Ended(outcome="interrupted", reason="interrupted by a person")
    assert marked(assign().home) == []


def test_no_more_programs_start_at_once_than_the_gate_lets_through(assign):
    async def crowd(agent, fake):
        agent.means.starting.slots = asyncio.Semaphore(1)

        async def one(name):
            return [each async for each in agent.work(assign(service=name), Mailbox(), Toolbox())][-1]

        ended = await asyncio.gather(*(one(name) for name in ("a", "b", "c")))
        assert agent.means.starting.slots._value == 1
        return ended

    ended, _ = turn(assign(), WRITE, DONE, act=crowd)
    assert {each.outcome for each in ended} == {"finished"}


def test_it_asks_hive_by_tools_of_its_own_session(assign):
    propose = use("mcp__hive__propose_contract_change", path="c.yaml", reason="tiers", new_text="t")
    forged = use("mcp__hive__post_note", text="hi", service="orders")
    unknown = use("mcp__hive__approve", proposal=1)
    box = Toolbox()

    async def act(agent, fake):
        return [each async for each in agent.work(assign(), Mailbox(), box)]

    reports, fake = turn(assign(), propose, forged, unknown, DONE, act=act)
    assert box.asked == [
        (
            "propose_contract_change",
            {"path": "c.yaml", "reason": "tiers", "new_text": "t", "replacements": ()},
        )
    ]
    assert [each.outcome for each in of(ToolReturned, reports)] == ["ok", "failed", "denied"]
    assert "propose_contract_change was asked" in str(fake.calls[1].body["messages"])
    assert reports[-1].outcome == "failed"  # all that it did to the files is nothing, and a tool was denied
