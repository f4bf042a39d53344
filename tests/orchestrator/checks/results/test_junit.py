"""JUnit XML, from tools and from liars."""

import pytest

from hive.orchestrator.checks.results.counts import Counts
from hive.orchestrator.checks.results.junit import NotJunitError, parse


def test_every_test_case_is_counted_once() -> None:
    report = b"""<?xml version="1.0"?><testsuites><testsuite tests="99">
      <testcase name="a"/><testcase name="b"><failure/><error/></testcase>
      <testcase name="c"><skipped type="pytest.xfail"/></testcase>
      <testcase name="d"><system-out>failure</system-out></testcase></testsuite></testsuites>"""
    assert parse(report) == Counts(passed=2, failed=1, skipped=1)


def test_nodes_cases_outside_any_suite_are_counted() -> None:
    report = b"""<testsuites><testcase name="a"/><testsuite name="s"><testsuite name="t">
      <testcase name="b"/></testsuite></testsuite></testsuites>"""
    assert parse(report) == Counts(passed=2)


def test_nodes_failing_todo_fails_nothing() -> None:
    report = b'<testsuites><testcase><skipped type="todo"/><failure/></testcase></testsuites>'
    assert parse(report) == Counts(skipped=1)


def test_nodes_file_without_a_test_in_it_is_no_test() -> None:
    files = b'<testcase name="/x/a.test.js"/><testcase name="/x/b.test.mjs"><failure/></testcase>'
    assert parse(b"<testsuites>" + files + b"</testsuites>") == Counts(failed=1)


def test_no_test_case_is_no_test() -> None:
    assert parse(b'<testsuites><testsuite tests="5" failures="0"/></testsuites>') == Counts()


@pytest.mark.parametrize(
    ("report", "reason"),
    [
        (b"", "not well-formed"),
        (b"<testsuites>", "not well-formed"),
        (b"5 passed", "not well-formed"),
        (b"<html/>", "begins with 'html'"),
        (b"<testcase/>", "begins with 'testcase'"),
        (b"<!DOCTYPE a><testsuites/>", "document type"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><testsuites>&b;</testsuites>', "document type"),
        (
            '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a><testsuites/>'.encode("utf-16"),
            "document type",
        ),
        (b"<testsuites>&b;</testsuites>", "not well-formed"),
        (b"<testsuite>" * 100_000, "deeper than 64"),
    ],
)
def test_what_is_no_report_is_refused(report: bytes, reason: str) -> None:
    with pytest.raises(NotJunitError, match=reason):
        parse(report)
