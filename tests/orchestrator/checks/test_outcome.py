"""The decision table of checks."""

import signal
from dataclasses import replace

import pytest

from hive.model import Case, CheckOutcome, Evidence
from hive.orchestrator.checks.command import Runner
from hive.orchestrator.checks.outcome import Facts, failures, judge, warnings
from hive.orchestrator.checks.results.counts import Counts

PLAIN = Facts(runner="pytest", exit_code=0, timed_out=False, timeout=60, counts=Counts(5), tail="")
NO_PYTEST = "/usr/bin/python3: No module named pytest"


@pytest.mark.parametrize(
    ("exit_code", "counts", "outcome", "reason"),
    [
        (0, Counts(5), "passed", "5 tests passed"),
        (0, Counts(1, 0, 4), "passed", "1 test passed"),
        (0, None, "unverified", "left no test results"),
        (0, Counts(), "unverified", "no tests were collected"),
        (0, Counts(0, 0, 2), "unverified", "2 tests skipped"),
        (0, Counts(5, 1), "failed", "exited with 0, although 1 of 6 tests failed"),
        (1, Counts(5, 1), "failed", "1 of 6 tests failed"),
        (1, Counts(5), "failed", "exited with 1, although no test failed"),
        (1, None, "failed", "exited with 1"),
        (1, Counts(), "failed", "although no test failed"),
        (5, Counts(), "unverified", "no tests were collected"),
        (5, Counts(0, 1), "failed", "1 of 1 test failed"),
        (-signal.SIGSEGV, None, "failed", "SIGSEGV"),
        (-250, None, "failed", "signal 250"),
        (127, None, "environment", "not found"),
        (126, None, "environment", "cannot be run"),
        (127, Counts(4, 1), "failed", "1 of 5 tests failed"),
    ],
)
def test_exit_code_and_counts_must_agree(
    exit_code: int, counts: Counts | None, outcome: CheckOutcome, reason: str
) -> None:
    verdict = judge(replace(PLAIN, exit_code=exit_code, counts=counts))
    assert verdict.outcome == outcome
    assert reason in verdict.reason


@pytest.mark.parametrize("counts", [None, Counts(5), Counts(5, 1)])
@pytest.mark.parametrize("exit_code", [0, 1, -9])
def test_a_command_that_did_not_end_has_timed_out_whatever_it_left(
    exit_code: int, counts: Counts | None
) -> None:
    verdict = judge(replace(PLAIN, exit_code=exit_code, counts=counts, timed_out=True))
    assert verdict == ("timed_out", "did not end within 60 seconds")


@pytest.mark.parametrize(
    "tail", [NO_PYTEST, f"some line\n{NO_PYTEST}\n", "bwrap: execvp ./x: Exec format error"]
)
def test_a_missing_runner_is_the_environments_fault(tail: str) -> None:
    verdict = judge(replace(PLAIN, exit_code=1, counts=None, tail=tail))
    assert verdict.outcome == "environment"
    assert verdict.reason in tail


def test_a_missing_runner_excuses_neither_success_nor_failing_tests() -> None:
    assert judge(replace(PLAIN, exit_code=0, counts=None, tail=NO_PYTEST)).outcome == "unverified"
    assert judge(replace(PLAIN, exit_code=1, counts=Counts(0, 1), tail=NO_PYTEST)).outcome == "failed"


def test_a_missing_module_of_the_service_is_a_failure() -> None:
    missing = "ModuleNotFoundError: No module named 'loyalty'"
    assert judge(replace(PLAIN, exit_code=1, counts=None, tail=missing)).outcome == "failed"


def test_what_breaks_the_same_way_without_the_change_is_not_its_fault() -> None:
    base = Evidence(check="tests", outcome="failed", exit_code=2)
    broken = replace(PLAIN, exit_code=2, counts=None, base=base)
    assert judge(broken).outcome == "environment"
    assert judge(replace(broken, exit_code=3)).outcome == "failed"
    assert judge(replace(broken, base=base.model_copy(update={"collected": 4}))).outcome == "failed"


@pytest.mark.parametrize(
    ("runner", "outcome"),
    [("jest", "unverified"), ("phpunit", "unverified"), ("pytest", "failed"), ("unittest", "failed")],
)
def test_a_runner_that_fails_for_want_of_tests_proves_nothing(runner: Runner, outcome: CheckOutcome) -> None:
    assert judge(replace(PLAIN, runner=runner, exit_code=1, counts=Counts())).outcome == outcome


def test_only_an_exit_with_zero_and_a_passed_test_is_a_pass() -> None:
    some = [None, *(Counts(p, f, s) for p in (0, 1) for f in (0, 1) for s in (0, 1))]
    passed = [
        (code, counts)
        for code in (-9, 0, 1, 2, 5, 127)
        for counts in some
        if judge(replace(PLAIN, exit_code=code, counts=counts)).outcome == "passed"
    ]
    assert passed == [(0, Counts(1, 0, 0)), (0, Counts(1, 0, 1))]


def test_fewer_tests_and_more_skips_than_on_the_base_are_remarked() -> None:
    base = Evidence(check="tests", outcome="passed", collected=10, skipped=1)
    assert warnings(Counts(7, 0, 2), base) == (
        "fewer tests: 9 collected, 10 without the change",
        "more tests skipped: 2, 1 without the change",
    )
    assert warnings(Counts(12, 0, 1), base) == ()
    assert warnings(None, base) == warnings(Counts(1), None) == ()
    assert warnings(Counts(1), Evidence(check="tests", outcome="environment")) == ()


def test_failures_are_named_only_where_they_alone_explain_the_ending():
    red = Case(group="t", name="a", outcome="failed")
    known = Facts("pytest", 1, False, 9, Counts(passed=1, failed=1, cases=(red,)), "")
    assert failures(known) == ("t::a",)
    for other in (
        replace(known, exit_code=2),
        replace(known, runner="unknown"),
        replace(known, timed_out=True),
        replace(known, limit="too much memory"),
        replace(known, counts=Counts(passed=1, failed=2, cases=(red,))),
    ):
        assert failures(other) == ()
