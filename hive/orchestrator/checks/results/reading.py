"""From what a runner left behind to counts."""

import json
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from hive.model import Case
from hive.orchestrator.checks.command import Recognised, Runner
from hive.orchestrator.checks.results import golang, junit, summary, tap
from hive.orchestrator.checks.results.counts import Counts
from hive.orchestrator.checks.results.junit import LONGEST_MESSAGE
from hive.text import one_line, sanitize

RESULT_LIMIT = 32 << 20
"""Bytes of a results file that hive reads; a longer one is none."""
LEAVES_RESULTS: frozenset[Runner] = frozenset({"pytest", "unittest", "node"})
"""Runners that are made to write a results file: without it, what they print counts for nothing."""


def read_regular(path: Path, limit: int = RESULT_LIMIT) -> bytes | None:
    """A file's content, unless it is missing, too long, or no plain file: tests could leave a pipe or a link."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        plain = stat.S_ISREG(os.fstat(descriptor).st_mode)
        return _read(descriptor, limit) if plain else None
    finally:
        os.close(descriptor)


def _read(descriptor: int, limit: int) -> bytes | None:
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        raw = file.read(limit + 1)
    return raw if len(raw) <= limit else None


def counts(
    recognised: Recognised, results: bytes | None, reports: Sequence[bytes], output: str
) -> Counts | None:
    """What is known of the tests; none when nothing can be trusted to tell. Pure."""
    runner = recognised.runner
    if runner in LEAVES_RESULTS and (recognised.at is not None or results is not None):
        return _of_results(runner, results)
    if results is not None:
        return _junit(results)
    if found := [each for raw in reports if (each := _junit(raw)) is not None]:
        return sum(found, Counts())
    if runner == "go":
        return golang.parse(output)
    return summary.parse(runner, output) or (tap.parse(output) if runner == "unknown" else None)


def _of_results(runner: Runner, results: bytes | None) -> Counts | None:
    if results is None:
        return None
    return _unittest(results) if runner == "unittest" else _junit(results)


def _junit(raw: bytes) -> Counts | None:
    try:
        return junit.parse(raw)
    except junit.NotJunitError:
        return None


def _unittest(raw: bytes) -> Counts | None:
    try:
        record = json.loads(raw)
        run, failed, skipped = (record[name] for name in ("run", "failed", "skipped"))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if not all(isinstance(number, int) and number >= 0 for number in (run, failed, skipped)):
        return None
    return replace(Counts.of(run, failed, skipped), cases=tuple(_cases(record.get("tests"))))


def _cases(tests: object) -> Iterator[Case]:
    """What hive's own runner tells of single tests; anything else that stands there is left out."""
    for test in tests if isinstance(tests, list) else ():
        match test:
            case [str(name), ("passed" | "failed" | "skipped") as outcome, str(why)]:
                group = name.split(" ", 1)[0].rpartition(".")[0]
                told = sanitize(why, LONGEST_MESSAGE).strip()
                rest = one_line(name[len(group) :].removeprefix("."), 300)
                yield Case(group=one_line(group), name=rest, outcome=outcome, message=told)
