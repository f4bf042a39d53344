"""What stands on what in the merge queue, as all screens tell it."""

import pytest

from hive import events as e
from hive.dashboard.lanes import Track, entry_of, lanes, tracks
from hive.dashboard.show.queue import Queued
from hive.model import Policy
from tests.dashboard.conftest import EVIDENCE, Story


def item(run: str, *on: str, lane: int = 1, target: str = "main", status: str = "testing") -> Queued:
    return Queued(0, run, "", target, status, "", on, lane=lane, touches=("users",))


def test_a_stack_is_one_straight_line():
    line = [item("a"), item("b", "a"), item("c", "a", "b")]
    assert tracks(line) == [Track(0, (), (0,)), Track(0, (0,), (0,)), Track(0, (0,))]


def test_who_fails_stands_beside_those_that_do_without_it():
    line = [item("a"), item("bad", "a"), item("c", "a"), item("d", "a", "c")]
    assert tracks(line) == [
        Track(0, (), (0, 1), ()),
        Track(1, (1,), (), (0,)),
        Track(0, (0,), (0,), ()),
        Track(0, (0,), (), ()),
    ]


def test_two_that_have_nothing_to_do_with_each_other_come_together_in_a_third():
    line = [item("a"), item("b"), item("c", "a", "b")]
    assert tracks(line) == [Track(0, (), (0,)), Track(1, (), (1,), (0,)), Track(0, (0, 1))]


def test_who_is_out_of_the_queue_draws_no_line():
    assert tracks([item("c", "gone")]) == [Track(0)]
    assert tracks([]) == []


def test_every_line_that_begins_ends_at_the_one_who_stands_there():
    """Whatever stands on what: a column leads from exactly one row to exactly one later row."""
    line = [item(f"r{n}", *(f"r{m}" for m in range(n) if (n * m) % 3 == 0)) for n in range(60)]
    reached: dict[int, int] = {}
    for at, track in enumerate(tracks(line)):
        assert all(column in reached for column in (*track.above, *track.through))
        assert track.column not in track.through
        for column in track.above:
            assert reached.pop(column) < at
        for column in track.below:
            assert column not in reached
            reached[column] = at
    assert reached == {}


def test_lanes_are_told_target_by_target_in_landing_order():
    found = lanes([item("a"), item("b", lane=2), item("c", target="fix"), item("d", "a")], {})
    assert [(lane.target, lane.number, [each.queued.run for each in lane.entries]) for lane in found] == [
        ("main", 1, ["a", "d"]),
        ("main", 2, ["b"]),
        ("fix", 1, ["c"]),
    ]
    assert found[0].entries[1].stack == (("a", "testing"),)


@pytest.mark.parametrize(("status", "running"), [("testing", ["orders"]), ("merging", [])])
def test_checks_of_a_union_are_told_with_those_under_way(status: str, running: list[str]):
    story = Story("r1").created(policy=Policy()).tell(e.LandRequested(by="ann", after=("r0",)))
    reused = EVIDENCE.model_copy(update={"reused": True})
    run = story.tell(e.CheckFinished(evidence=reused), e.LandingHeld(by="ben", reason="Monday")).state
    told = item("r1", "gone", status=status)._replace(touches=("contracts/x.yaml", "orders", "users"))
    found = entry_of(run, [told])
    assert found is not None
    assert [check.service for check in found.checks if check.outcome == "running"] == running
    assert [(check.service, check.reused) for check in found.checks if check.reused] == [("users", True)]
    assert (found.held_by, found.held_because, found.after) == ("ben", "Monday", ("r0",))
    assert found.stack == (("gone", "landed"),)
    assert entry_of(run, []) is None
