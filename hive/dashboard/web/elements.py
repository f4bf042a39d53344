"""The files of a changeset below the contract elements that they carry; what carries none comes last. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from pydantic import BaseModel

from hive.dashboard.web.hunks import DiffFile, Hunk
from hive.model import Change

OTHER = ""
"""The name of the group of what no element names."""
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_NAMES = re.compile(r"[^\W\d]\w*")
_CONTAINERS = frozenset(
    {"components", "schemas", "properties", "definitions", "$defs", "paths", "messages", "payload", "items"}
)
SHORTEST = 3
"""Letters of a name below which a line that has it says nothing."""
TELLING = 6
"""Letters from which on a name also counts inside a longer one, such as `getLoyaltyPoints`."""


class ServiceFile(DiffFile):
    """One file of one service's diff, or of the contract's, where the service is none."""

    service: str | None


class Group(BaseModel):
    """A contract element with the files whose changed lines name it."""

    element: str
    """Empty for what names none."""
    change: Change | None
    files: list[ServiceFile]


def grouped(changes: Sequence[Change], diffs: Mapping[str | None, Iterable[DiffFile]]) -> list[Group]:
    """Every hunk stands below the first element that it names; a file's hunks may be in several groups."""
    named = [(name(change.element), change) for change in changes]
    groups = {change.element: Group(element=change.element, change=change, files=[]) for change in changes}
    rest = Group(element=OTHER, change=None, files=[])
    for service, files in diffs.items():
        for file in files:
            for element, hunks in _split(file, named).items():
                told = file.model_dump(exclude={"hunks"})
                part = ServiceFile(**told, service=service, hunks=hunks)
                groups.get(element, rest).files.append(part)
    return [group for group in (*groups.values(), rest) if group.files or group.change]


def name(element: str) -> str:
    """The part of an element that code would name: its last one that is no container of the format."""
    _, mark, pointer = element.partition("#")
    parts = [part for part in re.split(r"[/.]", pointer if mark else element) if part]
    return next((part for part in reversed(parts) if part not in _CONTAINERS), "")


def _split(file: DiffFile, named: Sequence[tuple[str, Change]]) -> dict[str, list[Hunk]]:
    found: dict[str, list[Hunk]] = {}
    for hunk in file.hunks:
        there = {key for line in hunk.lines if line[:1] in "+-" for key in _keys(line[1:])}
        fitting = next((change.element for word, change in named if _names(word, there)), OTHER)
        found.setdefault(fitting, []).append(hunk)
    return found or {OTHER: []}


def _names(word: str, there: set[str]) -> bool:
    key = _key(word)
    return len(key) >= SHORTEST and (
        key in there or (len(key) >= TELLING and any(key in each for each in there))
    )


def _keys(line: str) -> set[str]:
    """The names in a line; `User.loyaltyPoints` and `loyalty_points` are both `loyaltypoints`."""
    return {_key(word) for word in _NAMES.findall(line)}


@lru_cache(maxsize=65_536)
def _key(word: str) -> str:
    return "".join(_WORDS.findall(word)).lower() or word.lower()
