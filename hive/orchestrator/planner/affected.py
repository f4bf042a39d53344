"""Which services a change of an entity touches: from the graph, the contract delta and the code, not from opinion."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from hive.model import Graph, Service
from hive.orchestrator.planner.scan import Found, Sighting
from hive.orchestrator.planner.ties import Subject, consumes, provides
from hive.text import one_line, plural

Role = Literal["provider", "consumer", "both", "carrier"]

CARRIER_SHARE = 0.7
"""How much of an entity a service without a part in its contracts must carry in one place to be taken for it."""


class Affected(NamedTuple):
    """One service that takes part, and why."""

    service: str
    role: Role
    reason: str
    sightings: tuple[Sighting, ...] = ()
    generated: tuple[str, ...] = ()
    means: str = ""
    """What the role means here, where that is not what it usually means."""


class LeftOut(NamedTuple):
    """Services that might seem to take part but do not."""

    why: str
    services: tuple[str, ...]


class Involved(NamedTuple):
    """Every service that takes part, and those that might seem to but do not."""

    services: tuple[Affected, ...]
    idle: tuple[LeftOut, ...]

    @property
    def left_out(self) -> tuple[str, ...]:
        """What a person is told about those that do not."""
        return tuple(f"left out, {each.why}: {', '.join(map(one_line, each.services))}" for each in self.idle)


def affected(subject: Subject, graph: Graph, found: Found) -> Involved:
    """The services that take part, in the order of the graph."""
    seen, made = found.places, found.generated
    carried = {service: _about(subject, places) for service, places in seen.items()}
    providers = provides(subject, graph, found.calls, frozenset(seen))
    consumers = consumes(subject, graph, found.calls, providers)
    services: list[Affected] = []
    left_out: dict[str, list[str]] = {}
    for service in graph.services:
        name = service.name
        places, generated = carried.get(name, ()), made.get(name, ())
        role = _role(name in providers, name in consumers, bool(places) and _is_carrier(subject, seen[name]))
        if role is None or (role == "consumer" and not places and not generated):
            why = _left_out(subject, service, consumers.get(name), seen.get(name, ()), generated)
            left_out.setdefault(why, []).append(name)
            continue
        evidence = _evidence(subject, role, places, generated)
        reasons = dict.fromkeys((*providers.get(name, ()), *consumers.get(name, ()), evidence))
        services.append(Affected(name, role, "; ".join(reasons), places, generated))
    left_out.pop("", None)
    idle = tuple(LeftOut(why, tuple(names)) for why, names in left_out.items())
    return Involved(tuple(services), idle)


def _is_carrier(subject: Subject, places: Iterable[Sighting]) -> bool:
    return max(len(place.fields) for place in places) >= CARRIER_SHARE * subject.size


def _about(subject: Subject, places: Iterable[Sighting]) -> tuple[Sighting, ...]:
    """The places that carry the field itself, where it is one that exists; else all of them."""
    return tuple(place for place in places if subject.field is None or subject.field in place.fields)


def _role(provider: bool, consumer: bool, carrier: bool) -> Role | None:
    if provider and consumer:
        return "both"
    if provider or consumer:
        return "provider" if provider else "consumer"
    return "carrier" if carrier else None


def _evidence(subject: Subject, role: Role, places: Sequence[Sighting], generated: Sequence[str]) -> str:
    what = one_line(f"{subject.entity}.{subject.field}" if subject.field else subject.entity)
    if places:
        first = places[0]
        return (
            f"carries {what} in {plural(len(places), 'place')}, such as {one_line(first.path)}:{first.line}"
        )
    if generated:
        return f"has {what} only in generated code, which must be generated again: {one_line(generated[0])}"
    return f"no place in its code lists the fields of {one_line(subject.entity)}" if role != "carrier" else ""


def _left_out(
    subject: Subject,
    service: Service,
    reasons: Sequence[str] | None,
    places: Sequence[Sighting],
    generated: Sequence[str],
) -> str:
    """Why a service that might seem to take part does not; empty for one that does not even seem to."""
    entity = one_line(subject.entity)
    if places and subject.field and not _about(subject, places):
        return f"carries {entity} but not its field {subject.field}"
    if places:
        where = f"{one_line(places[0].path)}:{places[0].line}"
        return f"has fields like {entity}'s ({where}) but no part in its contracts"
    if reasons:
        return f"{reasons[0]} but carries no field of {entity}"
    if generated:
        return f"has {entity} only in generated code and no part in it"
    copies = (path for c in subject.contracts for path in c.copies)
    return "only holds a copy of a contract" if any(c.startswith(f"{service.path}/") for c in copies) else ""
