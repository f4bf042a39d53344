"""What a failing check points at is taken back."""

import pytest

from hive.agents.propagate.journal import NAME, Entry, Journal, Page, load
from hive.agents.propagate.rework import blamed
from hive.model import Ended, Feedback, FileEdited, Report, Unplaced

LIST = 'USER_FIELDS = ["email", "display_name", "store_credit"]\n'
VIEW = 'def view(user):\n    return {"id": user.id, "email": user.email, "store_credit": user.store_credit, "display_name": 1}\n'


def check(text: str) -> Feedback:
    return Feedback(source="check", text=text)


def taken(reports: list[Report]) -> list[tuple[str, str]]:
    return [(one.path.rpartition("/")[2], one.reason) for one in reports if isinstance(one, Unplaced)]


@pytest.fixture
def edited(workspace):
    workspace.put("fields.py", LIST)
    workspace.put("view.py", VIEW)
    workspace.put("tests/test_view.py", LIST)
    assert len([one for one in workspace.turn() if isinstance(one, FileEdited)]) == 3
    return workspace


@pytest.mark.parametrize(
    "output",
    [
        'File "/checkout/services/users/fields.py", line 1, in <module>',
        "fields.py:1: NameError",
        "    at Object.<anonymous> (/checkout/services/users/fields.py:1:7)",
    ],
)
def test_the_edit_on_a_line_that_the_output_names_goes_first(edited, output: str) -> None:
    reports = edited.turn(2, check(f"1 failed\n{output}\n"))
    assert taken(reports) == [("fields.py", "taken back: the failing check names line 1")]
    assert reports[-1] == Ended(outcome="finished")
    assert edited.read("fields.py") == LIST
    assert "loyalty_points" in edited.read("view.py")


def test_a_file_that_is_only_named_loses_an_edit(edited) -> None:
    assert taken(edited.turn(2, check("ImportError in view.py")))[0][0] == "view.py"


def test_code_goes_before_the_test_that_failed(edited) -> None:
    output = "tests/test_view.py failed because of fields.py"
    assert taken(edited.turn(2, check(output)))[0][0] == "fields.py"


def test_without_a_trace_the_least_certain_edit_goes(edited) -> None:
    assert taken(edited.turn(2, check("1 failed"))) == [
        ("fields.py", "taken back: a check fails and this is the least certain edit")
    ]


def counts(failed: int, of: int, more: str = "") -> Feedback:
    return check(f"pytest\n{failed} of {of} tests failed\n{more}")


def test_what_did_not_help_is_put_back_and_a_person_sees_the_best_state(edited) -> None:
    best = edited.read("fields.py")
    assert len(taken(edited.turn(2, counts(1, 15)))) == 1
    assert edited.read("fields.py") != best
    put, ended = edited.turn(3, counts(2, 15))
    assert isinstance(put, FileEdited)
    assert put.summary.startswith("put back, without it 2 tests failed")
    assert ended == Ended(
        outcome="failed",
        reason="1 test failed, and taking places back did not help: 3 places left for a person to look at",
    )
    assert edited.read("fields.py") == best


@pytest.mark.parametrize(
    "after", [(2, 15), (3, 15), (1, 9)], ids=["as many", "more", "fewer, but others are gone"]
)
def test_only_fewer_failures_are_a_help(edited, after: tuple[int, int]) -> None:
    edited.turn(2, counts(2, 15))
    assert edited.turn(3, counts(*after))[-1].outcome == "failed"
    assert "loyalty_points" in edited.read("fields.py")


def test_rows_of_a_test_may_take_along_what_passed_of_them(edited) -> None:
    edited.turn(2, counts(4, 16, "tests/test_view.py:1: bad"))
    edited.turn(3, counts(1, 12))
    assert "loyalty_points" not in edited.read("tests/test_view.py")


def test_what_helped_stays_taken_back_and_is_told_again(edited) -> None:
    edited.turn(2, counts(3, 15))
    reports = edited.turn(3, counts(1, 15))
    assert taken(reports) == [("fields.py", "taken back: a check fails and this is the least certain edit")]
    assert reports[-1].reason.startswith("1 test failed, and what was taken back helped")
    assert edited.read("fields.py") == LIST


def test_after_a_try_that_failed_a_line_that_the_output_names_is_tried(edited) -> None:
    edited.turn(2, counts(1, 15))
    reports = edited.turn(3, counts(2, 15, "view.py:2: KeyError"))
    assert taken(reports) == [("view.py", "taken back: the failing check names line 2")]
    assert "loyalty_points" in edited.read("fields.py")


def test_nothing_is_tried_twice(edited) -> None:
    edited.turn(2, counts(1, 15, "fields.py:1: bad"))
    for turn in (3, 4, 5):
        assert edited.turn(turn, counts(1, 15, "fields.py:1: bad"))[-1].outcome == "failed"
        assert "loyalty_points" in edited.read("fields.py")


def test_a_turn_that_is_done_again_after_a_crash_comes_to_the_same(edited) -> None:
    placed = edited.read("fields.py")
    first = edited.turn(2, counts(1, 15))
    once = edited.read("fields.py")
    edited.put("fields.py", placed)  # as hive resets the workspace
    assert edited.turn(2, counts(1, 15)) == first
    assert edited.read("fields.py") == once
    third = edited.turn(3, counts(2, 15))
    edited.put("fields.py", once)
    assert edited.turn(3, counts(2, 15)) == third
    assert edited.read("fields.py") == placed


def test_what_a_scope_guard_refused_stays_away_without_counts(edited) -> None:
    edited.turn(2, Feedback(source="scope", text="services/users/fields.py: not yours"))
    edited.turn(3, check("1 failed"))
    assert edited.read("fields.py") == LIST


def test_what_was_left_is_told_in_every_turn(workspace) -> None:
    workspace.put("call.py", "send(email, display_name, store_credit)\n")
    workspace.put("fields.py", LIST)
    left = [one for one in workspace.turn() if isinstance(one, Unplaced)]
    assert left
    assert left[0] in workspace.turn(2, counts(1, 2))


def test_without_anything_to_take_back_the_failure_has_another_cause(workspace) -> None:
    workspace.turn()
    assert workspace.turn(2, check("1 failed")) == [
        Ended(outcome="failed", reason="nothing is left to take back; the failure has another cause")
    ]


def test_what_was_taken_back_does_not_come_again(edited) -> None:
    edited.turn(2, check("fields.py:1: bad"))
    edited.turn(3)
    assert edited.read("fields.py") == LIST


def test_one_of_several_edits_of_a_file_is_taken_back_alone(workspace) -> None:
    workspace.put("both.py", LIST + "\n\n\n\n" + VIEW)
    workspace.turn()
    workspace.turn(2, check("both.py:1: bad"))
    text = workspace.read("both.py")
    assert text.startswith(LIST)
    assert text.count("loyalty_points") == 2


def test_a_migration_that_is_taken_back_is_gone(workspace) -> None:
    table = "CREATE TABLE users (id TEXT, email TEXT, display_name TEXT, store_credit INTEGER);\n"
    workspace.put("0001_users.sql", table)
    workspace.turn()
    workspace.turn(2, check("error in 0002_add_loyalty_points_to_users.sql"))
    assert [file.name for file in workspace.folder.iterdir()] == ["0001_users.sql"]


def test_a_file_that_somebody_changed_is_left_to_a_person(edited) -> None:
    edited.put("fields.py", "mine = 1\n")
    ((name, reason),) = taken(edited.turn(2, check("fields.py:1: bad")))
    assert (name, edited.read("fields.py")) == ("fields.py", "mine = 1\n")
    assert "changed since" in reason


def test_a_persons_remark_is_beyond_it(edited) -> None:
    (ended,) = edited.turn(2, Feedback(source="review", text="rename it"))
    assert ended.outcome == "failed"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"pages": 3}', b"\xff\xfe"])
def test_a_journal_that_cannot_be_read_is_an_empty_one(tmp_path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    assert load(tmp_path) == Journal()


def test_a_file_of_another_folder_is_not_blamed() -> None:
    entry = Entry(line=3, summary="", certainty=1.0, edits=((0, 0, "x"),))
    journal = Journal(pages=(Page(path="services/users/a.py", original="", written="", entries=(entry,)),))
    (one,) = blamed(journal, "../../etc/passwd.txt:3 and \x1b[31mother/a.py:99\x1b[0m")
    assert one.reason == "a check fails and this is the least certain edit"
