from typing import get_args

import pytest

from hive import events as e
from hive.dashboard.tui.commands import Comment, Reject, Say, Simple, spoken, told
from hive.dashboard.tui.deeds import Target, offered
from hive.dashboard.tui.inbox import MARKS
from hive.dashboard.tui.memory import Memory, Seen
from hive.dashboard.tui.place import Place
from hive.dashboard.tui.waiting import URGENCY, Waiting, desktop_note, waiting
from hive.model import Answer, Asked, Violation, Words
from hive.state import NeedKind


@pytest.mark.parametrize(
    ("tell", "service", "deeds"),
    [
        (lambda s: s.created().planned(), None, {"approve", "reject", "stop"}),
        (lambda s: s.created().planned(), "users", set()),
        (lambda s: s.begun(), None, {"reject", "stop"}),
        (lambda s: s.begun().working("users"), "users", {"comment", "stop", "interrupt"}),
        (lambda s: s.begun().working("users").done("users"), "users",
         {"approve", "reject", "comment", "retry"}),
        (lambda s: s.begun().working("users").done("users"), None, {"approve", "reject", "stop"}),
        (lambda s: s.begun().tell(e.RunFailed(reason="x")), None, {"reject", "retry"}),
        (lambda s: s.begun().tell(e.StopRequested(by="a")), None, {"reject", "retry"}),
        (lambda s: s.begun().working("web").tell(e.StopRequested(by="a"), service="web"), "web",
         {"comment", "retry"}),
        (lambda s: s.landed(), None, set()),
        (lambda s: s.landed(), "users", set()),
        (lambda s: s.begun(), "nobody", set()),
    ],
)  # fmt: skip
def test_deeds_follow_from_the_state(story, tell, service, deeds):
    assert offered(tell(story()).state, service) == deeds


def test_a_diff_that_is_refused_cannot_be_approved(story):
    told = story().begun().working("users").done("users")
    violation = Violation(path="ci.yml", rule="ci", severity="refused", reason="CI")
    told.tell(e.ScopeGuarded(turn=1, diff="diff-1", violations=(violation,)), service="users")
    assert "approve" not in offered(told.state, "users")


def test_needs_of_closed_runs_wait_for_nobody(story):
    assert not waiting([story().landed().state])
    assert [row.what for row in waiting([story().middle().state])] == ["stuck", "review"]


def test_the_note_on_the_desktop_is_one_sequence_whatever_the_words(hostile):
    rows = [Waiting("r1", hostile, "asks", f"a\x07b\x1b]52;c;eA==\x07{hostile}", hostile)] * 3
    note = desktop_note(hostile, rows)
    assert note.startswith("\x1b]9;hive ")
    assert note.endswith("\x07")
    assert all(char.isprintable() for char in note[2:-1])


def test_every_kind_of_need_has_its_urgency_and_its_mark():
    assert sorted(URGENCY) == sorted(MARKS) == sorted(get_args(NeedKind))


def test_every_command_says_what_it_did():
    target = Target("r1", "users")
    assert told(Simple("approve", target)) == "users: approved"
    assert told(Simple("stop", Target("r1"))) == "r1: stopped, its work is kept"
    assert "discarded" in told(Reject(Target("r1"), ""))
    assert told(Reject(target, "")) == "users: rejected"
    assert "sent back" in told(Comment("r1", "users", "x"))
    assert told(Say("r1", "users", Words(text="x"))) == "users: told"
    assert told(Say("r1", "users", Answer(id="1", text="x"))) == "users: answered"
    assert told(Simple("interrupt", target)) == "users: interrupted"


def test_words_are_what_the_agent_can_take_just_now(story):
    working = story().begun().working("users")
    task = working.state.tasks["users"]
    assert spoken("r1", task, "faster") == Say("r1", "users", Words(text="faster"))
    assert spoken("r1", task, "this", Place("a.py", 3)) == Comment("r1", "users", "this", "a.py", 3)
    asks = Asked(id="7", about="question", text="rename it?")
    asking = working.tell(e.AgentReported(turn=1, report=asks), service="users").state.tasks["users"]
    assert spoken("r1", asking, "no") == Say("r1", "users", Answer(id="7", text="no"))
    rests = story().begun().working("users").done("users").state.tasks["users"]
    assert spoken("r1", rests, "again") == Comment("r1", "users", "again")


def test_what_was_seen_is_remembered_until_it_changes(tmp_path):
    memory = Memory(tmp_path / "tui.json")
    assert memory.look("r1", "users", "d1").word == "new"
    memory.saw("r1", "users", Seen(diff="d1", commit="c1"))
    again = Memory(tmp_path / "tui.json")
    assert again.look("r1", "users", "d1").word == "seen"
    assert again.look("r1", "users", "d2") == ("changed", Seen(diff="d1", commit="c1"))


@pytest.mark.parametrize("content", ["", "[]", "{", '{"theme": 1}', "[" * 10_000, "\x00"])
def test_a_broken_memory_is_an_empty_one(tmp_path, content):
    (tmp_path / "tui.json").write_text(content)
    assert Memory(tmp_path / "tui.json").now.seen == {}


def test_a_memory_that_cannot_be_written_breaks_nothing(tmp_path):
    Memory(tmp_path / "no" / "folder.json").prefer(bell=False)
