"""Which services the changed contracts touch: from the graph, the differences and the code, never from a model."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from hive.model import Change, Contract, Entity, Graph
from hive.orchestrator.planner.affected import Affected, Involved, LeftOut, Role, affected
from hive.orchestrator.planner.catalogue import Catalogue
from hive.orchestrator.planner.delta import Edited
from hive.orchestrator.planner.family import Family, families, short
from hive.orchestrator.planner.reference import referring
from hive.orchestrator.planner.remote import Call
from hive.orchestrator.planner.scan import Found, Survey, Target
from hive.orchestrator.planner.ties import Subject, Ties, consumes, is_remote, provides
from hive.ports import Tree


class Reach(NamedTuple):
    """The services that take part, and what was found in their code."""

    involved: Involved
    first: Family | None = None
    """The entity that changes first, as it was."""
    found: Found = Found()
    """Its places."""


class _Touched(NamedTuple):
    """One entity that changes: its contracts, its changes, and the fields that they are about."""

    family: Family
    contracts: tuple[Contract, ...]
    changes: tuple[Change, ...]
    fields: frozenset[str | None]


def reach(tree: Tree, graph: Graph, catalogue: Catalogue, contracts: Sequence[Edited]) -> Reach:
    """Everybody whom the changes of these contracts touch."""
    touched, loose = _touched(catalogue, contracts)
    targets = {t.family.label: _target(t.family) for t in touched}
    names = [change.affected for part in contracts for change in part.changes]
    remotes = {op.partition("/")[0].rpartition(".")[2] for ops in names for op in ops if is_remote(op)}
    survey = Survey(tree, graph, targets, sorted(remotes))
    found = {label: survey.found(label) for label in targets}
    parts = [affected(_subject(t, catalogue), graph, found[t.family.label]) for t in touched]
    parts += [_by_contract(contract, changes, graph, survey.calls) for contract, changes in loose]
    first = touched[0].family if touched else None
    return Reach(_together(graph, parts), first, found[first.label] if first else Found())


def _touched(
    catalogue: Catalogue, contracts: Sequence[Edited]
) -> tuple[list[_Touched], list[tuple[Contract, tuple[Change, ...]]]]:
    """The known entities that change, and the changes that belong to none."""
    known = families(catalogue.entities)
    touched: dict[str, _Touched] = {}
    loose = []
    for part in contracts:
        sheet = catalogue.sheet(part.contract.path)
        rest = []
        for change in part.changes:
            places = _places(change, sheet.entities) if sheet else []
            homes = [(f, field) for e, field in places for f in known if e in f.members]
            for family, field in homes:
                old = touched.get(family.label) or _Touched(family, (), (), frozenset())
                touched[family.label] = _Touched(
                    family,
                    tuple(dict.fromkeys((*old.contracts, part.contract))),
                    (*old.changes, change),
                    old.fields | {field},
                )
            if not homes:
                rest.append(change)
        if rest or not part.changes:
            loose.append((part.contract, tuple(rest)))
    return list(touched.values()), loose


def _places(change: Change, entities: Iterable[Entity]) -> list[tuple[Entity, str | None]]:
    """The entities that an element is in, with the field that it is about; the fields of a type that changes."""
    place = change.element.partition("#")[2]
    inside = [
        (entity, place[len(entity.pointer) :])
        for entity in entities
        if place == entity.pointer or place.startswith((f"{entity.pointer}/", f"{entity.pointer}."))
    ]
    if inside:
        deepest = max(len(entity.pointer) for entity, _ in inside)
        return [(e, _field(e, rest)) for e, rest in inside if len(e.pointer) == deepest]
    named = {short(piece) for piece in (place, place.rpartition(".")[0], place.rpartition("/")[0]) if piece}
    return [(e, f.name) for e in entities for f in e.fields if short(f.type) in named]


def _field(entity: Entity, rest: str) -> str | None:
    pieces = rest.replace(".", "/").split("/")
    return next((field.name for field in entity.fields if field.name in pieces), None)


def _target(family: Family) -> Target:
    return Target(family.name, [field.name for field in family.members[0].fields])


def _subject(touched: _Touched, catalogue: Catalogue) -> Subject:
    (field,) = touched.fields if len(touched.fields) == 1 else (None,)
    return Subject(
        touched.family.name,
        len(touched.family.members[0].fields),
        field,
        touched.contracts,
        tuple(dict.fromkeys(name for change in touched.changes for name in change.affected)),
        referring(catalogue, touched.family),
    )


def _by_contract(
    contract: Contract, changes: tuple[Change, ...], graph: Graph, calls: Mapping[str, Sequence[Call]]
) -> Involved:
    """Who is touched by changes that are in no entity: operations, parameters, descriptions.

    What is new asks nothing of those who call; what they may not survive does.
    """
    operations = tuple(dict.fromkeys(name for change in changes for name in change.affected))
    subject = Subject("", 0, None, (contract,), operations)
    providers = provides(subject, graph, calls, frozenset())
    consumers = consumes(subject, graph, calls, providers)
    asked = any(change.severity != "compatible" for change in changes)
    services = []
    for service in graph.services:
        name = service.name
        mine: Ties = {
            "provider": providers.get(name, []),
            "consumer": consumers.get(name, []) if asked else [],
        }
        if any(mine.values()):
            role: Role = "both" if all(mine.values()) else "provider" if mine["provider"] else "consumer"
            reasons = dict.fromkeys((*mine["provider"], *mine["consumer"]))
            services.append(Affected(name, role, "; ".join(reasons)))
    idle = tuple(name for name in consumers if not asked and name not in providers)
    left = (LeftOut("since nothing changes that it uses today", idle),) if idle else ()
    return Involved(tuple(services), left)


def _together(graph: Graph, parts: Sequence[Involved]) -> Involved:
    services = []
    for service in graph.services:
        mine = [each for part in parts for each in part.services if each.service == service.name]
        if mine:
            services.append(_merged(mine))
    taking_part = {each.service for each in services}
    idle: dict[str, dict[str, None]] = {}
    for each in (left for part in parts for left in part.idle):
        names = {name: None for name in each.services if name not in taking_part}
        idle.setdefault(each.why, {}).update(names)
    return Involved(tuple(services), tuple(LeftOut(why, tuple(n)) for why, n in idle.items() if n))


def _merged(mine: Sequence[Affected]) -> Affected:
    roles = {each.role for each in mine}
    role: Role = "carrier"
    if "both" in roles or {"provider", "consumer"} <= roles:
        role = "both"
    elif roles & {"provider", "consumer"}:
        role = "provider" if "provider" in roles else "consumer"
    reasons = dict.fromkeys(reason for each in mine for reason in each.reason.split("; ") if reason)
    sightings = dict.fromkeys(place for each in mine for place in each.sightings)
    generated = dict.fromkeys(path for each in mine for path in each.generated)
    return Affected(mine[0].service, role, "; ".join(reasons), tuple(sightings), tuple(generated))
