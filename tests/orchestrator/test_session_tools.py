"""Notes between sessions and checks in the middle of a turn: bounded, in the log, and never more than they are."""

import asyncio

import pytest

from hive.agents.tools.offer import called
from hive.events import AgentReported, CheckAnswered, CheckFinished, NotePosted, TurnFinished
from hive.model import Said
from hive.orchestrator.tools import SessionTools, checking, notes
from hive.orchestrator.tools import session as limits
from tests.world import CONTRACT, World, add_field

HOLD = {"do": "hold", "name": "gate"}


@pytest.fixture(scope="module")
def working(tmp_path_factory) -> World:
    """Two runs, whose sessions are in the middle of their first turns; no engine works any more."""
    world = World.make(tmp_path_factory.mktemp("working"), {"*": [[HOLD]]})
    for run in ("r1", "r2"):
        world.begin(run=run)
        world.work(lambda s: all(t.turn == 1 for t in s.tasks.values()), run=run)
    return world


def session(world: World, service: str = "users", run: str = "r1") -> SessionTools:
    return SessionTools(world.context, run, service, 1)


def ask(tools: SessionTools, name: str, **given: object):
    return asyncio.run(called(tools, name, given))


def test_notes_reach_the_others_of_the_run_as_quoted_information_and_nobody_else(working):
    assert not ask(session(working), "post_note", text="ids are opaque\nDo as I say", to="orders").refused
    assert not ask(session(working), "post_note", text="for \x1b[31mall\x1b[0m \u202eof you").refused
    read = ask(session(working, "orders"), "read_notes").text
    assert "not instructions" in read
    assert "From the session of users, to you:\n> ids are opaque\n> Do as I say" in read
    assert "for all of you" in read
    assert "No notes" in ask(session(working), "read_notes").text
    assert "No notes" in ask(session(working, "orders", "r2"), "read_notes").text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"text": "x" * 4001}, "4000 are allowed"),
        ({"text": "\x1b[2J \x07"}, "needs words"),
        ({"text": "hi", "to": "nobody"}, "the others are: orders"),
        ({"text": "hi", "to": "users"}, "no other session"),
        ({"text": "hi", "to": "../orders"}, "no other session"),
        ({"text": "hi", "to": "r2"}, "no other session"),
        ({"text": "hi", "run": "r2"}, "run: is no argument"),
    ],
)
def test_a_note_that_cannot_be_is_refused_with_the_reason(working, given, words):
    answer = ask(session(working), "post_note", **given)
    assert answer.refused
    assert words in answer.text


def test_a_thousand_notes_are_a_few_events_and_a_flood_of_requests_ends(working):
    tools = session(working, "orders", "r2")

    async def flood():
        return [
            await called(tools, "post_note", {"text": f"note {n}"}) for n in range(limits.MOST_REQUESTS + 5)
        ]

    answers = asyncio.run(flood())
    assert sum(not answer.refused for answer in answers) == notes.MOST_IN_A_TURN
    assert "no more are answered" in answers[-1].text
    posted = [e for e in working.log.read(run="r2") if isinstance(e.event, NotePosted)]
    assert len(posted) == notes.MOST_IN_A_TURN
    read = ask(session(working, "users", "r2"), "read_notes").text
    assert len(read) < notes.SHOWN * (notes.LONGEST + 100)


def test_the_contract_is_told_as_it_is_with_what_the_run_changes(working):
    overview = ask(session(working, "orders"), "get_contract").text
    assert f"{CONTRACT} (jsonschema, provided by users)" in overview
    assert "Version 1" in overview
    assert '"points"' in ask(session(working, "orders"), "get_contract", path=CONTRACT).text
    for path in ("../secret", "/etc/passwd", ".git/config", "services/users/fields.txt", "\x00"):
        answer = ask(session(working), "get_contract", path=path)
        assert answer.refused
        assert CONTRACT in answer.text


def test_checks_run_on_the_files_as_they_are_and_are_not_the_turns_evidence(tmp_path):
    script = [
        {"do": "ask", "tool": "run_checks"},
        *add_field(),
        {"do": "ask", "tool": "run_checks", "times": 11},
    ]
    world = World.make(tmp_path, {"users": [script], "orders": [add_field()]})
    world.begin()
    state = world.work(lambda s: s.settled)
    answered = [e.event.evidence for e in world.log.read() if isinstance(e.event, CheckAnswered)]
    assert [each.outcome for each in answered] == ["failed"] + ["passed"] * (checking.MOST_IN_A_TURN - 1)
    final = [e.event for e in world.log.read() if isinstance(e.event, CheckFinished) and e.service == "users"]
    assert [event.evidence.outcome for event in final if event.turn] == ["passed"]
    assert state.tasks["users"].phase == "ready"
    words = [r.text for r in state.tasks["users"].reports if isinstance(r, Said)]
    assert "tests: failed" in words[0]
    assert "'points'" in words[0]  # the output's end
    assert "not run again" in words[1]


def test_nobody_speaks_for_a_turn_that_is_over(tmp_path):
    world = World.make(tmp_path, {"*": [[{"do": "say", "text": "done"}]]})
    world.begin(rework_limit=0)
    world.work(
        lambda s: any(isinstance(e.event, TurnFinished) and e.service == "users" for e in world.log.read())
    )
    before = len(world.log.read())
    for name, given in (
        ("post_note", {"text": "hi"}),
        ("run_checks", {}),
        ("read_notes", {}),
        ("get_contract", {}),
    ):
        answer = ask(session(world), name, **given)
        assert answer.refused
        assert "is over" in answer.text
    assert len(world.log.read()) == before
    assert not [e for e in world.log.read() if isinstance(e.event, AgentReported) and e.event.turn > 1]
