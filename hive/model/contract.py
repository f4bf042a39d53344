"""What is in a contract, and what changed between two versions of it."""

from typing import Literal

from hive.model.value import Fact


class ContractField(Fact):
    """One field of an entity, its type in hive's words."""

    name: str
    type: str
    """`string`, `integer`, `number`, `boolean`, `array`, `object`, or the name of another entity."""
    required: bool = False
    line: int | None = None


class Entity(Fact):
    """A named object type of a contract: a schema, a message."""

    name: str
    contract: str
    pointer: str
    """Where it lives inside the contract, such as `/components/schemas/User` or `shop.v1.User`."""
    fields: tuple[ContractField, ...] = ()


class Operation(Fact):
    """Something callers do with a contract: an HTTP operation, an RPC, a published or consumed event."""

    name: str
    """`GET /users/{id}`, `shop.v1.Users/Get`, `publish order.created`."""
    request: tuple[str, ...] = ()
    """Names of the entities that it takes, nested ones included."""
    response: tuple[str, ...] = ()


Direction = Literal["request", "response", "both", "none"]
Severity = Literal["compatible", "dangerous", "breaking", "unknown"]


class Change(Fact):
    """One normalised difference between two versions of a contract."""

    element: str
    """`users.openapi.yaml#/components/schemas/User/properties/loyalty_points`"""
    kind: Literal["added", "removed", "changed"]
    direction: Direction
    severity: Severity
    rule: str
    """The rule id, in the words of the format's best-known checker where it has one."""
    message: str
    affected: tuple[str, ...] = ()
    """Names of the operations that carry the element."""


class Replacement(Fact):
    """One passage of a file, found once, and what takes its place."""

    old: str
    new: str
