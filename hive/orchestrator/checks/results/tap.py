"""Counts from the Test Anything Protocol, versions 12 to 14. Pure."""

import re

from hive.orchestrator.checks.results.counts import Counts

# Subtests are indented, and summed up by the line of their parent: only the first column counts.
_POINT = re.compile(r"^(not )?ok\b(?:[^#\n\\]|\\.)*(?:#[ \t]*(skip|todo))?", re.MULTILINE | re.IGNORECASE)
_PLAN = re.compile(r"^1\.\.(\d{1,9})\b", re.MULTILINE)
_BAIL_OUT = re.compile(r"^Bail out!", re.MULTILINE)


def parse(output: str) -> Counts | None:
    """The counts of the test points; none without a plan. Points that the plan misses count as failed."""
    plan = _PLAN.search(output)
    if plan is None:
        return None
    counts = Counts()
    for point in _POINT.finditer(output):
        counts += _point(red=bool(point[1]), directive=bool(point[2]))
    missing = max(int(plan[1]) - counts.collected, 0)
    return counts + Counts(failed=missing or int(bool(_BAIL_OUT.search(output))))


def _point(*, red: bool, directive: bool) -> Counts:
    if directive:
        return Counts(skipped=1)
    return Counts(failed=1) if red else Counts(passed=1)
