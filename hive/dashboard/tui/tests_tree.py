"""The single tests of a check as a tree: groups, failures expanded, the rest folded until it is wanted."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rich.text import Text

from hive.dashboard.palette import BAD, DIM, GOOD, WARN, safe
from hive.dashboard.tui.line import Line
from hive.model import Case
from hive.text import sanitize

MARKS = {"passed": ("✓", GOOD), "failed": ("✗", BAD), "skipped": ("○", WARN)}
MOST_MESSAGE_LINES = 40


def tree(cases: Iterable[Case], *, unfolded: bool) -> Iterator[Line]:
    """Lines; groups with failures first."""
    ordered = sorted(cases, key=lambda case: case.group)
    groups = [(name, list(found)) for name, found in groupby(ordered, key=lambda case: case.group)]
    for name, found in sorted(groups, key=lambda group: not _red(group[1])):
        yield _line(1, _group(name, found), head=True)
        yield from _cases(found, unfolded=unfolded)


def _red(cases: Sequence[Case]) -> bool:
    return any(case.outcome == "failed" for case in cases)


def _group(name: str, cases: Sequence[Case]) -> Text:
    mark, style = MARKS["failed" if _red(cases) else "passed"]
    counts = [
        Text(f"{found} {outcome}", style=MARKS[outcome][1] if outcome != "passed" else DIM)
        for outcome in ("failed", "skipped", "passed")
        if (found := sum(case.outcome == outcome for case in cases))
    ]
    return Text.assemble((f"{mark} ", style), safe(name or "tests"), "  ", Text(", ", DIM).join(counts))


def _cases(cases: Sequence[Case], *, unfolded: bool) -> Iterator[Line]:
    for case in sorted(cases, key=lambda case: list(MARKS).index(case.outcome) != 1):
        if not unfolded and case.outcome == "passed":
            continue
        mark, style = MARKS[case.outcome]
        took = f"  {case.seconds:.2f} s" if case.seconds else ""
        yield _line(2, Text.assemble((f"{mark} ", style), safe(case.name, limit=300), (took, DIM)))
        if case.message and case.outcome != "passed":
            for line in sanitize(case.message, 4000).split("\n")[:MOST_MESSAGE_LINES]:
                yield _line(4, Text(line.expandtabs(4), style=BAD if line.startswith("E ") else DIM))


def _line(depth: int, text: Text, *, head: bool = False) -> Line:
    return Line(Text.assemble("  " * depth, text), head=head)
