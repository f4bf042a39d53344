"""Who has a part in a change by the graph and by calls: providers, callers, publishers, listeners, with reasons."""

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import NamedTuple

from hive.model import Contract, Edge, Graph
from hive.orchestrator.planner.naming import key, singular
from hive.orchestrator.planner.remote import Call
from hive.text import one_line


class Subject(NamedTuple):
    """What changes: an entity, one field of it where that exists already, its contracts and operations."""

    entity: str
    size: int
    """How many fields the entity had before."""
    field: str | None
    contracts: tuple[Contract, ...]
    operations: tuple[str, ...] = ()
    """Those that carry what changes."""
    referring: tuple[Contract, ...] = ()
    """Contracts that do not change themselves, but refer to the entity in those that do."""

    @property
    def paths(self) -> frozenset[str]:
        """The contracts that carry the entity, with their copies."""
        return frozenset(path for c in (*self.contracts, *self.referring) for path in (c.path, *c.copies))

    @property
    def remotes(self) -> tuple[str, ...]:
        """The RPC services whose procedures carry the changed element."""
        carrying = (name.partition("/")[0] for name in self.operations if is_remote(name))
        return tuple(dict.fromkeys(name.rpartition(".")[2] for name in carrying))


Ties = dict[str, list[str]]
"""Reasons by service."""


def is_remote(operation: str) -> bool:
    """Whether an operation's name is that of a remote procedure: `shop.v1.Users/Get`."""
    owner, slash, method = operation.partition("/")
    return bool(slash and owner and method) and " " not in operation and "/" not in method


def provides(subject: Subject, graph: Graph, calls: Mapping[str, Sequence[Call]], carry: Set[str]) -> Ties:
    """Who answers with, takes or publishes the element: owners, publishers, servers of its procedures.

    Of several publishers of one contract, those that `carry` the entity in their code.
    """
    found: Ties = {}
    for contract in subject.contracts:
        if contract.owner:
            found.setdefault(contract.owner, []).append(f"provides {one_line(contract.path)}")
    for contract in subject.referring:
        if contract.owner:
            reason = f"provides {one_line(contract.path)}, which refers to {one_line(subject.entity)}"
            found.setdefault(contract.owner, []).append(reason)
    for edge in _published(subject, graph, carry):
        found.setdefault(edge.source, []).append(f"publishes {_contract(edge)}{_seen(edge)}")
    _add_servers(found, subject, graph, calls)
    if not subject.remotes:
        unowned = {path for c in subject.contracts if not c.owner for path in (c.path, *c.copies)}
        for edge in graph.edges:
            if edge.contract in unowned:
                found.setdefault(edge.target, []).append(f"provides {_contract(edge)}")
    return found


def _published(subject: Subject, graph: Graph, carry: Set[str]) -> list[Edge]:
    edges = _over(graph.event_edges, subject)
    publishers: dict[str | None, set[str]] = {}
    for edge in edges:
        publishers.setdefault(edge.contract, set()).add(edge.source)
    return [e for e in edges if e.source in carry or not publishers[e.contract] & carry]


def _add_servers(found: Ties, subject: Subject, graph: Graph, calls: Mapping[str, Sequence[Call]]) -> None:
    for remote in subject.remotes:
        serving = _first_of_each(call for call in calls.get(remote, ()) if call.role == "serves")
        for call in serving:
            found.setdefault(call.service, []).append(f"serves {remote} ({_at(call)})")
        for service in graph.services if not serving else ():
            if _same_service(service.name, remote):
                found.setdefault(service.name, []).append(f"serves {remote}, by its name")


def consumes(subject: Subject, graph: Graph, calls: Mapping[str, Sequence[Call]], providers: Ties) -> Ties:
    """Who calls a provider over a changed contract, or over one that nobody knows, and who hears its events."""
    found = _callers(subject, calls)
    evident = frozenset(found)
    for edge in graph.edges:
        over = edge.contract in subject.paths and (not subject.remotes or edge.target in providers)
        if edge.source not in evident and (over or (edge.contract is None and edge.target in providers)):
            found.setdefault(edge.source, []).append(f"calls {edge.target}{_seen(edge)}")
    for edge in _over(graph.event_edges, subject):
        found.setdefault(edge.target, []).append(f"hears {_contract(edge)} of {edge.source}{_seen(edge)}")
    return found


def _callers(subject: Subject, calls: Mapping[str, Sequence[Call]]) -> Ties:
    """Who calls procedures that carry the element; a server that calls itself is no consumer."""
    found: Ties = {}
    for remote in subject.remotes:
        places = calls.get(remote, ())
        serving = {call.service for call in places if call.role == "serves"}
        for call in _first_of_each(call for call in places if call.service not in serving):
            found.setdefault(call.service, []).append(f"calls {remote} ({_at(call)})")
    return found


def _first_of_each(calls: Iterable[Call]) -> list[Call]:
    """The first place of each service."""
    found: dict[str, Call] = {}
    for call in calls:
        found.setdefault(call.service, call)
    return list(found.values())


def _over(edges: Iterable[Edge], subject: Subject) -> list[Edge]:
    return [edge for edge in edges if edge.contract in subject.paths]


def _same_service(service: str, remote: str) -> bool:
    """Whether an RPC service is called like a service: `ShippingService` and `shipping`, or `shippingservice`."""
    return singular(key(service).removesuffix("service")) == singular(key(remote).removesuffix("service"))


def _contract(edge: Edge) -> str:
    return one_line(edge.contract or "an unknown contract")


def _seen(edge: Edge) -> str:
    return f" ({one_line(edge.evidence)})" if edge.evidence else ""


def _at(call: Call) -> str:
    return f"{one_line(call.path)}:{call.line}"
