"""What every format answers: the one Protocol behind which formats differ."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from hive.model import Change, Entity, Intent, Operation


class Document(Protocol):
    """A parsed contract."""

    def entities(self) -> tuple[Entity, ...]:
        """Its named object types, with their fields."""
        ...

    def operations(self) -> tuple[Operation, ...]:
        """What callers can do with it, and which entities travel then."""
        ...


class Format(Protocol):
    """One contract format: bytes in, values out, no I/O."""

    def parse(self, path: str, raw: bytes) -> Document:
        """Read a contract. Raises ContractError with a 1-based line when that is impossible."""
        ...

    def diff(self, path: str, old: bytes | None, new: bytes | None) -> tuple[Change, ...]:
        """All differences between two versions; None is a version in which the file does not exist."""
        ...

    def edit(self, path: str, raw: bytes, intent: Intent) -> bytes:
        """Change one field and nothing else in the text. Raises UsageError when that makes no sense."""
        ...


class Parsed(NamedTuple):
    """A document whose answers are known."""

    known_entities: Sequence[Entity] = ()
    known_operations: Sequence[Operation] = ()

    def entities(self) -> tuple[Entity, ...]:
        """Its named object types, with their fields."""
        return tuple(self.known_entities)

    def operations(self) -> tuple[Operation, ...]:
        """What callers can do with it, and which entities travel then."""
        return tuple(self.known_operations)
