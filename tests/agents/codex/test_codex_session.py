"""The session, with a small program in place of Codex: the same on every machine."""

import asyncio
import sys
from pathlib import Path

import pytest

from hive.agents.codex.agent import Codex
from hive.agents.codex.launching import program_missing
from hive.agents.conformance import CASES, NotApplicableError, Prepared, Stand, Toolbox
from hive.agents.registry import get
from hive.model import (
    Answer,
    Answered,
    Asked,
    Ended,
    FileEdited,
    Interrupt,
    Said,
    Spent,
    ToolReturned,
    Unrecognised,
    Words,
)
from hive.process import marked
from tests.agents.codex.rig import means
from tests.agents.conftest import Mailbox

FAKE = Path(__file__).with_name("fake_app_server.py")


def fake(behaviour, **settings):
    return Codex(
        means("http://127.0.0.1:9", **settings), command=(sys.executable, "-SE", str(FAKE), behaviour)
    )


class FakeCodexRig:
    def prepare(self, behaviour, site):
        return Prepared(fake(behaviour), site.assignment())


def of(kind, reports):
    return [each for each in reports if isinstance(each, kind)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_session_conforms_before_a_small_server(case, tmp_path):
    try:
        asyncio.run(case.check(Stand(FakeCodexRig(), tmp_path)))
    except NotApplicableError as error:
        pytest.skip(error.message)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("dies", "ended with 7 in the middle of its turn: no such thing"),
        ("truncated", "ended with 9 in the middle of its turn: out of luck"),
        ("old", "'codex' 0.98.0 is too old: hive needs 0.169.0 or newer; npm install -g @openai/codex"),
        ("nameless", "does not tell its version"),
        ("fails", "Codex failed: the model refuses (HTTP 400)"),
        ("endless", "Codex sent a line of 9437"),
        ("unannounced", "it does not say what it wants to change"),
        ("widens", "it asks to write to a whole folder"),
    ],
)
def test_a_turn_that_cannot_be_done_says_why(assign, play, how, words):
    ended = play(fake(how), assign())[-1]
    assert ended.outcome == "failed"
    assert words in ended.reason
    assert not Path(assign().workspace, "users/model.py").exists()
    assert marked(assign().home) == []


def test_a_program_that_is_not_there_is_a_failure_that_says_how_to_get_it(assign, play):
    ended = play(Codex(means(""), command=("no-such-codex",)), assign())[-1]
    assert ended.outcome == "failed"
    assert ended.reason == "'no-such-codex' is not installed; npm install -g @openai/codex"
    assert program_missing("no-such-codex") == ended.reason


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("echo codex-cli 0.98.0", "'codex' 0.98.0 is too old: hive needs 0.169.0 or newer; npm install -g"),
        ("echo hello", "does not tell its version (it says 'hello')"),
        ("echo broken >&2; exit 3", "'codex --version' ended with 3: broken; npm install -g"),
        ("echo codex-cli 1.0.0", None),
    ],
)
def test_hive_agents_says_what_is_wrong_with_the_program(tmp_path, monkeypatch, script, why):
    program = tmp_path / "bin/codex"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    found = get("codex").available()
    if why is None:
        assert found == "OPENAI_API_KEY is not set, nor openai_key in your own hive settings"
        monkeypatch.setenv("HIVE_OPENAI_KEY", "sk-fake")
        assert get("codex").available() is None
    else:
        assert why in found


def test_lines_that_are_no_messages_are_kept_and_the_turn_goes_on(assign, play):
    reports = play(fake("hostile"), assign())
    assert reports[-1] == Ended(outcome="finished")
    kept = [(each.name, each.payload[:8]) for each in of(Unrecognised, reports)]
    assert ("malformed line", "not json") in kept
    assert ("malformed line", "[" * 8) in kept
    assert any(name == "stray answer" for name, _ in kept)
    assert any(name == "brand/new" for name, _ in kept)
    assert any(name.startswith("item/completed of 67108") for name, _ in kept)
    assert of(FileEdited, reports) == []


def test_what_was_used_is_told_once_and_without_the_turns_before(assign, play):
    play(fake("echoes"), assign(brief="BRIEF"))
    reports = play(fake("echoes"), assign(turn=2, feedback=({"source": "check", "text": "1 failed"},)))
    assert [each.input_tokens for each in of(Spent, reports)] == [200, 200]
    assert of(Said, reports)[-1].text.endswith("From the check:\n1 failed")


def test_a_session_that_is_lost_begins_anew_with_the_brief(assign, play):
    reports = play(
        fake("echoes"), assign(turn=2, brief="BRIEF", feedback=({"source": "check", "text": "1 failed"},))
    )
    assert "BRIEF" in of(Said, reports)[-1].text
    assert "1 failed" in of(Said, reports)[-1].text


def test_questions_reach_a_person_and_everything_else_that_is_asked_is_refused(assign):
    async def converse():
        inbox, reports = Mailbox(), []
        async for report in fake("asks").work(assign(), inbox, Toolbox()):
            reports.append(report)
            if isinstance(report, Asked):
                inbox.queue.put_nowait(Answer(id=report.id, text="integer"))
        return reports

    reports = asyncio.run(converse())
    (asked,) = of(Asked, reports)
    assert (asked.text, asked.options) == ("Which type?", ("integer", "string"))
    assert of(Answered, reports) == [Answered(id=asked.id, answer="integer")]
    answers = [each.text for each in of(Said, reports)][1:]
    assert '"answers": {"kind": {"answers": ["integer"]}}' in answers[0]
    assert '"decision": "decline"' in answers[1]
    assert '"permissions": {}' in answers[2]
    assert '"error"' in answers[3]


@pytest.mark.parametrize(("answer", "decision"), [("allow", "accept"), ("deny", "decline")])
def test_a_person_decides_on_a_command_where_they_are_asked(assign, answer, decision):
    async def converse():
        inbox, reports = Mailbox(), []
        async for report in fake("asks", permissions="ask").work(assign(), inbox, Toolbox()):
            reports.append(report)
            if isinstance(report, Asked):
                wanted = answer if report.about == "permission" else "integer"
                inbox.queue.put_nowait(Answer(id=report.id, text=wanted))
        return reports

    reports = asyncio.run(converse())
    asked = [each for each in of(Asked, reports) if each.about == "permission"]
    assert [each.text for each in asked] == ["run without a sandbox: rm -r /"]
    answers = [each.text for each in of(Said, reports)][1:]
    assert f'"decision": "{decision}"' in answers[1]
    assert '"permissions": {}' in answers[2]


def test_words_reach_an_agent_that_works(assign, play):
    reports = play(fake("listens"), assign(), "use an integer")
    assert "Message from the person: use an integer" in [each.text for each in of(Said, reports)]
    assert reports[-1] == Ended(outcome="finished")


def test_a_server_that_has_gone_deaf_is_interrupted_all_the_same(assign):
    async def interrupt():
        inbox, reports = Mailbox(), []
        async for report in fake("deaf").work(assign(), inbox, Toolbox()):
            if isinstance(report, Said):
                inbox.queue.put_nowait(Words(text="hello?"))
                inbox.queue.put_nowait(Interrupt())
            reports.append(report)
        return reports

    assert asyncio.run(interrupt())[-1] == Ended(outcome="interrupted", reason="interrupted by a person")
    assert marked(assign().home) == []


def test_an_edit_outside_is_refused_and_is_no_success(assign, play):
    reports = play(fake("denied"), assign())
    (back,) = of(ToolReturned, reports)
    assert (back.tool, back.outcome) == ("apply_patch", "denied")
    assert "is not yours to change" in back.summary
    assert reports[-1].outcome == "failed"
