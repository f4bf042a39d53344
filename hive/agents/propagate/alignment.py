"""gofmt's columns, kept around lines that came in."""

import re
from collections.abc import Callable
from difflib import SequenceMatcher

_KEYED = re.compile(r"([\t ]*)([\w.\"]+:)[ \t]+(\S.*)$")
_SPEC = re.compile(r"([\t ]*)(\w+(?:, \w+)*)[ \t]+(= .*)$")
_FIELD = re.compile(r"([\t ]*)(\w+(?:, \w+)*)[ \t]+((?:\[\]|\*|map\[\w+\])*[\w.]+)(?:[ \t]+(`[^`]*`))?$")
Row = list[str]


def aligned(new: str, old: str) -> str:
    """The new text, with the columns around each line that the old text has not set anew."""
    newline = "\r\n" if "\r\n" in new else "\n"
    lines, before = new.split(newline), old.split(newline)
    matcher = SequenceMatcher(a=before, b=lines, autojunk=False)
    for tag, _, _, start, end in matcher.get_opcodes():
        if tag in ("insert", "replace"):
            for row in range(start, end):
                _align_at(lines, row)
    return newline.join(lines)


def _align_at(lines: list[str], row: int) -> None:
    for pattern in (_KEYED, _SPEC, _FIELD):
        match = pattern.match(lines[row])
        if match and _complete(lines[row]):
            first, last = _section(lines, row, pattern, match.group(1))
            cells = [_cells(lines[i], pattern) for i in range(first, last)]
            lines[first:last] = _columns(cells)
            return


def _complete(line: str) -> bool:
    """Whether every bracket of the line closes on it; one that closes the list itself may follow."""
    bare = re.sub(r"\"(?:[^\"\\]|\\.)*\"|`[^`]*`", "", line)
    return all(bare.count(opened) <= bare.count(closed) for opened, closed in ("()", "[]", "{}"))


def _section(lines: list[str], row: int, pattern: re.Pattern[str], indent: str) -> tuple[int, int]:
    fits: Callable[[int], bool] = lambda i: _fits(lines[i], pattern, indent)  # noqa: E731
    first = row
    while first and fits(first - 1):
        first -= 1
    last = row + 1
    while last < len(lines) and fits(last):
        last += 1
    return first, last


def _fits(line: str, pattern: re.Pattern[str], indent: str) -> bool:
    match = pattern.match(line)
    return match is not None and match.group(1) == indent and _complete(line)


def _cells(line: str, pattern: re.Pattern[str]) -> Row:
    match = pattern.match(line)
    return [group or "" for group in match.groups()] if match else [line]


def _columns(rows: list[Row]) -> list[str]:
    last = max(len(row) for row in rows) - 1
    widths = [max(len(row[i]) for row in rows) for i in range(last)]
    padded = []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row[1:-1], widths[1:], strict=True)]
        padded.append((row[0] + " ".join((*cells, row[-1]))).rstrip())
    return padded
