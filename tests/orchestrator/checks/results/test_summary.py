"""Summary lines, each as its runner prints it."""

import pytest

from hive.orchestrator.checks.command import Runner
from hive.orchestrator.checks.results.counts import Counts
from hive.orchestrator.checks.results.summary import parse

CARGO = """
test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.00s
   Doc-tests shop
test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s
"""
MAVEN = """
[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.03 s -- in shop.CartTest
[ERROR] Tests run: 2, Failures: 1, Errors: 0, Skipped: 1, Time elapsed: 0.01 s -- in shop.UserTest
[INFO] Results:
[ERROR] Tests run: 5, Failures: 1, Errors: 0, Skipped: 1
"""
NODE = "ℹ tests 8\nℹ suites 2\nℹ pass 5\nℹ fail 1\nℹ cancelled 0\nℹ skipped 1\nℹ todo 1\n"
GO = (
    "ok  \tshop/users\t0.012s\nok  \tshop/cart\t(cached)\n?   \tshop/x\t[no test files]\nFAIL\tshop/y\t0.1s\nFAIL\n"
    "ok  \tshop/z\t0.1s [no tests to run]\n"
)
SUMMARIES: list[tuple[Runner, str, Counts]] = [
    ("pytest", "===== 1 failed, 3 passed, 2 skipped, 1 xfailed, 1 warning in 0.12s =====", Counts(3, 1, 3)),
    ("pytest", "3 passed in 0.01s", Counts(3, 0, 0)),
    ("pytest", "1 error in 0.20s", Counts(0, 1, 0)),
    ("pytest", "===== no tests ran in 0.01s =====", Counts()),
    ("unittest", "Ran 12 tests in 0.010s\n\nOK (skipped=2)\n", Counts(10, 0, 2)),
    ("unittest", "Ran 1 test in 0.010s\n\nFAILED (failures=1)\n", Counts(0, 1, 0)),
    (
        "unittest",
        "Ran 4 tests in 0.0s\n\nFAILED (failures=1, errors=1, expected failures=1)\n",
        Counts(1, 2, 1),
    ),
    ("unittest", "Ran 0 tests in 0.000s\n\nNO TESTS RAN\n", Counts()),
    ("unittest", "Ran 0 tests in 0.000s\n\nFAILED (errors=1)\n", Counts(0, 1, 0)),
    ("node", NODE, Counts(5, 1, 2)),
    ("node", "# tests 2\n# pass 2\n# fail 0\n", Counts(2, 0, 0)),
    ("jest", "Tests:       1 failed, 2 skipped, 1 todo, 5 passed, 9 total\n", Counts(5, 1, 3)),
    ("jest", "No tests found, exiting with code 1\n", Counts()),
    (
        "vitest",
        " Test Files  1 failed | 1 passed (2)\n      Tests  1 failed | 5 passed (6)\n",
        Counts(5, 1, 0),
    ),
    ("mocha", "  5 passing (12ms)\n  1 pending\n  2 failing\n", Counts(5, 2, 1)),
    ("mocha", 'Error: No test files found: "test"\n', Counts()),
    ("go", GO, Counts(2, 1, 0)),
    ("cargo", CARGO, Counts(4, 2, 1)),
    ("cargo", "     Summary [   0.012s] 7 tests run: 5 passed, 2 failed, 1 skipped\n", Counts(5, 2, 1)),
    ("maven", MAVEN, Counts(3, 1, 1)),
    (
        "dotnet",
        "Passed!  - Failed:     0, Passed:     5, Skipped:     1, Total:     6, Duration: 9 ms",
        Counts(5, 0, 1),
    ),
    (
        "dotnet",
        "Test summary: total: 6, failed: 2, succeeded: 4, skipped: 0, duration: 1.2s",
        Counts(4, 2, 0),
    ),
    ("phpunit", "OK (5 tests, 10 assertions)\n", Counts(5, 0, 0)),
    ("phpunit", "FAILURES!\nTests: 5, Assertions: 9, Errors: 1, Failures: 1, Skipped: 1.\n", Counts(2, 2, 1)),
    ("phpunit", "No tests executed!\n", Counts()),
    ("rspec", "5 examples, 1 failure, 2 pending\n", Counts(2, 1, 2)),
    ("ctest", "75% tests passed, 1 tests failed out of 4\n", Counts(3, 1, 0)),
    ("unknown", "5 runs, 10 assertions, 1 failures, 0 errors, 1 skips\n", Counts(3, 1, 1)),
    ("unknown", "5 tests, 1 failure\n", Counts(4, 1, 0)),
    ("unknown", "ok | 5 passed (2 steps) | 0 failed (12ms)\n", Counts(5, 0, 0)),
]


@pytest.mark.parametrize(("runner", "output", "counts"), SUMMARIES)
def test_a_summary_is_read_as_its_runner_means_it(runner: Runner, output: str, counts: Counts) -> None:
    assert parse(runner, output) == counts


@pytest.mark.parametrize(("runner", "output", "counts"), SUMMARIES)
def test_an_unknown_command_may_print_any_summary(runner: Runner, output: str, counts: Counts) -> None:
    assert parse("unknown", f"building…\r\n\x1b[32m{output}\x1b[0m") == counts


def test_summaries_of_several_runners_add_up() -> None:
    both = "3 passed in 0.01s\n" + "Tests:       2 passed, 2 total\n"
    assert parse("unknown", both) == Counts(passed=5)


@pytest.mark.parametrize("output", ["", "all tests passed\n", "PASS\n", "success: 5\n", "5 passed\n"])
def test_boasting_is_no_summary(output: str) -> None:
    assert parse("unknown", output) is None


@pytest.mark.parametrize(
    "piece", ["1 passed, ", "Ran 1 tests in ", "Tests: 1, ", "9" * 50, "ok  \ta", " " * 9]
)
def test_a_hostile_line_does_not_hold_the_parser_up(piece: str) -> None:
    parse("unknown", piece * (200_000 // len(piece)))
