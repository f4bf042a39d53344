"""A unified diff as files, hunks and lines; what is not understood is kept as a note, never an error."""

import re
from collections import deque
from dataclasses import dataclass, field
from typing import Literal

from hive.text import sanitize

MOST_CHARACTERS = 4_000_000
LONGEST_LINE = 2_000
TAB = 4
_HUNK = re.compile(r"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@ ?(.*)")

Kind = Literal["same", "added", "removed", "note"]
_SIGNS: dict[str, Kind] = {"": "same", " ": "same", "+": "added", "-": "removed", "\\": "note"}


@dataclass(frozen=True)
class DiffLine:
    """A line of a hunk, with its numbers on both sides."""

    kind: Kind
    text: str
    old: int | None = None
    new: int | None = None


@dataclass
class Hunk:
    """Lines that belong together, and the words behind `@@`."""

    heading: str
    lines: list[DiffLine] = field(default_factory=list)


@dataclass
class FileDiff:
    """One file; `notes` are git's own words on modes, renames, binary content."""

    path: str
    notes: list[str] = field(default_factory=list)
    hunks: list[Hunk] = field(default_factory=list)

    @property
    def counts(self) -> tuple[int, int]:
        """Added and removed lines."""
        kinds = [line.kind for hunk in self.hunks for line in hunk.lines]
        return kinds.count("added"), kinds.count("removed")


def parse(text: str) -> list[FileDiff]:
    """The files of a diff; text is sanitized, long lines and long diffs are cut and say so."""
    files: list[FileDiff] = []
    lines = deque(sanitize(text, MOST_CHARACTERS).split("\n"))
    while lines:
        line = lines.popleft()
        if line.startswith("diff --git "):
            files.append(FileDiff(_from_title(line)))
        elif not files:
            if line.strip():
                files.append(FileDiff("", notes=[_cut(line)]))
        elif found := _HUNK.match(line):
            files[-1].hunks.append(_hunk(found, lines))
        elif line.startswith(("--- ", "+++ ")):
            files[-1].path = _name(line[4:]) or files[-1].path
        elif line and not line.startswith("index "):
            files[-1].notes.append(_cut(line))
    return files


def _hunk(found: re.Match[str], lines: deque[str]) -> Hunk:
    """As many lines as the heading promises, and not a line more than look like a hunk's."""
    old, new = int(found[1]), int(found[3])
    last_old, last_new = old + int(found[2] or 1), new + int(found[4] or 1)
    hunk = Hunk(_cut(found[5]))
    while lines and (old < last_old or new < last_new) and lines[0][:1] in _SIGNS:
        line = lines.popleft()
        kind, text = _SIGNS[line[:1]], _cut(line[1:])
        on_old, on_new = kind in ("same", "removed"), kind in ("same", "added")
        hunk.lines.append(DiffLine(kind, text, old if on_old else None, new if on_new else None))
        old, new = old + on_old, new + on_new
    return hunk


def _cut(text: str) -> str:
    text = text.expandtabs(TAB)
    more = len(text) - LONGEST_LINE
    return f"{text[:LONGEST_LINE]}… ({more} more characters)" if more > 0 else text


def _name(raw: str) -> str:
    """`b/path` without its side; empty for /dev/null."""
    name = raw.strip().strip('"')
    return "" if name == "/dev/null" else name.partition("/")[2] if name[:2] in ("a/", "b/") else name


def _from_title(line: str) -> str:
    return _name("b/" + line.rpartition(" b/")[2]) if " b/" in line else line.removeprefix("diff --git ")
