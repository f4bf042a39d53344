"""A new numbered migration instead of an edit to one that was applied."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import NamedTuple

from hive.agents.propagate.columns import clone_item, listed_columns, verdict
from hive.agents.propagate.naming import hits
from hive.agents.propagate.source import Source
from hive.agents.propagate.statements import Region
from hive.agents.propagate.subject import Subject

_NUMBERED = re.compile(
    r"(?P<lead>V?)(?P<number>\d+)(?P<gap>__|_|-)(?P<title>.+?)(?P<way>\.up|\.down)?\.sql", re.IGNORECASE
)
_CODED = re.compile(
    r"(^|/)(migrations?|versions|migrate)/(V?\d+|[0-9a-f]{12})[_-][^/]*\.(py|js|ts|mjs|cjs|cs|java)$"
)


@dataclass(frozen=True)
class NewFile:
    """A migration to be added to a folder."""

    name: str
    text: str
    table: str


class _Target(NamedTuple):
    table: str
    definition: str
    column: str
    lower: bool


def is_numbered(path: str) -> bool:
    """Whether a file is a migration that is applied once, in the order of the numbers."""
    return bool(_NUMBERED.fullmatch(PurePosixPath(path).name))


def is_coded(path: str) -> bool:
    """Whether a file is a migration written in a programming language."""
    return bool(_CODED.search(path))


def additions(folder: Mapping[str, bytes], subject: Subject) -> list[NewFile]:
    """The migrations that add the new column to the tables which a folder's numbered migrations make.

    `folder` is file name to content. Nothing where one of them knows the new column already.
    """
    numbered = {name: match for name in sorted(folder) if (match := _NUMBERED.fullmatch(name))}
    if any(hits(folder[name].decode("latin-1"), subject.new.words) for name in numbered):
        return []
    targets: dict[str, _Target] = {}
    for name, match in numbered.items():
        if (match.group("way") or "").lower() != ".down":
            targets |= {target.table: target for target in _targets(name, folder[name], subject)}
    if not targets:
        return []
    last = max(numbered.values(), key=lambda match: int(match.group("number")))
    paired = any(match.group("way") for match in numbered.values())
    return [
        file
        for step, target in enumerate(targets.values(), start=1)
        for file in _files(last, step, target, paired)
    ]


def _targets(name: str, raw: bytes, subject: Subject) -> list[_Target]:
    source = Source(name, "sql", raw)
    found = []
    for one in listed_columns(Region(source, source.text), subject):
        if one.columns.part != "definitions" or not verdict(one, subject).accepted:
            continue
        example = next((e for e in subject.examples if e.name in one.fields), None)
        if example is not None:
            text = clone_item(one, one.columns.items[one.fields.index(example.name)], example, subject)
            column = text.split()[0]
            found.append(
                _Target(one.columns.table, " ".join(text.split()), column, "create table" in source.text)
            )
    return found


def _files(last: re.Match[str], step: int, target: _Target, paired: bool) -> list[NewFile]:
    number = str(int(last.group("number")) + step).zfill(len(last.group("number")))
    joint = "-" if "-" in last.group("title") and "_" not in last.group("title") else "_"
    title = joint.join(("add", target.column.strip('"`[]'), "to", target.table)).replace(".", joint)
    stem = f"{last.group('lead')}{number}{last.group('gap')}{title}"
    up, down = (
        f"ALTER TABLE {target.table} {action};\n"
        for action in (f"ADD COLUMN {target.definition}", f"DROP COLUMN {target.column}")
    )
    if target.lower:
        up, down = (text.replace("ALTER TABLE", "alter table") for text in (up, down))
        up, down = up.replace("ADD COLUMN", "add column"), down.replace("DROP COLUMN", "drop column")
    if not paired:
        return [NewFile(f"{stem}.sql", up, target.table)]
    return [NewFile(f"{stem}.up.sql", up, target.table), NewFile(f"{stem}.down.sql", down, target.table)]
