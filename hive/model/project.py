"""The project: services, contracts, and who needs whom."""

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

from hive.model.value import Fact

ContractKind = Literal[
    "openapi", "protobuf", "jsonschema", "asyncapi", "avro", "graphql", "spring-cloud-contract"
]


class Service(Fact):
    """A unit with a folder, a language and a test command."""

    name: str
    path: str
    """Folder relative to the repository's root, posix; `.` is the root itself."""
    language: str = "other"
    test: str | None = None
    """One command line, split like a shell splits words, run in the service's folder; never by a shell."""


class Contract(Fact):
    """A versioned interface file."""

    path: str
    kind: ContractKind
    owner: str | None = None
    """The service that provides it; none where it is shared or unknown."""
    copies: tuple[str, ...] = ()
    """Paths of vendored copies: they change together with the original."""


class Edge(Fact):
    """One service needs another: it calls it, or hears its events."""

    source: str
    """Who calls; for events, who publishes."""
    target: str
    """Who is called; for events, who subscribes."""
    contract: str | None = None
    evidence: str = ""
    """Where it was seen, as `path:line` or a short reason."""


class Graph(Fact):
    """What discovery found, or what `hive.toml` says."""

    services: tuple[Service, ...] = ()
    contracts: tuple[Contract, ...] = ()
    edges: tuple[Edge, ...] = ()
    event_edges: tuple[Edge, ...] = ()
    network: tuple[str, ...] = ()
    """Registries of packages that the project asks for; it gets them once a person trusts it."""

    @cached_property
    def owners(self) -> Mapping[str, tuple[str, ...]]:
        """The services of each folder that has one."""
        found: dict[str, tuple[str, ...]] = {}
        for service in self.services:
            found[service.path] = (*found.get(service.path, ()), service.name)
        return found

    @cached_property
    def contract_files(self) -> frozenset[str]:
        """Every contract and every copy of one."""
        return frozenset(path for each in self.contracts for path in (each.path, *each.copies))

    def service(self, name: str) -> Service | None:
        """The service of that name."""
        return next((service for service in self.services if service.name == name), None)

    def contract(self, path: str) -> Contract | None:
        """The contract at that path, or of which that path is a copy."""
        return next((c for c in self.contracts if path == c.path or path in c.copies), None)
