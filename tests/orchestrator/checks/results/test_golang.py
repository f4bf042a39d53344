"""The event stream of `go test -json`."""

from hive.orchestrator.checks.results.counts import Counts
from hive.orchestrator.checks.results.golang import parse, readable

STREAM = """\
{"Action":"start","Package":"shop/users"}
{"Action":"run","Package":"shop/users","Test":"TestA"}
{"Action":"output","Package":"shop/users","Test":"TestA","Output":"=== RUN   TestA\\n"}
{"Action":"pass","Package":"shop/users","Test":"TestA","Elapsed":0}
{"Action":"run","Package":"shop/users","Test":"TestB"}
{"Action":"fail","Package":"shop/users","Test":"TestB"}
{"Action":"skip","Package":"shop/users","Test":"TestC"}
{"Action":"output","Package":"shop/users","Output":"FAIL\\n"}
{"Action":"fail","Package":"shop/users"}
"""


def test_tests_are_counted_and_their_package_is_not() -> None:
    assert parse(STREAM) == Counts(passed=1, failed=1, skipped=1)


def test_a_package_that_does_not_compile_is_a_failure() -> None:
    broken = '# shop/cart\n{"Action":"output","Package":"shop/cart","Output":"FAIL [build failed]\\n"}\n'
    assert parse(broken + '{"Action":"fail","Package":"shop/cart"}\n') == Counts(failed=1)


def test_a_package_without_tests_counts_nothing() -> None:
    assert parse('{"Action":"start","Package":"a"}\n{"Action":"skip","Package":"a"}\n') == Counts()


def test_a_test_that_ran_twice_counts_as_it_ended() -> None:
    again = STREAM + '{"Action":"pass","Package":"shop/users","Test":"TestB"}\n'
    assert parse(again) == Counts(passed=2, failed=1, skipped=1)


def test_printed_words_are_no_events() -> None:
    assert parse('ok  \tshop/users\t0.1s\nPASS\n{"a":1}\n{"broken\n[1]\n') is None


def test_people_read_what_go_would_have_printed() -> None:
    assert readable("# cart\n" + STREAM) == "# cart\n=== RUN   TestA\nFAIL\n"
