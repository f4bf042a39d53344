from hive.model import Evidence
from hive.orchestrator.checks.quarantine import excused, flaked

LIST = ("users/tests::t.test_a::test_one", "users/tests::t.test_a::test_two", "orders/tests")


def red(*failures: str, passed: int = 3, failed: int | None = None) -> Evidence:
    count = len(failures) if failed is None else failed
    return Evidence(
        check="tests",
        service="users",
        outcome="failed",
        reason=f"{count} of {count + passed} tests failed",
        passed=passed,
        failed=count,
        failures=failures,
    )


def test_only_listed_tests_failed_so_the_check_passes_and_names_them():
    found = excused(red("t.test_a::test_one"), LIST)
    assert (found.outcome, found.blocks, found.excused) == ("passed", False, ("t.test_a::test_one",))
    assert found.reason == "3 tests passed; failed in quarantine: t.test_a::test_one"


def test_a_test_that_is_not_listed_still_turns_it_red():
    found = excused(red("t.test_a::test_one", "t.test_a::test_new"), LIST)
    assert (found.outcome, found.blocks) == ("failed", True)
    assert found.reason == "2 of 5 tests failed, 1 of them in quarantine"


def test_a_check_that_proves_nothing_else_stays_red():
    assert excused(red("t.test_a::test_one", passed=0), LIST).blocks


def test_failures_that_are_not_told_apart_and_lists_of_others_excuse_nothing():
    for evidence in (red(failed=1), red("t.test_b::test_one"), red("test_one")):
        assert excused(evidence, LIST) == evidence


def test_a_flake_names_the_tests_that_failed_only_at_first():
    assert flaked(red("t::a", "t::b"), red("t::b")) == ("t::a",)
