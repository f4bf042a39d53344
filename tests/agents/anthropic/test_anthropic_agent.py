"""The in-process adapter against the fake Messages API."""

import asyncio
import json
from pathlib import Path

import pytest

from hive.agents.anthropic.agent import Anthropic
from hive.agents.anthropic.prices import Tokens, cost
from hive.agents.conformance import Toolbox
from hive.agents.tools.requests import REQUESTS
from hive.errors import UsageError
from hive.model import (
    Answer,
    Asked,
    Delayed,
    Ended,
    FileEdited,
    Interrupt,
    Ran,
    Said,
    Service,
    Spent,
    Thought,
    ToolCalled,
    ToolReturned,
    Words,
)
from hive.process import marked
from hive.testing import Break, FakeModels, Part, Refusal, Reply, Script, ToolUse, Usage
from hive.workspaces.sandbox import Bubblewrap, find_sandbox
from tests.agents.anthropic.rig import DONE, EDIT, ESCAPE, QUICK, WRITE, use
from tests.agents.conftest import Mailbox
from tests.agents.means import MEANS, means

CONFINED = find_sandbox()
needs_sandbox = pytest.mark.skipif(CONFINED.name == "none", reason="no sandbox works here")


def turn(assignment, *replies, inbox=None, sandbox=None, act=None, script=None, **settings):
    """Play one turn; the reports and what the server was asked."""

    async def play():
        async with FakeModels(script or Script.of(*replies)) as fake:
            agent = Anthropic.with_means(means(fake.url, sandbox=sandbox, **settings), QUICK)
            if act:
                return await act(agent, fake), fake
            return [each async for each in agent.work(assignment, inbox or Mailbox(), Toolbox())], fake

    return asyncio.run(play())


def of(kind, reports):
    return [each for each in reports if isinstance(each, kind)]


def test_a_turn_writes_files_and_tells_all_of_it(assign):
    assignment = assign()
    reports, fake = turn(assignment, WRITE, EDIT, DONE)
    assert Path(assignment.workspace, "users/model.py").read_text() == "loyalty_points = 1\n"
    assert [each.path for each in of(FileEdited, reports)] == ["users/model.py", "users/model.py"]
    assert of(Thought, reports)[0].text == "What now?"
    assert of(Said, reports)[-1].text == "Done."
    assert of(ToolCalled, reports)[0] == ToolCalled(tool="write", summary="model.py")
    assert {each.outcome for each in of(ToolReturned, reports)} == {"ok"}
    assert reports[-1] == Ended(outcome="finished")
    assert len(fake.calls) == 3


def test_the_model_is_told_the_brief_the_guide_and_the_rules(assign):
    _, fake = turn(assign(brief="BRIEF", guide="GUIDE"), DONE)
    body = fake.calls[0].body
    assert "BRIEF" in str(body["messages"])
    assert "<project-guide>\\nGUIDE" in str(body["messages"])
    assert "Change files below your service folder only" in str(body["system"])
    asks = {tool["name"] for tool in body["tools"]} - {"read", "glob", "grep", "write", "edit"}
    assert asks == set(REQUESTS)


def test_prompts_are_cached_long_histories_cleared_and_the_history_is_ours(assign):
    _, fake = turn(assign(), WRITE, DONE)
    body = fake.calls[1].body
    assert body["cache_control"] == {"type": "ephemeral"}
    assert body["context_management"]["edits"][0]["type"] == "clear_tool_uses_20250919"
    assert "thread" not in body
    assert [message["role"] for message in body["messages"]] == ["user", "assistant", "user"]


def test_tokens_and_money_are_told_for_every_answer(assign):
    usage = Usage(input_tokens=1000, output_tokens=100, cache_read_tokens=10_000, cache_write_tokens=200)
    reports, _ = turn(
        assign(), Reply(blocks=WRITE.blocks, usage=usage), Reply(usage=usage), model="claude-opus-5-5"
    )
    spent = of(Spent, reports)
    assert [(each.input_tokens, each.output_tokens) for each in spent] == [(11_200, 100)] * 2
    assert spent[0].cost_usd == pytest.approx((4000 + 2000 + 2000 + 1000) / 1e6)


def test_the_user_chooses_the_model(assign):
    _, fake = turn(assign(), DONE, model="claude-opus-5-5")
    assert fake.calls[0].body["model"] == "claude-opus-5-5"


def test_a_second_turn_knows_the_first_and_a_repeated_one_begins_where_it_began(assign):
    feedback = ({"source": "check", "text": "1 failed"},)
    script = Script.of(WRITE, DONE, EDIT, DONE)
    turn(assign(), script=script)
    for _ in range(2):
        Path(assign().workspace, "users/model.py").write_text("loyalty_points = 0\n")
        reports, fake = turn(assign(turn=2, feedback=feedback), script=script)
        assert reports[-1].outcome == "finished"
        first = fake.calls[0].body["messages"]
        assert len(first) == 5
        assert "From the check:\\n1 failed" in str(first[-1])


def test_a_turn_after_one_that_failed_knows_what_was_done_and_no_secret(assign):
    secret = "sk-ant-" + "a" * 40
    Path(assign().workspace, "users/seen.txt").write_text(secret)
    failing = Reply(always=Refusal(status=400, message="no"))
    turn(assign(), use("read", file_path="seen.txt"), failing)
    _, fake = turn(assign(turn=2), DONE, script=Script.of(use("read", file_path="seen.txt"), DONE))
    messages = fake.calls[0].body["messages"]
    assert [message["role"] for message in messages] == ["user", "assistant", "user", "user"]
    assert "[redacted]" in str(messages[2])
    assert secret not in "".join(p.read_text() for p in Path(assign().home).rglob("*-1"))


@pytest.mark.parametrize("text", ["{", "[" * 100_000, '{"a": 1}', ""])
def test_a_history_that_cannot_be_read_is_as_none(assign, text):
    folder = Path(assign().home) / "recollections"
    folder.mkdir(parents=True)
    (folder / "messages-1").write_text(text)
    _, fake = turn(assign(turn=2), DONE)
    assert len(fake.calls[0].body["messages"]) == 1


@pytest.mark.parametrize(
    "path", ["way_out.txt", "/etc/hive-was-here", "../orders/a.py", "../../x", "../.git"]
)
def test_nothing_is_written_outside_the_service(assign, tmp_path, path):
    assignment = assign()
    (tmp_path / "outside").mkdir()
    Path(assignment.workspace, "users/way_out.txt").symlink_to(tmp_path / "outside/new")
    reports, _ = turn(assignment, use("write", file_path=path, content="owned"), DONE)
    assert of(ToolReturned, reports)[0].outcome == "denied"
    assert reports[-1].outcome == "failed"
    assert "not allowed and nothing was changed" in reports[-1].reason
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_service_at_the_root_cannot_touch_git(assign):
    assignment = assign(service="root")
    assignment = assignment.model_copy(update={"service": Service(name="root", path=".")})
    reports, _ = turn(assignment, use("write", file_path=".git", content="gitdir: /evil"), DONE)
    assert of(ToolReturned, reports)[0].outcome == "denied"


def test_the_whole_workspace_can_be_read(assign):
    assignment = assign()
    contracts = Path(assignment.workspace, "contracts")
    contracts.mkdir()
    (contracts / "users.yaml").write_text("loyalty_points: integer")
    _, fake = turn(assignment, use("read", file_path="../contracts/users.yaml"), DONE)
    assert "loyalty_points: integer" in str(fake.calls[1].body["messages"][-1])


def test_a_refusal_beside_real_work_does_not_spoil_it(assign):
    reports, _ = turn(assign(), ESCAPE.model_copy(update={"blocks": (ToolUse(name="shell"),)}), WRITE, DONE)
    assert of(ToolReturned, reports)[0].outcome == "denied"
    assert reports[-1].outcome == "finished"


def test_there_is_no_shell_without_a_sandbox(assign):
    reports, fake = turn(assign(), use("bash", command="touch /tmp/x"), DONE)
    assert "bash" not in {tool["name"] for tool in fake.calls[0].body["tools"]}
    assert reports[-1].outcome == "failed"


@needs_sandbox
def test_the_shell_runs_inside_the_sandbox_without_keys_and_without_a_network(assign, tmp_path, monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-fake")
    command = (
        f"echo in > made; env; echo owned > {tmp_path}/escaped; (echo > /dev/tcp/127.0.0.1/9) 2>&1; exit 3"
    )
    assignment = assign()
    reports, fake = turn(assignment, use("bash", command=command), DONE, sandbox=CONFINED)
    (ran,) = of(Ran, reports)
    assert (ran.command, ran.exit_code) == (command, 3)
    assert Path(assignment.workspace, "users/made").exists()
    assert not (tmp_path / "escaped").exists()
    told = str(fake.calls[1].body["messages"][-1])
    assert "sk-ant" not in told
    assert "[exit code 3]" in told


@needs_sandbox
def test_a_command_that_takes_too_long_is_ended(assign):
    reports, fake = turn(assign(), use("bash", command="sleep 60", timeout_seconds=1), DONE, sandbox=CONFINED)
    assert "not done within 1 second" in str(fake.calls[1].body["messages"][-1])
    assert of(ToolReturned, reports)[0].outcome == "failed"


@pytest.mark.parametrize(
    "faults",
    [
        (Refusal(status=529), Refusal(status=500)),
        (Refusal(status=429, retry_after=0.01),),
        (Break(how="cut", after=4), Break(how="cut", after=0)),
        (Break(how="end", after=6),),
        (Break(how="error", after=5),),
        (Break(how="garbage", after=5),),
    ],
)
def test_what_passes_is_tried_again_and_no_tool_runs_twice(assign, faults):
    append = use("bash", command="echo x >> made")
    replies = (append.model_copy(update={"faults": faults}), DONE.model_copy(update={"faults": faults}))
    reports, fake = turn(assign(), *replies, sandbox=Bubblewrap() if CONFINED.name != "none" else None)
    assert len(of(ToolReturned, reports)) == 1
    assert len(fake.calls) == 2 * (1 + len(faults))
    if CONFINED.name != "none":
        assert Path(assign().workspace, "users/made").read_text() == "x\n"


@pytest.mark.parametrize(
    ("refusal", "reason"),
    [
        (Refusal(status=401, message="invalid x-api-key"), "the key is not accepted"),
        (Refusal(status=400, message="prompt is too long"), "prompt is too long"),
        (Refusal(status=404, message="model: claude-x"), "correct the model"),
        (Refusal(status=429, message="You have reached your monthly spend limit."), "spend limit is reached"),
        (Refusal(status=429, retry_after=36000), "for 36000 more seconds"),
    ],
)
def test_what_cannot_pass_is_asked_once_and_says_why(assign, refusal, reason):
    reports, fake = turn(assign(), Reply(always=refusal))
    assert len(fake.calls) == 1
    assert reports[-1].outcome == "failed"
    assert reason in reports[-1].reason


def test_doubled_events_and_a_huge_unknown_one_do_no_harm(assign):
    odd = WRITE.model_copy(update={"padding": 3 << 20})
    reports, _ = turn(assign(), odd, DONE)
    assert reports[-1].outcome == "finished"
    reports, _ = turn(assign(), WRITE.model_copy(update={"doubled": True}))
    assert reports[-1].outcome == "failed"
    assert of(FileEdited, reports) == []


def test_an_endpoint_that_is_down_is_a_reason(assign):
    async def play():
        agent = Anthropic.with_means(means("http://127.0.0.1:9"), QUICK)
        return [each async for each in agent.work(assign(), Mailbox(), Toolbox())]

    (ended,) = asyncio.run(play())
    assert "cannot be reached" in ended.reason


@pytest.mark.parametrize("reason", ["max_tokens", "refusal", "brand_new"])
def test_an_answer_that_stops_for_another_reason_is_no_success(assign, reason):
    reports, _ = turn(assign(), Reply(stop_reason=reason))
    assert reports[-1] == Ended(outcome="failed", reason=f"the model stopped: {reason}")


def test_a_person_is_heard_with_the_next_results(assign):
    reports, fake = turn(assign(), WRITE, DONE, DONE, inbox=Mailbox(Words(text="use an integer")))
    assert reports[-1].outcome == "finished"
    assert "Message from the person: use an integer" in str(fake.calls[-1].body["messages"])


def test_an_interrupt_ends_a_stalled_answer(assign):
    async def interrupt(agent, fake):
        inbox, reports = Mailbox(), []
        async for report in agent.work(assign(), inbox, Toolbox()):
            reports.append(report)
            if isinstance(report, Said):
                inbox.queue.put_nowait(Interrupt())
        return reports

    stalled = Reply(always=Break(how="stall", after=5), chunk=100)
    reports, _ = turn(assign(), stalled, act=interrupt)
    assert reports[-1] == Ended(outcome="interrupted", reason="interrupted by a person")


def test_a_hundred_sessions_share_one_client(assign):
    async def crowd(agent, fake):
        async def one(number):
            given = assign(service=f"s{number}", brief=f"brief {number}")
            return [each async for each in agent.work(given, Mailbox(), Toolbox())][-1]

        ended = await asyncio.gather(*(one(number) for number in range(100)))
        return ended, agent.lines._open

    (ended, left), fake = turn(assign(), WRITE, DONE, act=crowd)
    assert {each.outcome for each in ended} == {"finished"}
    assert len(fake.calls) == 200
    assert left == {}


def test_a_rate_limit_that_one_session_meets_holds_all_of_them_back(assign):
    limited = Part(
        when="first", replies=(DONE.model_copy(update={"faults": (Refusal(status=429, retry_after=0.3),)}),)
    )
    script = Script(parts=(limited, Part(replies=(WRITE, DONE))))

    async def both(agent, fake):
        async def one(name):
            return [
                each async for each in agent.work(assign(service=name, brief=name), Mailbox(), Toolbox())
            ][-1]

        first = asyncio.ensure_future(one("first"))
        await fake.asked.wait()
        quota = agent.means.account("", agent.lines.endpoint, agent.lines.key).quota
        while not quota.left:
            await asyncio.sleep(0.001)
        before = len(fake.calls)
        second = asyncio.ensure_future(one("second"))
        await quota.opened(asyncio.Queue().put)
        assert len(fake.calls) == before
        return await asyncio.gather(first, second)

    ended, _ = turn(assign(), script=script, act=both)
    assert {each.outcome for each in ended} == {"finished"}


def test_a_wait_for_quota_is_told_with_its_end(assign):
    limited = DONE.model_copy(update={"faults": (Refusal(status=429, retry_after=0.6),)})
    reports, fake = turn(assign(), limited)
    (delayed,) = of(Delayed, reports)
    assert delayed.reason == "the model's quota"
    assert reports[-1].outcome == "finished"
    assert len(fake.calls) == 2


def test_a_run_of_many_sessions_overspends_by_one_call_at_most(assign):
    usage = Usage(input_tokens=100, output_tokens=10_000)
    loop = [use("read", file_path=".").model_copy(update={"usage": usage}) for _ in range(50)]
    price = cost("claude-sonnet-5-5", Tokens(input=100, output=10_000))

    async def crowd(agent, fake):
        budget = agent.means.budgets.of(assign().run)
        budget.restate(7.5 * price, 0.0)

        async def one(number):
            async for _ in agent.work(
                assign(service=f"s{number}", brief=f"brief {number}"), Mailbox(), Toolbox()
            ):
                pass

        sessions = [asyncio.ensure_future(one(number)) for number in range(6)]
        while not budget.exhausted or budget.reserved:
            assert not any(each.done() for each in sessions)
            await asyncio.sleep(0.001)
        calls = len(fake.calls)
        for _ in range(20):
            await asyncio.sleep(0)
        assert len(fake.calls) == calls
        for each in sessions:
            each.cancel()
        await asyncio.gather(*sessions, return_exceptions=True)
        return budget.spent

    spent, fake = turn(assign(), *loop, act=crowd)
    assert 7.5 * price <= spent <= 8.5 * price
    assert len(fake.calls) == 8


@pytest.mark.parametrize(("answer", "outcome"), [("allow", "ok"), ("deny", "denied")])
def test_a_command_that_the_policy_refuses_waits_for_a_person(assign, answer, outcome):
    async def play(agent, fake):
        inbox, reports = Mailbox(), []
        async for report in agent.work(assign(), inbox, Toolbox()):
            reports.append(report)
            if isinstance(report, Asked):
                assert report.text == "run without a sandbox: echo x > made"
                inbox.queue.put_nowait(Answer(id=report.id, text=answer))
        return reports

    command = use("bash", command="echo x > made")
    reports, _ = turn(assign(), command, WRITE, DONE, act=play, permissions="ask")
    assert of(ToolReturned, reports)[0].outcome == outcome
    assert Path(assign().workspace, "users/made").exists() is (answer == "allow")
    assert reports[-1].outcome == "finished"


@needs_sandbox
def test_a_command_asks_for_the_network_only_where_it_wants_it(assign):
    async def play(agent, fake):
        inbox, reports = Mailbox(), []
        async for report in agent.work(assign(), inbox, Toolbox()):
            reports.append(report)
            if isinstance(report, Asked):
                inbox.queue.put_nowait(Answer(id=report.id, text="allow"))
        return reports

    look = "cat /proc/net/dev | wc -l"
    replies = (use("bash", command=look), use("bash", command=look, network=True), DONE)
    reports, _ = turn(assign(), *replies, act=play, sandbox=CONFINED, permissions="ask")
    assert [each.text for each in of(Asked, reports)] == [f"run with the network: {look}"]
    shut, open_ = (int(each.output) for each in of(Ran, reports))
    assert shut < open_ == len(Path("/proc/net/dev").read_text().splitlines())


def test_no_process_has_the_key(assign):
    assignment = assign()
    turn(assignment, WRITE, DONE)
    assert marked(assignment.home) == []
    kept = json.dumps([path.read_text() for path in Path(assignment.home).rglob("*") if path.is_file()])
    assert "sk-ant-fake" not in kept


def test_without_a_key_there_is_no_agent():
    with pytest.raises(UsageError, match="has no key"):
        Anthropic.with_means(MEANS)


def test_it_asks_hive_by_tools_of_its_own_session(assign):
    note, forged = use("post_note", text="hi"), use("post_note", text="hi", service="orders")
    box = Toolbox()

    async def act(agent, fake):
        return [each async for each in agent.work(assign(), Mailbox(), box)]

    reports, fake = turn(assign(), note, forged, DONE, act=act)
    assert box.asked == [("post_note", {"text": "hi", "to": None})]
    assert [each.outcome for each in of(ToolReturned, reports)] == ["ok", "failed"]
    assert "post_note was asked" in str(fake.calls[1].body["messages"])
