"""Claude Code's messages, as seen, in hive's words."""

import pytest

sdk = pytest.importorskip("claude_agent_sdk", reason="the package 'claude_agent_sdk' is not installed")

from hive.agents.claude.translating import Translator, ended  # noqa: E402
from hive.model import (  # noqa: E402
    Ended,
    FileEdited,
    Planned,
    Ran,
    Said,
    Spent,
    Step,
    Thought,
    ToolCalled,
    ToolReturned,
    Unrecognised,
)


@pytest.fixture
def translator(assign):
    return Translator(assign())


def said(*blocks, identity="msg_1", **usage):
    return sdk.AssistantMessage(
        content=list(blocks), model="claude-opus-5-5", usage=usage, message_id=identity
    )


def returned(identity, content="", is_error=None):
    return sdk.UserMessage(
        content=[sdk.ToolResultBlock(tool_use_id=identity, content=content, is_error=is_error)]
    )


def result(**given):
    usual = {
        "subtype": "success",
        "duration_ms": 1,
        "duration_api_ms": 1,
        "is_error": False,
        "num_turns": 1,
        "session_id": "s1",
        "terminal_reason": "completed",
    }
    return sdk.ResultMessage(**(usual | given))


def told(translator, *messages):
    return [report for message in messages for report in translator.reports(message)]


def test_words_thoughts_and_calls_are_told(translator):
    message = said(
        sdk.ThinkingBlock(thinking="hm", signature=""),
        sdk.TextBlock(text="I write"),
        sdk.TextBlock(text=" "),
        sdk.ToolUseBlock(id="1", name="Bash", input={"command": "pytest"}),
    )
    expected = [Thought(text="hm"), Said(text="I write"), ToolCalled(tool="Bash", summary="pytest")]
    assert told(translator, message) == expected


@pytest.mark.parametrize(
    ("content", "is_error", "code"),
    [("ok", None, 0), ("Exit code 3\nboom", True, 3), ("timed out", True, None)],
)
def test_a_command_has_its_exit_code_where_the_tool_tells_it(translator, content, is_error, code):
    use = said(sdk.ToolUseBlock(id="1", name="Bash", input={"command": "pytest"}))
    _, ran, back = told(translator, use, returned("1", content, is_error))
    assert ran == Ran(command="pytest", exit_code=code, output=content)
    assert back.outcome == ("failed" if is_error else "ok")


def test_an_edit_counts_when_it_was_made(translator, assign):
    path = f"{assign().workspace}/users/model.py"
    use = [said(sdk.ToolUseBlock(id=n, name="Write", input={"file_path": path}), identity=n) for n in "12"]
    good = told(translator, use[0], returned("1", [{"type": "text", "text": "created"}]))
    assert FileEdited(path="users/model.py", summary="write") in good
    bad = told(translator, use[1], returned("2", "no such file", is_error=True))
    assert bad[-1] == ToolReturned(tool="Write", outcome="failed", summary="no such file")
    assert len(bad) == 2


def test_a_denied_call_is_told_as_denied_and_did_nothing(translator):
    use = said(sdk.ToolUseBlock(id="1", name="Write", input={"file_path": "/etc/x"}))
    denial = sdk.SystemMessage(subtype="permission_denied", data={"tool_use_id": "1", "tool_name": "Write"})
    _, back = told(translator, use, denial, returned("1", "no", is_error=True))
    assert back == ToolReturned(tool="Write", outcome="denied", summary="no")


def test_the_list_of_things_to_do_is_told_whole(translator):
    todos = [
        {"content": "a", "status": "completed"},
        {"content": "b", "status": "in_progress"},
        {"content": 7},
        "x",
    ]
    use = said(sdk.ToolUseBlock(id="1", name="TodoWrite", input={"todos": todos}))
    planned = told(translator, use, returned("1"))[1]
    steps = (Step(text="a", status="done"), Step(text="b", status="doing"), Step(text="7"))
    assert planned == Planned(steps=steps)


def test_money_is_told_once_for_each_answer_and_never_as_a_total(assign):
    translator = Translator(assign(), spent_before=1.0)
    first = [said(sdk.TextBlock(text=word), input_tokens=100_000, output_tokens=1) for word in "ab"]
    end = result(
        total_cost_usd=1.5,
        usage={"input_tokens": 100_000, "output_tokens": 500, "cache_read_input_tokens": 0},
    )
    spent = [report for report in told(translator, *first, end) if isinstance(report, Spent)]
    assert spent[0] == Spent(input_tokens=100_000, cost_usd=0.4)
    assert (spent[1].input_tokens, spent[1].output_tokens) == (0, 500)
    assert sum(each.cost_usd for each in spent) == pytest.approx(0.5)
    assert (translator.session, translator.total) == ("s1", 1.5)


def test_what_is_not_known_is_kept(translator):
    unknown = sdk.SystemMessage(subtype="hologram", data={"x": "y" * 5000})
    (kept,) = told(translator, unknown)
    assert isinstance(kept, Unrecognised)
    assert kept.name == "hologram"
    assert len(kept.payload) == 2000
    assert told(translator, sdk.SystemMessage(subtype="init", data={})) == []
    assert isinstance(told(translator, returned("never called", "x"))[0], ToolReturned)


@pytest.mark.parametrize(
    ("given", "end"),
    [
        ({}, None),
        (
            {"is_error": True, "api_error_status": 401, "result": "invalid x-api-key"},
            Ended(outcome="failed", reason="Claude Code failed (401): invalid x-api-key"),
        ),
        (
            {"is_error": True, "subtype": "error_max_turns"},
            Ended(outcome="failed", reason="Claude Code failed: error_max_turns"),
        ),
        (
            {"is_error": True, "errors": ["a", "b"]},
            Ended(outcome="failed", reason="Claude Code failed: a; b"),
        ),
        (
            {"is_error": True, "terminal_reason": "aborted_tools"},
            Ended(outcome="interrupted", reason="interrupted by a person"),
        ),
    ],
)
def test_success_is_more_than_its_subtype(given, end):
    assert ended(result(**given)) == end
