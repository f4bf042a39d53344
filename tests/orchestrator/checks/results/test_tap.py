"""The Test Anything Protocol."""

import pytest

from hive.orchestrator.checks.results.counts import Counts
from hive.orchestrator.checks.results.tap import parse


@pytest.mark.parametrize(
    ("output", "counts"),
    [
        ("TAP version 14\n1..2\nok 1 - a\nnot ok 2 - b\n", Counts(1, 1, 0)),
        ("ok 1\nok 2 # SKIP no database\nnot ok 3 # todo later\n1..3\n", Counts(1, 0, 2)),
        ("1..1\n    ok 1 - child\n    not ok 2 - child\n    1..2\nok 1 - parent\n", Counts(1, 0, 0)),
        ("1..5\nok 1\n", Counts(1, 4, 0)),
        ("1..0 # SKIP nothing here\n", Counts()),
        ("1..1\nok 1\nBail out! disk full\n", Counts(1, 1, 0)),
        ("1..1\nok 1 - escaped \\# SKIP\n", Counts(1, 0, 0)),
    ],
)
def test_points_are_counted_against_the_plan(output: str, counts: Counts) -> None:
    assert parse(output) == counts


def test_without_a_plan_it_is_no_tap() -> None:
    assert parse("ok 1\nok, all good\n") is None
