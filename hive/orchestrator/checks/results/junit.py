"""Counts from JUnit XML, as pytest, node, Maven and Gradle write it. Pure.

Test cases are counted one by one in a streaming parser: the totals in the attributes differ from tool to tool
(node writes none at the root, and cases outside any suite), and the file comes from the tests themselves, so
it may be huge, nested without end, or full of entities.
"""

import math
import re
from dataclasses import replace
from xml.parsers import expat

from hive.model import Case
from hive.orchestrator.checks.results.counts import Counts
from hive.text import one_line, sanitize

MAX_DEPTH = 64
MOST_CASES = 20_000
LONGEST_MESSAGE = 2000
_NODE_FILE = re.compile(r"/\S+\.[cm]?[jt]s")
_FAILURES = frozenset({"failure", "error"})
_TOLD = _FAILURES | {"skipped"}


class NotJunitError(ValueError):
    """The bytes are no JUnit XML that hive would read."""


def parse(raw: bytes) -> Counts:
    """The counts of a report. Raises NotJunitError."""
    tally = _Tally()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = tally.start
    parser.EndElementHandler = tally.end
    parser.CharacterDataHandler = tally.text
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        raise NotJunitError(f"not well-formed: {error}") from error
    return replace(tally.counts, cases=tuple(tally.cases))


def _refuse_doctype(*_: object) -> None:
    raise NotJunitError("has a document type declaration")


class _Tally:
    """Counts test cases as their tags open and close."""

    def __init__(self) -> None:
        self.counts = Counts()
        self.cases: list[Case] = []
        self._open: list[str] = []
        self._seen: set[str] = set()
        self._case: dict[str, str] = {}
        self._message = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self._open and tag not in ("testsuites", "testsuite"):
            raise NotJunitError(f"begins with {tag!r}")
        if len(self._open) >= MAX_DEPTH:
            raise NotJunitError(f"is nested deeper than {MAX_DEPTH} elements")
        if tag == "testcase":
            self._seen, self._case, self._message = set(), attributes, ""
        elif self._open and self._open[-1] == "testcase":
            self._seen.add(tag)
            if tag in _TOLD:
                self._message += attributes.get("message", "")[:LONGEST_MESSAGE] + "\n"
        self._open.append(tag)

    def end(self, tag: str) -> None:
        self._open.pop()
        if tag == "testcase":
            counts = self._counted()
            self.counts += counts
            if counts.collected and len(self.cases) < MOST_CASES:
                self.cases.append(self._told(counts))

    def text(self, words: str) -> None:
        if self._open and self._open[-1] in _TOLD and len(self._message) < LONGEST_MESSAGE:
            self._message += words

    def _told(self, counts: Counts) -> Case:
        group = self._case.get("classname") or self._case.get("file") or ""
        return Case(
            group=one_line(group),
            name=one_line(self._case.get("name", ""), 300),
            outcome="failed" if counts.failed else "skipped" if counts.skipped else "passed",
            seconds=_seconds(self._case.get("time", "")),
            message=sanitize(self._message, LONGEST_MESSAGE).strip(),
        )

    def _counted(self) -> Counts:
        if "skipped" in self._seen:  # node marks a failing `todo` as skipped and failed; it fails nothing
            return Counts(skipped=1)
        if self._seen & _FAILURES:
            return Counts(failed=1)
        # node calls a file a passed test when it ended with 0 and held no test at all
        return Counts() if _NODE_FILE.fullmatch(self._case.get("name", "")) else Counts(passed=1)


def _seconds(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return round(found, 4) if math.isfinite(found) and found >= 0 else None
