import pytest

from hive import events as e
from hive.dashboard.tui.commands import Comment, Reject, Simple, told
from hive.dashboard.tui.deeds import Target, offered
from hive.dashboard.tui.memory import Memory, Seen
from hive.dashboard.tui.waiting import waiting
from hive.model import Violation


@pytest.mark.parametrize(
    ("tell", "service", "deeds"),
    [
        (lambda s: s.created().planned(), None, {"approve", "reject", "stop"}),
        (lambda s: s.created().planned(), "users", set()),
        (lambda s: s.begun(), None, {"reject", "stop"}),
        (lambda s: s.begun().working("users"), "users", {"comment", "stop"}),
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


def test_every_command_says_what_it_did():
    target = Target("r1", "users")
    assert told(Simple("approve", target)) == "users: approved"
    assert told(Simple("stop", Target("r1"))) == "r1: stopped, its work is kept"
    assert "discarded" in told(Reject(Target("r1"), ""))
    assert told(Reject(target, "")) == "users: rejected"
    assert "sent back" in told(Comment("r1", "users", "x"))


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
