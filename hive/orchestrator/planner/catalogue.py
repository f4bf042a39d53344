"""Every contract of a project, read and parsed once."""

from collections.abc import Sequence
from typing import NamedTuple

from hive import contracts
from hive.agents.propagate.mentions import squashed
from hive.agents.propagate.naming import words
from hive.errors import ContractError, UsageError
from hive.model import Contract, Entity, Graph, Operation
from hive.ports import Tree
from hive.text import one_line


class Sheet(NamedTuple):
    """One contract file with what is in it."""

    contract: Contract
    path: str
    raw: bytes
    entities: tuple[Entity, ...]
    operations: tuple[Operation, ...]


class Catalogue(NamedTuple):
    """The contracts that could be read, and why others could not."""

    sheets: tuple[Sheet, ...]
    broken: tuple[ContractError, ...] = ()

    @property
    def entities(self) -> tuple[Entity, ...]:
        """The entities of all contracts, in the order of the graph."""
        return tuple(entity for sheet in self.sheets for entity in sheet.entities)

    @property
    def unread(self) -> tuple[str, ...]:
        """What a person is told about contracts that take no part, since they do not parse."""
        return tuple(f"left out, since it cannot be read: {error.message}" for error in self.broken)

    def sheet(self, path: str) -> Sheet | None:
        """The contract at that path."""
        return next((sheet for sheet in self.sheets if sheet.path == path), None)


def load(tree: Tree, graph: Graph) -> Catalogue:
    """Read all contracts of the graph; those that do not parse are kept apart, for who needs them."""
    sheets, broken = [], []
    for contract in graph.contracts:
        try:
            sheets.append(read(tree, contract, contract.path))
        except ContractError as error:
            broken.append(error)
    return Catalogue(tuple(sheets), tuple(broken))


def read(tree: Tree, contract: Contract, path: str) -> Sheet:
    """One file of a contract: the original or a copy. Raises ContractError."""
    try:
        raw = tree.read(path)
    except KeyError:
        raise ContractError(
            one_line(path),
            None,
            "the contract is not in this version of the project",
            next_step="commit it, or correct hive.toml (`hive init` writes it again)",
        ) from None
    document = contracts.parse(contract.kind, path, raw)
    return Sheet(contract, path, raw, tuple(document.entities()), tuple(document.operations()))


def check(catalogue: Catalogue, graph: Graph) -> None:
    """Raises UsageError, or the one ContractError, where there is no contract to change at all."""
    if catalogue.entities:
        return
    if catalogue.broken:
        raise catalogue.broken[0]
    found = ", ".join(one_line(c.path) for c in graph.contracts[:5]) or "there is none"
    raise UsageError(
        f"no contract of this project describes an entity ({found})",
        next_step="let hive draft one from the code: `hive contracts draft ENTITY`; or describe what the services "
        "exchange yourself (OpenAPI, Protocol Buffers, JSON Schema or AsyncAPI), and add it to hive.toml",
    )


def in_play(catalogue: Catalogue, tree: Tree, name: str, fields: Sequence[str]) -> None:
    """Raises the ContractError of a contract that cannot be read and seems to describe the entity."""
    wanted = [b"".join(word.encode() for word in words(text)) for text in (name, *fields)]
    for error in catalogue.broken:
        try:
            flat = squashed(tree.read(error.path))
        except KeyError:
            continue
        if wanted[0] in flat and 2 * sum(needle in flat for needle in wanted[1:]) >= len(fields):
            raise error
