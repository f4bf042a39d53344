"""The contract change of a plan, made again on a contract that somebody else has changed meanwhile."""

from datetime import datetime
from typing import NamedTuple

from hive import contracts
from hive.errors import HiveError
from hive.model import Change, Contract, Graph, Intent, Patch, Plan
from hive.text import one_line
from hive.workspaces.store import Merged, ObjectStore
from hive.workspaces.tree import GitTree

_WORST = ("breaking", "unknown")


class Sides(NamedTuple):
    """One contract file: as the run found it, as it is on the target now, and as the plan wants it."""

    patch: Patch
    contract: Contract | None
    old: bytes | None
    now: bytes | None

    @property
    def planned(self) -> bytes:
        """The plan's text."""
        return self.patch.text.encode("utf-8", "surrogateescape")


def sides(objects: ObjectStore, graph: Graph, patch: Patch, base: str, onto: str) -> Sides:
    """The three versions of a contract file."""
    old, now = read(objects, base, patch.path), read(objects, onto, patch.path)
    return Sides(patch, graph.contract(patch.path), old, now)


def again(each: Sides, intent: Intent | None, merged: bytes | None) -> bytes | None:
    """The plan's change on the contract as it is now; none when it cannot be made there. Pure.

    The change of a field that the plan consists of is made by the contract's own format; any other change by
    `merged`, the text that git merged without a conflict.
    """
    if each.now in (each.old, each.planned):
        return each.planned
    if each.contract is None or each.old is None or each.now is None:
        return merged
    kind, path = each.contract.kind, each.patch.path
    try:
        if intent is not None and contracts.edit(kind, path, each.old, intent) == each.planned:
            return contracts.edit(kind, path, each.now, intent)
        if merged is not None:
            contracts.parse(kind, path, merged)
    except HiveError:
        return None
    return merged


def worse(each: Sides, text: bytes, planned: tuple[Change, ...]) -> Change | None:
    """A change that breaks consumers and was not in the plan that a person approved."""
    known = {(change.element, change.kind) for change in planned if change.severity in _WORST}
    found = _changes(each.contract, each.patch.path, each.now, text)
    return next((c for c in found if c.severity in _WORST and (c.element, c.kind) not in known), None)


def remade(
    objects: ObjectStore, plan: Plan, graph: Graph, bases: tuple[str, str, str], date: datetime
) -> dict[str, bytes] | str:
    """The new texts of all contract files on the target, or in words why a person must decide.

    `bases` are the commit that the run stands on, its contract commit and the target's head.
    """
    base, contract, onto = bases
    union = objects.merge(onto, contract, "the contract, in between", date)
    texts: dict[str, bytes] = {}
    for patch in plan.patches:
        each = sides(objects, graph, patch, base, onto)
        merged = read(objects, union.commit, patch.path) if isinstance(union, Merged) else None
        text = again(each, plan.intent, merged)
        if text is None:
            where = f"the contract {one_line(patch.path)} was changed there too"
            return f"{where}, and this change does not fit on it: {both(each)}"
        if bad := worse(each, text, plan.changes):
            where = f"on {one_line(patch.path)} as it is there now"
            return f"{where} the plan would be {bad.severity}: {one_line(bad.message)}"
        texts[patch.path] = text
    return texts


def both(each: Sides) -> str:
    """Both sides of a contract file in words."""
    there = _changes(each.contract, each.patch.path, each.old, each.now)
    here = _changes(each.contract, each.patch.path, each.old, each.planned)
    return f"landed meanwhile: {_words(there)}; planned here: {_words(here)}"


def _words(changes: tuple[Change, ...]) -> str:
    return ", ".join(one_line(change.message, 200) for change in changes[:5]) or "nothing that can be named"


def _changes(
    contract: Contract | None, path: str, old: bytes | None, new: bytes | None
) -> tuple[Change, ...]:
    if contract is None:
        return ()
    try:
        return contracts.diff(contract.kind, path, old, new)
    except HiveError:
        return ()


def read(objects: ObjectStore, commit: str, path: str) -> bytes | None:
    """A file of a commit; none when it is not there."""
    try:
        return GitTree(objects, commit).read(path)
    except KeyError:
        return None
