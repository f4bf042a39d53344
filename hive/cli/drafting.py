"""`hive contracts draft`: a first contract for a project that has none, from what its code says."""

import json
from pathlib import Path
from typing import NamedTuple

import tomlkit

from hive.agents.propagate.naming import Style, spell, words
from hive.cli.compose import read_config
from hive.discovery import discover
from hive.errors import UsageError
from hive.model import Contract
from hive.orchestrator.planner.definitions import Definition, definitions, schema
from hive.text import one_line
from hive.workspaces.repository import UserRepository
from hive.workspaces.tree import FolderTree


class Drafted(NamedTuple):
    """A contract that is not written yet."""

    root: Path
    contract: Contract
    text: str
    found: list[Definition]
    """Where the code defines the entity, most telling first."""
    listed: bool
    """Whether the project has a `hive.toml`, which says what its contracts are."""


def draft(entity: str, service: str | None) -> Drafted:
    """The contract of an entity. Raises UsageError where the code has none."""
    user = UserRepository.open(Path.cwd())
    tree, config = FolderTree(user.root), read_config(user)
    graph = config.graph() if config else discover(tree)
    if service is not None and graph.service(service) is None:
        known = ", ".join(each.name for each in graph.services)
        raise UsageError(f"there is no service {service!r}", next_step=f"name one of {known}")
    everywhere = definitions(tree, graph, entity) if words(entity) else []
    found = [each for each in everywhere if service in (None, each.service)]
    if not found:
        where = f"of {service}" if service else "of a service"
        raise UsageError(
            f"no class, record, struct or interface {one_line(entity)!r} is defined in the code {where}",
            next_step="name it as the code does, or write the contract by hand: JSON Schema, OpenAPI or another",
        )
    path = f"contracts/{spell(words(entity), Style.KEBAB)}.schema.json"
    text = json.dumps(schema(entity, found), indent=2) + "\n"
    contract = Contract(path=path, kind="jsonschema", owner=found[0].service)
    return Drafted(user.root, contract, text, found, config is not None)


def write(drafted: Drafted) -> None:
    """Put it into the checkout. Raises UsageError where something is there."""
    path = drafted.contract.path
    file = drafted.root / path
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as opened:
            opened.write(drafted.text)
    except FileExistsError as error:
        raise UsageError(
            f"{path!r} is there already", next_step="edit it, or delete it and draft it again"
        ) from error
    except OSError as error:
        raise UsageError(
            f"cannot write {path!r}: {error.strerror}", next_step="make its folder writable"
        ) from error


def lines(contract: Contract) -> str:
    """What a `hive.toml` that is there already needs besides."""
    table = tomlkit.table()
    table["kind"], table["owner"] = contract.kind, contract.owner
    return tomlkit.dumps({"contracts": {contract.path: table}}).strip()
