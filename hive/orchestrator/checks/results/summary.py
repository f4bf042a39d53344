"""Counts from the summary lines that test runners print for people. Pure.

The last resort: the tests themselves can print such lines. Every pattern is anchored to a line and bounded,
because the text is not trusted to be short or kind.
"""

import re

from hive.orchestrator.checks.command import Runner
from hive.orchestrator.checks.results.counts import Counts

_COLOUR = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]")
_NUMBER_WORD = re.compile(r"(?<![\w.])(\d{1,9}) ([a-z]{2,12})")
_WORD_NUMBER = re.compile(r"\b([A-Za-z][A-Za-z ]{1,24}?)[:= ] {0,9}(\d{1,9})\b")
_MEANING = {
    "passed": {"passed", "pass", "passing", "succeeded", "xpassed"},
    "failed": {
        "failed", "fail", "failing", "failures", "failure", "errors", "error", "cancelled", "unexpectedsuccesses",
    },
    "skipped": {
        "skipped", "skip", "skips", "ignored", "pending", "todo", "xfailed", "expectedfailures", "incomplete",
    },
    "total": {"total", "test", "tests", "example", "examples", "run", "runs", "testsrun"},
}  # fmt: skip
_WORDS = {word: meaning for meaning, words in _MEANING.items() for word in words}

# The first group holds the numbers and their words; or else groups are named by their meaning.
_LINES: dict[Runner, tuple[str, ...]] = {
    "pytest": (
        r"^(?:=+ )?(\d+ (?:passed|failed|skipped|error|xfailed|xpassed|deselected)[^\n]{0,200}) in \d",
    ),
    "unittest": (r"^(Ran \d+ tests? in [^\n]{1,40}\n\n(?:OK|FAILED|NO TESTS RAN)?(?: \([^)\n]{0,200}\))?)",),
    "node": (r"^(?:#|ℹ) ((?:pass|fail|cancelled|skipped|todo) \d+)$",),
    "jest": (r"^Tests: {1,9}(\d[^\n]{0,200} total)$",),
    "vitest": (r"^ {1,9}Tests {1,9}(\d[^\n(]{0,200})\(\d+\)",),
    "mocha": (r"^ {0,4}(\d+ (?:passing|pending|failing))\b",),
    "go": (r"^(?P<passed>ok) {1,2}\t\S+\t[\d.(c][^[\n]{0,40}$", r"^(?P<failed>FAIL)\t\S+\t"),
    "cargo": (
        r"^test result: \w+\. (\d+ passed; \d+ failed; \d+ ignored)",
        r"^ {0,9}Summary \[[^\]\n]{1,20}\] {1,9}\d+ tests? run: ([^\n]{1,200})$",
    ),
    "maven": (r"^(?:\[\w+\] )?(Tests run: \d+, Failures: \d+, Errors: \d+, Skipped: \d+)$",),
    "gradle": (),
    "dotnet": (
        r"^(?:Passed|Failed|Skipped)! {1,9}- (Failed: {1,9}\d+, Passed: {1,9}\d+, Skipped: {1,9}\d+)",
        r"^Test summary: total: \d+, (failed: \d+, succeeded: \d+, skipped: \d+)",
    ),
    "phpunit": (r"^OK \((\d+ tests?), ", r"^(Tests: \d+, Assertions: [^\n]{1,200})\.$"),
    "rspec": (r"^(\d+ examples?, \d+ failures?[^\n]{0,100})$",),
    "ctest": (r"^\d+% tests passed, (?P<failed>\d+) tests failed out of (?P<total>\d+)",),
    "unknown": (
        r"^(\d+ (?:tests?|runs), [^\n]{0,80}\d+ failures?[^\n]{0,100})$",  # minitest, mix
        r"^(?:ok|FAILED) \| (\d+ passed[^\n]{0,60} \| \d+ failed[^\n]{0,60})",  # deno
    ),
}
_PATTERNS = {
    runner: tuple(re.compile(line, re.MULTILINE) for line in lines) for runner, lines in _LINES.items()
}
_NOTHING = re.compile(
    r"^(?:Error: )?(?:=* ?no tests ran\b|No tests? (?:files )?(?:found|executed|is available|were found))",
    re.MULTILINE,
)


def parse(runner: Runner, output: str) -> Counts | None:
    """The sum over all summaries that this runner printed; with an unknown runner, that any runner printed."""
    text = _COLOUR.sub("", output).replace("\r\n", "\n")
    patterns = sum(_PATTERNS.values(), ()) if runner == "unknown" else _PATTERNS[runner]
    found = [_counts(match) for pattern in patterns for match in pattern.finditer(text)]
    if not found and not _NOTHING.search(text):
        return None
    return sum(found, Counts())


def _counts(match: re.Match[str]) -> Counts:
    named = match.groupdict()
    numbers = dict.fromkeys(_MEANING, 0)
    for meaning, value in named.items():
        numbers[meaning] += int(value) if value.isdigit() else 1
    if not named:
        _add_numbers(numbers, match[1])
    if numbers["total"] and not numbers["passed"]:
        return Counts.of(numbers["total"], numbers["failed"], numbers["skipped"])
    return Counts(numbers["passed"], numbers["failed"], numbers["skipped"])


def _add_numbers(numbers: dict[str, int], text: str) -> None:
    pairs = [(word, number) for number, word in _NUMBER_WORD.findall(text)]
    for word, number in pairs + _WORD_NUMBER.findall(text):
        if meaning := _WORDS.get(word.lower().replace(" ", "")):
            numbers[meaning] += int(number)
