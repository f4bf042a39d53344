"""Where a line of a file went, read off a unified diff. Pure."""

import re
from collections.abc import Iterator

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


def followed(diff: str, line: int) -> int | None:
    """The number of a line of the old file in the new one; none when the diff of that file removes it."""
    shift = 0
    for old, new, kept in _lines(diff):
        if old == line:
            return new if kept else None
        if old > line:
            break
        shift = new - old - (not kept)
    return line + shift


def _lines(diff: str) -> Iterator[tuple[int, int, bool]]:
    """Old lines that the diff shows: their number, the number that the next new line has, and whether they stay."""
    old = new = left_old = left_new = 0
    for text in diff.split("\n"):
        if hunk := _HUNK.match(text) if not (left_old or left_new) else None:
            first, count, other, others = hunk.groups()
            left_old, left_new = int(count or 1), int(others or 1)
            old, new = int(first) + (left_old == 0), int(other) + (left_new == 0)
        elif text.startswith("-") and left_old:
            yield old, new, False
            old, left_old = old + 1, left_old - 1
        elif text.startswith("+") and left_new:
            new, left_new = new + 1, left_new - 1
        elif text.startswith(" ") and left_old and left_new:
            yield old, new, True
            old, new, left_old, left_new = old + 1, new + 1, left_old - 1, left_new - 1
