"""Counts from JUnit XML, as pytest, node, Maven and Gradle write it. Pure.

Test cases are counted one by one in a streaming parser: the totals in the attributes differ from tool to tool
(node writes none at the root, and cases outside any suite), and the file comes from the tests themselves, so
it may be huge, nested without end, or full of entities.
"""

import re
from xml.parsers import expat

from hive.orchestrator.checks.results.counts import Counts

MAX_DEPTH = 64
_NODE_FILE = re.compile(r"/\S+\.[cm]?[jt]s")
_FAILURES = frozenset({"failure", "error"})


class NotJunitError(ValueError):
    """The bytes are no JUnit XML that hive would read."""


def parse(raw: bytes) -> Counts:
    """The counts of a report. Raises NotJunitError."""
    tally = _Tally()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = tally.start
    parser.EndElementHandler = tally.end
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        raise NotJunitError(f"not well-formed: {error}") from error
    return tally.counts


def _refuse_doctype(*_: object) -> None:
    raise NotJunitError("has a document type declaration")


class _Tally:
    """Counts test cases as their tags open and close."""

    def __init__(self) -> None:
        self.counts = Counts()
        self._open: list[str] = []
        self._seen: set[str] = set()
        self._name = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self._open and tag not in ("testsuites", "testsuite"):
            raise NotJunitError(f"begins with {tag!r}")
        if len(self._open) >= MAX_DEPTH:
            raise NotJunitError(f"is nested deeper than {MAX_DEPTH} elements")
        if tag == "testcase":
            self._seen, self._name = set(), attributes.get("name", "")
        elif self._open and self._open[-1] == "testcase":
            self._seen.add(tag)
        self._open.append(tag)

    def end(self, tag: str) -> None:
        self._open.pop()
        if tag == "testcase":
            self.counts += self._case()

    def _case(self) -> Counts:
        if "skipped" in self._seen:  # node marks a failing `todo` as skipped and failed; it fails nothing
            return Counts(skipped=1)
        if self._seen & _FAILURES:
            return Counts(failed=1)
        # node calls a file a passed test when it ended with 0 and held no test at all
        return Counts() if _NODE_FILE.fullmatch(self._name) else Counts(passed=1)
