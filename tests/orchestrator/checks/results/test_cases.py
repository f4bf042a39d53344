"""The single tests of a check: out of what runners report, into a file of bounded size."""

import pytest

from hive.model import CASES, Case
from hive.orchestrator.checks.results import golang, junit, listing

REPORT = b"""<testsuites><testsuite name="pytest">
<testcase classname="tests.test_api" name="test_get" time="0.012"/>
<testcase classname="tests.test_api" name="test_put"><failure message="assert 3 == 4">E   assert 3 == 4
\x1b[31mred\x1b[0m</failure></testcase>
<testcase classname="tests.test_db" name="test_skip" time="nan"><skipped message="no database"/></testcase>
<testcase name="alone" time="-1"/>
</testsuite></testsuites>"""


def test_junit_tells_each_test_with_its_reason():
    report = REPORT.replace(b"\x1b", b"")
    assert [(c.group, c.name, c.outcome, c.seconds) for c in junit.parse(report).cases] == [
        ("tests.test_api", "test_get", "passed", 0.012),
        ("tests.test_api", "test_put", "failed", None),
        ("tests.test_db", "test_skip", "skipped", None),
        ("", "alone", "passed", None),
    ]
    assert [c.message.splitlines()[:2] for c in junit.parse(report).cases[1:3]] == [
        ["assert 3 == 4", "E   assert 3 == 4"],
        ["no database"],
    ]


def test_go_tells_each_test():
    lines = (
        '{"Action":"pass","Package":"shop","Test":"TestA"}\n{"Action":"fail","Package":"shop","Test":"TestB"}\n'
        '{"Action":"fail","Package":"shop"}'
    )
    counts = golang.parse(lines)
    assert counts
    assert [(c.group, c.name, c.outcome) for c in counts.cases] == [
        ("shop", "TestA", "passed"), ("shop", "TestB", "failed"),
    ]  # fmt: skip


def test_a_report_with_a_huge_message_keeps_a_bounded_one():
    report = REPORT.replace(b"\x1b", b"").replace(b"red", b"x" * 1_000_000)
    assert max(len(case.message) for case in junit.parse(report).cases) < 3 * junit.LONGEST_MESSAGE


@pytest.mark.parametrize("count", [0, 3, 20_000])
def test_the_file_holds_what_there_is_room_for_failures_first(tmp_path, count):
    passed = Case(group="g", name="n" * 100, outcome="passed")
    failed = Case(group="g", name="bad", outcome="failed", message="why")
    name = listing.write([passed] * count + [failed], tmp_path / "tests.txt")
    assert name == "tests.txt.tests.json"
    raw = (tmp_path / name).read_bytes()
    assert len(raw) < 1 << 20
    kept = CASES.validate_json(raw)
    assert kept[0] == failed
    assert len(kept) == min(count + 1, len(kept))
    assert (len(kept) == count + 1) is (count < 1000)


def test_without_tests_there_is_no_file(tmp_path):
    assert listing.write((), tmp_path / "tests.txt") is None
    assert not list(tmp_path.iterdir())
