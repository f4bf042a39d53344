"""Contracts that refer to an entity of another contract: they change in meaning without a changed line."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from hive.model import Contract
from hive.orchestrator.planner.catalogue import Catalogue, Sheet
from hive.orchestrator.planner.family import Family, short

Spot = tuple[str, str]
"""A contract's path and the short name of an entity in it; no name for the contract alone."""

FIELD_LINES = 12
"""How many lines below a field's name a reference may still be the field's."""


def referring(catalogue: Catalogue, family: Family) -> tuple[Contract, ...]:
    """The contracts that reach the family by references, directly or through others; not its own."""
    reached: set[Spot] = {(member.contract, short(member.name)) for member in family.members}
    own = {path for path, _ in reached}
    while more := {spot for sheet in catalogue.sheets for spot in _reaching(sheet, reached)} - reached:
        reached |= more
    paths = {path for path, _ in reached} - own
    return tuple(sheet.contract for sheet in catalogue.sheets if sheet.path in paths)


def _reaching(sheet: Sheet, reached: set[Spot]) -> set[Spot]:
    """The entities of a contract that hold a reached one, and the contract itself where it points to one."""
    found: set[Spot] = set()
    for path, name in reached:
        for line in _references(sheet, path, name) if name else ():
            found.add((sheet.path, ""))
            if holder := _holder(sheet, line):
                found.add((sheet.path, holder))
    return found


def _references(sheet: Sheet, path: str, name: str) -> Iterator[int]:
    """The lines on which a contract refers to an entity of the contract at `path`, which may be itself."""
    file, entity = re.escape(PurePosixPath(path).name.encode()), re.escape(name.encode())
    own = path == sheet.path
    if sheet.contract.kind == "protobuf":
        known = own or re.search(rb'import[^;]*["/]' + file + rb'"', sheet.raw)
        shadowed = not own and any(short(e.name) == name for e in sheet.entities)
        pattern = rb"\b" + entity + rb"\b" if known and not shadowed else None
    else:
        pattern = (rb"[\"'\s]" if own else rb"(?<![\w.-])" + file) + rb"#[^\s\"']*/" + entity + rb"(?![\w.-])"
    for match in re.finditer(pattern, sheet.raw) if pattern else ():
        yield sheet.raw.count(b"\n", 0, match.start()) + 1


def _holder(sheet: Sheet, line: int) -> str | None:
    """The entity with the field that a line belongs to."""
    reach = 0 if sheet.contract.kind == "protobuf" else FIELD_LINES
    fields = [(f.line, short(e.name)) for e in sheet.entities for f in e.fields if f.line]
    near = [(start, name) for start, name in fields if start <= line <= start + reach]
    return max(near)[1] if near else None
