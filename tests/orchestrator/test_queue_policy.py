"""The queue's policy by tables; histories that nobody thought of are in test_queue_histories.py."""

import pytest

from benchmarks.queue import simulate
from benchmarks.queue.workload import make
from hive.orchestrator.queue import (
    Changeset,
    Facts,
    Merge,
    Place,
    Settings,
    Tip,
    bisects,
    decide,
    odds,
    window,
)
from hive.orchestrator.queue.estimate import Durations, estimates
from hive.orchestrator.queue.order import order


def one(name: str, asked: int, touches: str = "a", **more: object) -> Changeset:
    return Changeset(name, asked, frozenset(touches), **more)  # type: ignore[arg-type]


def merged(seq: int, *beneath: str, onto: str = "h0", whole: bool = True) -> Merge:
    return Merge(seq, onto, f"c{seq}", tuple((name, f"of {name}") for name in beneath), whole)


def acts(
    *line: Changeset, facts: Facts | None = None, **settings: object
) -> list[tuple[str, str, tuple[str, ...]]]:
    places = decide(line, facts or Facts(), Settings(**settings))  # type: ignore[arg-type]
    return [(place.changeset.id, place.act, place.on) for place in places]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ([one("x", 2), one("y", 1)], "yx"),
        ([one("x", 1), one("y", 2, priority=1)], "yx"),
        ([one("x", 1), one("y", 2), one("z", 3, before="x")], "zxy"),
        ([one("x", 1), one("y", 2, before="gone")], "xy"),
        ([one("x", 1, after=("y",)), one("y", 2)], "yx"),
        ([one("x", 1, after=("y",)), one("y", 2, after=("x",)), one("z", 3)], "zxy"),
        ([one("x", 1), one("y", 2, begun=True)], "yx"),
    ],
)
def test_the_order_is_priority_then_asking_then_what_a_person_moved(line: list[Changeset], expected: str):
    assert "".join(each.id for each in order(line)) == expected


def test_a_later_one_is_merged_on_top_of_an_earlier_that_it_has_to_do_with():
    first = one("x", 1, "ab", merge=merged(1))
    assert acts(first, one("y", 2, "b"), one("z", 3, "c")) == [
        ("x", "test", ()),
        ("y", "merge", ("x",)),
        ("z", "merge", ()),
    ]


def test_who_fails_is_left_out_and_its_failure_is_final_when_nobody_is_ahead():
    ahead = one("w", 0, "b", merge=merged(1))
    bad = one("x", 1, "ab", merge=merged(2, "w"), verdict="failed")
    behind = one("y", 2, "a", merge=merged(3, "x", "w"))
    assert acts(ahead, bad, behind) == [("w", "test", ()), ("x", "wait", ("w",)), ("y", "merge", ())]
    alone = bad._replace(merge=merged(2))
    assert acts(alone, behind) == [("x", "refuse", ()), ("y", "merge", ())]


def test_what_landed_beneath_is_no_reason_to_merge_again_and_what_landed_elsewhere_is():
    ready = one("y", 2, "a", merge=merged(3, "x"), verdict="passed")
    mine = Facts({"main": Tip("of x", 5)}, frozenset({"x"}))
    assert acts(ready, facts=mine) == [("y", "land", ())]
    assert acts(ready, facts=Facts({"main": Tip("other", 6)}, frozenset({"x"}))) == [("y", "merge", ())]


def test_the_window_the_odds_and_the_executors_bound_speculation():
    line = [one(str(n), n, merge=merged(n, *map(str, range(n)), whole=not n)) for n in range(4)]
    assert [act for _, act, _ in acts(*line, window=2)] == ["test", "test", "wait", "wait"]
    assert [act for _, act, _ in acts(*line, odds=0.5, worth=0.3)] == ["test", "test", "wait", "wait"]
    assert [act for _, act, _ in acts(*line, slots=3)] == ["test", "test", "test", "wait"]


def test_bisection_tests_the_union_and_then_half_of_it():
    line = [one(str(n), n, merge=merged(n, *map(str, range(n)))) for n in range(4)]
    assert [act for _, act, _ in acts(*line, bisect=True)] == ["wait", "wait", "wait", "test"]
    red = [*line[:3], line[3]._replace(verdict="failed")]
    assert [act for _, act, _ in acts(*red, bisect=True)] == ["wait", "test", "wait", "wait"]
    green = [*line[:3], line[3]._replace(verdict="passed")]
    assert [act for _, act, _ in acts(*green, bisect=True)] == ["wait", "wait", "wait", "land"]


def test_nobody_waits_for_who_is_held_or_lacks_what_it_needs():
    held, lacking = one("x", 1, held=True), one("y", 2, after=("gone",))
    facts = Facts(outside={"gone": "review"})
    assert [act for _, act, _ in acts(held, lacking, one("z", 3), facts=facts)] == ["held", "wait", "merge"]


def test_a_stopped_target_stops_all_of_its_queue_and_no_other():
    facts = Facts(stopped={"main": "reset"})
    assert [act for _, act, _ in acts(one("x", 1), one("y", 2, target="next"), facts=facts)] == [
        "stopped",
        "merge",
    ]


def test_the_window_grows_by_one_and_halves_down_to_the_floor():
    assert [window(outcomes, 8, 3) for outcomes in ([], [True], [False], [False] * 9)] == [8, 9, 4, 3]
    assert odds([]) == pytest.approx(0.9)
    assert odds([False] * 10) < 0.5 < odds([True] * 50)


def test_auto_bisects_when_checks_are_slow_or_a_sure_queue_is_long():
    usual = {"waiting": 1, "slots": 4, "odds": 0.98, "typical": 10.0, "slow": 600.0}
    assert not bisects(**usual)  # type: ignore[arg-type]
    assert bisects(**usual | {"typical": 900.0})  # type: ignore[arg-type]
    assert bisects(**usual | {"waiting": 9})  # type: ignore[arg-type]
    assert not bisects(**usual | {"waiting": 9, "odds": 0.9})  # type: ignore[arg-type]


@pytest.mark.parametrize("policy", ["hive", "hive, bisect", "Zuul"])
def test_in_the_simulation_all_sound_changesets_land_and_no_wrong_one(policy: str):
    result = simulate(policy, 4, 0.2, seed=7, hours=0.5)
    wrong = [c for c in make(7, hours=0.5, failing=0.2).changes if c.bad is not None and not c.only_after]
    assert result.refused - result.wrongly_refused >= len(wrong)
    assert result.waited


def test_nobody_is_told_when_it_lands_who_waits_for_a_person():
    known = Durations({"a": 10.0}, 10.0)
    needing = one("b", 2, after=("a",))
    places = [
        Place(one("a", 1, held=True), "held", ""),
        Place(needing, "wait", ""),
        Place(one("c", 3), "test", ""),
    ]
    assert estimates(places, known, 4).keys() == {"c"}
    assert estimates(places[2:], known, 4, missing=("gone",)).keys() == {"c"}
    assert estimates([Place(one("d", 4, after=("gone",)), "wait", "")], known, 4, missing=("gone",)) == {}
