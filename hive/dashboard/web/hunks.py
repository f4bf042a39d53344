"""A unified diff as files, hunks and lines; pure, bounded, and never confused by what the lines say."""

import re
from typing import Literal

from pydantic import BaseModel

from hive.text import sanitize

MOST_LINES = 60_000
LONGEST_LINE = 2_000
_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)")


class Hunk(BaseModel):
    """Neighbouring lines; each begins with `+`, `-` or a space."""

    old: int
    new: int
    heading: str
    lines: list[str]


class DiffFile(BaseModel):
    """One file of a diff."""

    path: str
    old_path: str | None = None
    status: Literal["added", "modified", "deleted", "renamed"] = "modified"
    note: str = ""
    """Why there is no text, where there is none."""
    hunks: list[Hunk]


class DiffView(BaseModel):
    """The diff of a service, or of the contract."""

    run: str
    service: str | None
    digest: str | None
    """What an approval of exactly this diff carries."""
    cut: bool
    """Whether lines are missing because there are too many."""
    files: list[DiffFile]


def parse(text: str) -> tuple[list[DiffFile], bool]:
    """The files, and whether lines were left out. Hunk headers say how many lines follow, so a line that looks
    like a header is still a line."""
    files: list[DiffFile] = []
    olds = news = 0
    lines = text.split("\n")
    for line in lines[:MOST_LINES]:
        if olds > 0 or news > 0:
            sign = line[:1] or " "
            if sign != "\\":
                olds -= sign in "- "
                news -= sign in "+ "
            files[-1].hunks[-1].lines.append(_bounded(line or " "))
        elif line.startswith("diff --git "):
            files.append(DiffFile(path=_named(line), hunks=[]))
        elif line.startswith("# "):
            path, _, note = line[2:].rpartition(": ")
            files.append(DiffFile(path=_bounded(path), note=note, hunks=[]))
        elif files and (found := _HUNK.match(line)):
            olds, news = (int(count) if count is not None else 1 for count in (found[2], found[4]))
            heading = _bounded(found[5])
            files[-1].hunks.append(Hunk(old=int(found[1]), new=int(found[3]), heading=heading, lines=[]))
        elif files:
            _header(files[-1], line)
    return files, len(lines) > MOST_LINES


def _header(file: DiffFile, line: str) -> None:
    word, _, rest = line.partition(" ")
    if line.startswith("new file"):
        file.status = "added"
    elif line.startswith("deleted file"):
        file.status = "deleted"
    elif line.startswith("rename from "):
        file.status, file.old_path = "renamed", _path(line.removeprefix("rename from "), "")
    elif line.startswith("rename to "):
        file.path = _path(line.removeprefix("rename to "), "")
    elif word == "+++" and rest != "/dev/null":
        file.path = _path(rest, "b/")
    elif word == "---" and rest != "/dev/null" and file.status == "deleted":
        file.path = _path(rest, "a/")
    elif line.startswith("Binary files "):
        file.note = "binary"
    elif line.startswith("\\") and file.hunks:
        file.hunks[-1].lines.append(_bounded(line))


def _named(line: str) -> str:
    """The path in `diff --git a/x b/x`, for files without text; the two are equal there."""
    names = line.removeprefix("diff --git ")
    half = names[len(names) // 2 + 1 :]
    return _path(half, "b/")


def _path(name: str, prefix: str) -> str:
    """A name as git writes it: a tab ends it, quotes surround what needs escapes."""
    name = name.rstrip("\t").strip('"')
    return _bounded(name.removeprefix(prefix))


def _bounded(line: str) -> str:
    """One harmless line; a carriage return and other controls show as what they are."""
    shown = sanitize(line.replace("\r", "␍"))
    if len(shown) > LONGEST_LINE:
        return f"{shown[:LONGEST_LINE]}… ({len(shown) - LONGEST_LINE} more characters)"
    return shown
