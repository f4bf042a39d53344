"""Frames of the real program, recorded, as hive's reports."""

import asyncio
from pathlib import Path

import pytest

from hive.agents.codex.confining import AROUND, BOTH, READING
from hive.agents.codex.policy import change_refused, command_refused
from hive.agents.codex.translating import Translator
from hive.agents.codex.wire import LONGEST_LINE, Junk, Notice, Query, Wire
from hive.errors import HiveError
from hive.model import Assignment, Planned, Service, Step, ToolReturned, Unrecognised

GOLDEN = Path(__file__).parents[2] / "golden" / "codex"
ASSIGNMENT = Assignment(
    run="r",
    service=Service(name="users", path="users"),
    turn=1,
    workspace="/site/workspace",
    brief="",
    home="/site/home",
    idle_timeout=1,
    turn_timeout=1,
)


def frames(data):
    async def read():
        reader = asyncio.StreamReader()
        reader.feed_data(data)
        reader.feed_eof()
        return [frame async for frame in Wire(reader, None).frames()]

    return asyncio.run(read())


def translated(name):
    translator = Translator(ASSIGNMENT, begun=True)
    told = []
    for frame in frames((GOLDEN / f"{name}.jsonl").read_bytes()):
        assert isinstance(frame, Notice | Query)
        if isinstance(frame, Notice):
            told += translator.reports(frame)
    return told


def lines(reports):
    return [
        " ".join(str(value) for value in each.model_dump(exclude_defaults=True).values()).strip()
        or each.report
        for each in reports
        if each.report not in ("said", "thought", "spent")
    ]


def test_a_whole_turn_of_the_real_program_is_in_hives_words():
    told = translated("turn")
    assert lines(told) == [
        "apply_patch /site/workspace/users/model.py",
        "users/model.py add",
        "apply_patch ok",
        "apply_patch /site/workspace/users/model.py",
        "users/model.py update",
        "apply_patch ok",
        "shell echo $((40+2)); exit 3",
        "echo $((40+2)); exit 3 3 42",
        "shell failed echo $((40+2)); exit 3",
        "shell ls",
        "ls 0 model.py\nway_out.txt",
        "shell ok",
        "apply_patch /site/outside/new.txt",
        "apply_patch denied declined",
        "shell touch ../x",
        "shell denied declined",
        "apply_patch /site/workspace/users/model.py, /site/workspace/users/models/user.py",
        "users/model.py update",
        "users/models/user.py update",
        "apply_patch ok",
        "apply_patch /site/workspace/users/models/user.py",
        "users/models/user.py delete",
        "apply_patch ok",
    ]
    assert {each.text for each in told if each.report == "thought"} == {"What now?"}
    assert [each.text for each in told if each.report == "said"][-1] == "Done."
    spent = [each for each in told if each.report == "spent"]
    assert {(each.input_tokens, each.output_tokens, each.cost_usd) for each in spent} == {(100, 20, 0.0)}


@pytest.mark.parametrize(
    ("name", "words"), [("refused", "401 Unauthorized"), ("cut", "stream disconnected before completion")]
)
def test_errors_that_codex_gets_over_are_told_once(name, words):
    (kept,) = [each for each in translated(name) if isinstance(each, Unrecognised)]
    assert kept.name == "error, tried again"
    assert words in kept.payload


def test_what_is_not_known_is_kept_and_what_has_no_shape_does_not_break_it():
    translator = Translator(ASSIGNMENT)
    plan = [{"step": "look", "status": "completed"}, {"step": "edit", "status": "inProgress"}, "?", {}]
    (planned,) = translator.reports(Notice("turn/plan/updated", {"plan": plan}))
    assert planned == Planned(
        steps=(Step(text="look", status="done"), Step(text="edit", status="doing"), Step(text=""))
    )
    (kept,) = translator.reports(Notice("brand/new", {"x": "\ud800"}))
    assert (kept.name, kept.payload) == ("brand/new", '{"x": "\\ud800"}')
    for params in (
        {},
        {"item": None},
        {"item": {"type": 7}},
        {"item": {"type": "commandExecution", "exitCode": "0"}},
    ):
        for method in ("item/started", "item/completed", "error", "thread/tokenUsage/updated"):
            list(translator.reports(Notice(method, params)))


def test_a_tool_of_a_server_is_named_with_it():
    item = {
        "type": "mcpToolCall",
        "id": "m",
        "server": "hive",
        "tool": "post_note",
        "arguments": {"text": "hi"},
    }
    translator = Translator(ASSIGNMENT)
    (called,) = translator.reports(Notice("item/started", {"item": item}))
    assert (called.tool, called.summary) == ("hive.post_note", '{"text": "hi"}')
    done = {"item": {**item, "status": "completed"}}
    assert list(translator.reports(Notice("item/completed", done))) == [
        ToolReturned(tool="hive.post_note", outcome="ok")
    ]


@pytest.mark.parametrize(
    ("line", "frame"),
    [
        (b'{"method": "a/b"}', Notice("a/b", {})),
        (b'{"method": "a/b", "id": 0, "params": []}', Query(0, "a/b", {})),
        (b'{"id": 1, "result": {}}', Junk("stray answer", '{"id": 1, "result": {}}')),
        (b"\xff{", Junk("malformed line", "\ufffd{")),
        (b"9" * 5000, Junk("malformed line", "9" * 2000)),
    ],
)
def test_every_line_is_something(line, frame):
    assert frames(b"\n" + line + b"\r\n") == [frame]
    assert frames(line) == [frame]


def test_a_line_without_end_is_cut_and_one_that_is_needed_breaks_the_turn():
    rest = b'"' + b"x" * LONGEST_LINE
    (junk,) = frames(b'{"method": "item/completed", "params": ' + rest)
    assert junk.name.startswith("item/completed of 8388")
    for needed in (
        b'{"method": "turn/completed", ',
        b'{"id": 4, "result": ',
        b'{"id": 4, "method": "x/requestApproval", ',
    ):
        with pytest.raises(HiveError, match="a line of 8388"):
            frames(needed + rest)


@pytest.mark.parametrize(
    ("paths", "widens", "why"),
    [
        (("model.py", "/site/users/deep/x.py"), False, None),
        ((), False, "does not say"),
        (("model.py", "../orders/x.py"), False, "not yours"),
        (("/etc/passwd",), False, "not yours"),
        ((".git/config",), False, "not yours"),
        (("bad\0name",), False, "cannot be resolved"),
        (("model.py",), True, "whole folder"),
    ],
)
def test_files_of_the_service_may_be_changed_and_no_others(paths, widens, why):
    refused = change_refused(paths, widens, Path("/site"), Path("/site/users"))
    assert refused is None if why is None else why in refused


def test_a_command_never_leaves_the_sandbox():
    assert "none may leave it" in command_refused(BOTH, "command")
    assert "may only read" in command_refused(READING, "")
    assert command_refused(AROUND, "command") is None
    assert "not for an agent" in command_refused(AROUND, "humanCommand")
