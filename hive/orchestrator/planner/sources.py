"""The files of services that may be code, each read once."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from hive.agents.propagate.grammars import language_of
from hive.agents.propagate.naming import listed
from hive.model import Graph
from hive.ports import Tree

LARGEST = 512_000
"""Bytes; a larger file is data or generated."""
_SKIPPED_FOLDERS = listed(
    "node_modules vendor third_party dist build target bin obj .git .venv venv __pycache__ .idea .gradle"
)
_SKIPPED_ENDINGS = (".min.js", "package-lock.json", "pnpm-lock.yaml", "tsconfig.json")
_TEST = re.compile(
    r"(?:^|/)(?:tests?|__tests__|spec|fixtures|testdata)/|(?:^|[/_.-])(?:test|spec)s?[_.-]|Tests?\.\w+$"
)
_DATA = (".json", ".yaml", ".yml")


class Source(NamedTuple):
    """One file of a service."""

    service: str
    path: str
    raw: bytes


def sources(tree: Tree, graph: Graph) -> Iterator[Source]:
    """Every file of a service in a language that can be looked into; contracts are not code."""
    homes = {service.path.strip("/") or ".": service.name for service in graph.services}
    contracts = {path for contract in graph.contracts for path in (contract.path, *contract.copies)}
    for path in tree.paths():
        if path in contracts or language_of(path) is None or path.endswith(_SKIPPED_ENDINGS):
            continue
        folders = path.split("/")[:-1]
        service = home(folders, homes)
        if service is None or not _SKIPPED_FOLDERS.isdisjoint(folders):
            continue
        raw = tree.read(path)
        if len(raw) <= LARGEST and b"\0" not in raw[:1024]:
            yield Source(service, path, raw)


def home(folders: Sequence[str], homes: Mapping[str, str]) -> str | None:
    """The service whose folder is the nearest one around a file."""
    for depth in range(len(folders), 0, -1):
        found = homes.get("/".join(folders[:depth]))
        if found is not None:
            return found
    return homes.get(".")


def remoteness(path: str) -> tuple[bool, bool]:
    """How far a file is from what a service does: code before data, and both before tests."""
    return bool(_TEST.search(path)), path.lower().endswith(_DATA)
