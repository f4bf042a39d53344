"""The contract change of a plan: every contract of the entity edited, every copy too, each difference classified."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from hive import contracts
from hive.errors import ContractError, UsageError
from hive.model import AddField, Change, Contract, Entity, Intent, Patch
from hive.orchestrator.planner.catalogue import Catalogue, Sheet, read
from hive.orchestrator.planner.family import Family
from hive.orchestrator.planner.meaning import Goal, Migration, field_of, intent_for
from hive.orchestrator.planner.request import Add, Edit
from hive.ports import Tree
from hive.text import one_line


class Delta(NamedTuple):
    """What a plan does, and what changes in the contracts for it."""

    goal: Goal
    """As it is meant for the first contract; the others may write the name in another style."""
    entity: Entity
    """As it is in the new contract."""
    contracts: tuple[Contract, ...]
    operations: tuple[str, ...]
    """Those that carry what changes."""
    patches: tuple[Patch, ...] = ()
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def intent(self) -> Intent | None:
        """The goal, where it is a change of contracts."""
        return None if isinstance(self.goal, Migration) else self.goal


class Edited(NamedTuple):
    """One contract with its copies: their new texts, and how they differ from the old ones."""

    contract: Contract
    patches: tuple[Patch, ...]
    changes: tuple[Change, ...]
    notes: tuple[str, ...]


def delta(tree: Tree, catalogue: Catalogue, family: Family, wish: Edit, kind: str) -> Delta:
    """Edit the family's contracts and their copies. Raises UsageError when nothing would change."""
    meant = [(member, intent_for(wish, member, kind)) for member in family.members]
    wanted = [(member.contract, intent) for member, intent in meant if intent is not None]
    if not wanted:
        raise _nothing(wish, family)
    sheets = [sheet for sheet in catalogue.sheets if sheet.path in {path for path, _ in wanted}]
    parts = [_meant(tree, sheet, [i for path, i in wanted if path == sheet.path]) for sheet in sheets]
    changes = tuple(change for part in parts for change in part.changes)
    notes = [_unchanged(wish, member) for member, intent in meant if intent is None]
    path, goal = wanted[0]
    entity = _after(next(part for part in parts if part.contract.path == path), goal)
    if isinstance(goal, AddField) and goal.required and not _requires(entity, goal.name):
        goal = goal.model_copy(update={"required": False})
        notes.append(f"{path} cannot require a field: {goal.name} is optional there")
    return Delta(
        goal=goal,
        entity=entity,
        contracts=tuple(part.contract for part in parts),
        operations=tuple(dict.fromkeys(name for change in changes for name in change.affected)),
        patches=tuple(patch for part in parts for patch in part.patches),
        changes=changes,
        notes=(*notes, *(note for part in parts for note in part.notes)),
    )


def _meant(tree: Tree, sheet: Sheet, intents: Sequence[Intent]) -> Edited:
    new = applied(sheet, intents)
    return edited(tree, sheet, new, lambda copy: applied(copy, _open(copy, intents)))


def edited(tree: Tree, sheet: Sheet, new: bytes, again: Callable[[Sheet], bytes]) -> Edited:
    """A contract with its new text, then its copies: alike where they are alike, else as `again` makes them.

    Raises ContractError for a text that cannot be read, and what `again` raises.
    """
    changes = list(_changes(sheet, new))
    patches, notes = [_patch(sheet.path, new)], []
    for path in sheet.contract.copies:
        copy = read(tree, sheet.contract, path)
        there = new if copy.raw == sheet.raw else again(copy)
        if there == copy.raw:
            notes.append(f"{path}, a copy of {sheet.path}, has nothing to change")
            continue
        patches.append(_patch(path, there))
        changes += _apart(_changes(copy, there), changes)
    return Edited(sheet.contract, tuple(patches), tuple(changes), tuple(notes))


def applied(sheet: Sheet, intents: Sequence[Intent]) -> bytes:
    """The text of a contract after changes of fields. Raises UsageError and ContractError."""
    raw = sheet.raw
    for intent in intents:
        raw = contracts.edit(sheet.contract.kind, sheet.path, raw, intent)
    return raw


def _open(copy: Sheet, intents: Sequence[Intent]) -> list[Intent]:
    """The intents that a copy which has drifted from its original has the entity for, and has not fulfilled."""
    known = {entity.name: entity for entity in copy.entities}
    return [
        intent
        for intent in intents
        if intent.entity in known
        and (field_of(known[intent.entity], intent.name) is None) == (intent.intent == "add_field")
    ]


def _changes(sheet: Sheet, new: bytes) -> tuple[Change, ...]:
    return tuple(contracts.diff(sheet.contract.kind, sheet.path, sheet.raw, new))


def _apart(changes: Sequence[Change], known: Sequence[Change]) -> list[Change]:
    """The changes of a copy that its original does not have: a copy which changes alike says nothing new."""
    placeless = {_placeless(change) for change in known}
    return [change for change in changes if _placeless(change) not in placeless]


def _placeless(change: Change) -> tuple[str, str, str, str, str]:
    place = change.element.partition("#")[2]
    return place, change.kind, change.direction, change.severity, change.rule


def _patch(path: str, raw: bytes) -> Patch:
    try:
        return Patch(path=path, text=raw.decode())
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ContractError(one_line(path), line, "not UTF-8") from error


def _after(part: Edited, goal: Intent) -> Entity:
    new = part.patches[0]
    document = contracts.parse(part.contract.kind, new.path, new.text.encode())
    found = next((entity for entity in document.entities() if entity.name == goal.entity), None)
    if found is None:
        raise ContractError(one_line(new.path), None, f"{goal.entity!r} is gone after the edit")
    return found


def _requires(entity: Entity, name: str) -> bool:
    known = field_of(entity, name)
    return known is not None and known.required


def _unchanged(wish: Edit, member: Entity) -> str:
    place = f"{member.contract}: {member.name}"
    if isinstance(wish, Add):
        return f"{place} has {wish.field} already and stays as it is"
    known = field_of(member, wish.field)
    return f"{place} {'is so already' if known else f'has no {wish.field}'} and stays as it is"


def _nothing(wish: Edit, family: Family) -> UsageError:
    name = one_line(family.name)
    fields = [(member.contract, field_of(member, wish.field)) for member in family.members]
    places = ", ".join(one_line(f"{path}:{field.line or 1}") for path, field in fields if field)
    if isinstance(wish, Add):
        return UsageError(
            f"{name} has a field {wish.field!r} already: {places}",
            next_step=f'choose another name, or "change type of {name}.{wish.field} to TYPE"',
        )
    if places:
        return UsageError(
            f"{name}.{wish.field} is as the request wants it already: {places}",
            next_step="nothing is to be done",
        )
    names = ", ".join(one_line(field.name) for field in family.fields[:12])
    return UsageError(
        f"{name} has no field {wish.field!r}; it has {names}", next_step="name one of its fields"
    )
