"""Which of a runner's traces count."""

import os
from pathlib import Path

import pytest

from hive.orchestrator.checks.command import Recognised
from hive.orchestrator.checks.results.counts import Counts
from hive.orchestrator.checks.results.reading import counts, read_regular

ONE = b"<testsuite><testcase/></testsuite>"
PRINTED = "===== 5 passed in 0.01s =====\nok 1\n1..1\n"


@pytest.mark.parametrize(
    ("recognised", "results", "reports", "expected"),
    [
        (Recognised("pytest", 0), ONE, [], Counts(1)),
        (Recognised("pytest", 0), None, [], None),
        (Recognised("pytest", 0), b"5 passed", [], None),
        (Recognised("unittest", 0), b'{"run": 3, "failed": 1, "skipped": 1}', [], Counts(1, 1, 1)),
        (Recognised("unittest", 0), b'{"run": 3}', [], None),
        (Recognised("unittest", 0), b'{"run": 3, "failed": -1, "skipped": "x"}', [], None),
        (Recognised("unittest", 0), b"[]", [], None),
        (Recognised("node", 0), None, [], None),
        (Recognised("node"), ONE, [], Counts(1)),
        (Recognised("gradle", 0), None, [ONE, ONE, b"<html/>"], Counts(2)),
        (Recognised("gradle", 0), None, [], None),
        (Recognised("go", 0), None, [], None),
        (Recognised("unknown"), ONE, [], Counts(1)),
        (Recognised("unknown"), None, [], Counts(5)),
    ],
)
def test_a_results_file_is_believed_before_printed_words(
    recognised: Recognised, results: bytes | None, reports: list[bytes], expected: Counts | None
) -> None:
    assert counts(recognised, results, reports, PRINTED) == expected


def test_tap_is_read_where_nothing_else_was_said() -> None:
    assert counts(Recognised("unknown"), None, [], "1..2\nok 1\nok 2\n") == Counts(2)


def test_only_a_plain_file_of_bounded_size_is_read(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"12345")
    (tmp_path / "link").symlink_to(tmp_path / "plain")
    os.mkfifo(tmp_path / "pipe")
    assert read_regular(tmp_path / "plain") == b"12345"
    assert read_regular(tmp_path / "plain", limit=4) is None
    for name in ("link", "pipe", "missing", "."):
        assert read_regular(tmp_path / name) is None
