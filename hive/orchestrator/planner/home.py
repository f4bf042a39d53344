"""The entity that a request is about, in every contract, with the places of the code that carry it."""

import shlex
from collections.abc import Callable, Sequence
from typing import NamedTuple

from hive.errors import UsageError
from hive.model import Entity, Graph
from hive.orchestrator.planner.catalogue import Catalogue, in_play
from hive.orchestrator.planner.entity import assumption, choose, contenders, named, nearest
from hive.orchestrator.planner.family import Family, extended, families, is_wrapper
from hive.orchestrator.planner.meaning import field_of
from hive.orchestrator.planner.request import Add, Wish
from hive.orchestrator.planner.scan import Found, Survey, Target
from hive.orchestrator.planner.ties import is_remote
from hive.ports import Tree
from hive.text import one_line


class Home(NamedTuple):
    """An entity and where it is."""

    family: Family
    found: Found
    notes: tuple[str, ...]


def find(request: str, wish: Wish, tree: Tree, graph: Graph, catalogue: Catalogue) -> Home:
    """The entity that the wish names, or the likeliest one. Raises UsageError, or ContractError."""
    command = _command(request)
    candidates = _candidates(wish, tree, catalogue, command)
    running = contenders(wish, candidates)
    targets = {f.label: Target(f.name, [field.name for field in f.members[0].fields]) for f in running}
    survey = Survey(tree, graph, targets, _remotes(catalogue))
    shares = {label: survey.share(label) for label in targets} if len(running) > 1 else {}
    family = choose(wish, candidates, shares, command)
    in_play(catalogue, tree, family.name, targets[family.label].fields)
    found = survey.found(family.label)
    whole, notes = _everywhere(family, wish, catalogue)
    if len(candidates) > 1:
        notes = (assumption(wish, family, candidates, shares, len(found.places)), *notes)
    return Home(whole, found, notes)


def _command(request: str) -> Callable[[str], str]:
    return lambda choice: f"hive run {shlex.quote(one_line(request))} --to {shlex.quote(choice)}"


def _candidates(
    wish: Wish, tree: Tree, catalogue: Catalogue, command: Callable[[str], str]
) -> Sequence[Family]:
    known = families(catalogue.entities)
    if wish.entity is not None:
        try:
            return named(wish.entity, known, command)
        except UsageError:
            in_play(catalogue, tree, wish.entity, ())
            raise
    if isinstance(wish, Add):
        return [family for family in known if not is_wrapper(family.members[0])] or known
    having = [family for family in known if any(field_of(member, wish.field) for member in family.members)]
    return having or _no_such_field(wish.field, known)


def _no_such_field(field: str, known: Sequence[Family]) -> Sequence[Family]:
    meant = next((family for family in known if family.name.lower() == field.lower()), None)
    reason = (
        "it is an entity, and this planner changes fields"
        if meant
        else f"entities are {', '.join(nearest('', known))}"
    )
    raise UsageError(
        f"no entity has a field {field!r}; {reason}", next_step="name a field, such as `ENTITY.FIELD`"
    )


def _remotes(catalogue: Catalogue) -> tuple[str, ...]:
    """The short names of all RPC services."""
    names = [
        op.name.partition("/")[0]
        for sheet in catalogue.sheets
        for op in sheet.operations
        if is_remote(op.name)
    ]
    return tuple(dict.fromkeys(name.rpartition(".")[2] for name in names))


def _everywhere(family: Family, wish: Wish, catalogue: Catalogue) -> tuple[Family, tuple[str, ...]]:
    """The family with what repeats it under longer names, and what a person should know about that."""
    if wish.entity is not None and "#" in wish.entity:
        return family, ()
    operations = [op for sheet in catalogue.sheets for op in sheet.operations]
    more = extended(family, catalogue.entities, operations, asking=not isinstance(wish, Add))
    notes = [
        f"{_place(e)} repeats fields of {family.name} but is only sent: left as it is" for e in more.left
    ]
    others = [_place(member) for member in more.family.members]
    if len(others) > 1:
        notes.insert(0, f"{family.name} is described in {', '.join(others)}: all of them change")
    return more.family, tuple(notes)


def _place(entity: Entity) -> str:
    return one_line(f"{entity.contract}#{entity.name}")
