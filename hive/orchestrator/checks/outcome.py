"""What an ended command proves. Pure."""

import re
import signal
from dataclasses import dataclass
from typing import NamedTuple

from hive.model import CheckOutcome, Evidence
from hive.orchestrator.checks.command import Runner
from hive.orchestrator.checks.results.counts import Counts
from hive.text import plural

_CANNOT_RUN = re.compile(
    r"^(?:\S{0,200}python[\d.]*: No module named (?:pytest|unittest|coverage|nose2|tox)\b[^\n]{0,80}"
    r"|bwrap: (?:execvp|Can't)[^\n]{0,200})",
    re.MULTILINE,
)
_NOT_FOUND_CODES = (126, 127)
_TESTS_FAILED: dict[Runner, int] = dict.fromkeys(("pytest", "unittest", "node", "go", "maven", "gradle"), 1)
"""How those that tell tests apart say that some failed, and that nothing else was wrong."""
MOST_FAILURES = 100
_NO_TESTS_CODE = 5
"""How pytest, and unittest since Python 3.12, say that they collected nothing."""


@dataclass(frozen=True)
class Facts:
    """All that is known of a command that has ended."""

    runner: Runner
    exit_code: int
    timed_out: bool
    timeout: float
    counts: Counts | None
    tail: str
    base: Evidence | None = None
    limit: str = ""
    """Which limit of the sandbox it has met."""


class Verdict(NamedTuple):
    """An outcome and why."""

    outcome: CheckOutcome
    reason: str


def judge(facts: Facts) -> Verdict:
    """The outcome: `passed` needs an exit with 0 and counts that agree, with a test that passed."""
    if facts.timed_out:
        return Verdict("timed_out", f"did not end within {facts.timeout:g} seconds")
    if facts.limit and facts.exit_code != 0:
        return Verdict("failed", facts.limit)
    if facts.counts is None and (obstacle := _obstacle(facts)):
        return Verdict("environment", obstacle)
    return _judge_success(facts) if facts.exit_code == 0 else _judge_failure(facts)


def failures(facts: Facts) -> tuple[str, ...]:
    """The tests that failed, where they are all of them and alone explain how the command ended; else none."""
    counts = facts.counts
    if counts is None or facts.timed_out or facts.limit or facts.exit_code != _TESTS_FAILED.get(facts.runner):
        return ()
    names = tuple(case.id for case in counts.cases if case.outcome == "failed")
    return names if len(names) == counts.failed <= MOST_FAILURES else ()


def _judge_success(facts: Facts) -> Verdict:
    counts = facts.counts
    if counts is None:
        return Verdict("unverified", "exited with 0, but left no test results that could be read")
    if counts.failed:
        return Verdict("failed", f"exited with 0, although {_failed(counts)}")
    if not counts.collected:
        return Verdict("unverified", "no tests were collected")
    if not counts.passed:
        return Verdict("unverified", f"nothing was tested: {plural(counts.skipped, 'test')} skipped")
    return Verdict("passed", f"{plural(counts.passed, 'test')} passed")


def _judge_failure(facts: Facts) -> Verdict:
    ended, counts = _ending(facts.exit_code), facts.counts
    if counts is not None and counts.failed:
        return Verdict("failed", _failed(counts))
    if counts is not None and not counts.collected and _may_mean_no_tests(facts):
        return Verdict("unverified", "no tests were collected")
    if counts is not None:
        return Verdict("failed", f"{ended}, although no test failed")
    return Verdict("failed", ended)


def _may_mean_no_tests(facts: Facts) -> bool:
    return facts.exit_code == _NO_TESTS_CODE or facts.runner not in ("pytest", "unittest")


def _failed(counts: Counts) -> str:
    return f"{counts.failed} of {plural(counts.collected, 'test')} failed"


def _ending(code: int) -> str:
    if code >= 0:
        return f"exited with {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"


def _obstacle(facts: Facts) -> str | None:
    """Why the command could not run at all, which is nobody's change's fault."""
    if facts.exit_code == 0:
        return None
    if said := _CANNOT_RUN.search(facts.tail):
        return said[0]
    if facts.exit_code in _NOT_FOUND_CODES:
        last = facts.tail.strip().rpartition("\n")[2]
        return f"a program was not found or cannot be run: {last or _ending(facts.exit_code)}"
    base = facts.base
    if base is not None and base.collected is None and base.exit_code == facts.exit_code:
        return f"{_ending(facts.exit_code)} without test results, as it does without the change"
    return None


def warnings(counts: Counts | None, base: Evidence | None) -> tuple[str, ...]:
    """What a reviewer should know about tests that got fewer."""
    if counts is None or base is None:
        return ()
    found = []
    if base.collected is not None and counts.collected < base.collected:
        found.append(f"fewer tests: {counts.collected} collected, {base.collected} without the change")
    if base.skipped is not None and counts.skipped > base.skipped:
        found.append(f"more tests skipped: {counts.skipped}, {base.skipped} without the change")
    return tuple(found)
