import stat
from pathlib import Path

from hive.agents.session import WORDS, bounded, environment, mark
from hive.process import MARK


def test_a_session_has_a_home_a_temporary_folder_and_a_mark_of_its_own(assign, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1")
    users, orders = environment(assign("users")), environment(assign("orders"))
    assert users[MARK] != orders[MARK]
    assert users["HOME"] != orders["HOME"]
    assert stat.S_ISDIR(Path(users["TMPDIR"]).stat().st_mode)
    assert "OPENAI_API_KEY" not in users


def test_the_mark_is_below_the_home_that_no_other_session_has(assign):
    assignment = assign("users")
    assert mark(assignment) == f"{assignment.home}/agent"


def test_words_are_encodable_and_bounded_and_say_what_was_cut():
    assert bounded("日本 \x1b[31m") == "日本 \x1b[31m"
    assert bounded("half \ud800") == "half ?"
    assert bounded("x" * (WORDS + 7)).endswith("x… (7 more characters)")
