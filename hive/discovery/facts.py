"""What one source file shows, before anybody knows which services there are."""

from dataclasses import dataclass
from typing import Literal

Entry = Literal["server", "program"]
"""`server`: starts something that stays up; `program`: has a main function."""


@dataclass(frozen=True)
class Mention:
    """One place that may speak of another service."""

    text: str
    form: Literal["host", "name", "literal", "port"]
    """A host; an identifier about a service, such as `ORDERS_URL`; a string equal to a known name; a local port."""
    line: int
    event: bool = False
    """Whether events are delivered there."""


@dataclass(frozen=True)
class Stub:
    """A gRPC service that the file calls or serves."""

    service: str
    role: Literal["client", "server"]
    line: int


@dataclass(frozen=True)
class Signal:
    """A message that the file sends or takes: an event is published and subscribed, a command is called and handled."""

    role: Literal["publish", "subscribe", "call", "handle"]
    keys: tuple[str, ...]
    """Topics, queues, routing keys, event types; a literal without quotes, or `=name` for a reference."""
    line: int
    broad: str = ""
    """The exchange that carries it, in the same spelling."""
    source: str = ""
    """The publisher's name, where the subscription names it."""
    typed: bool = False
    """Whether the keys are names of message classes."""


@dataclass(frozen=True)
class Facts:
    """Everything that one file shows."""

    path: str
    entry: Entry | None = None
    mentions: tuple[Mention, ...] = ()
    stubs: tuple[Stub, ...] = ()
    signals: tuple[Signal, ...] = ()
    constants: tuple[tuple[str, str], ...] = ()
    made: tuple[tuple[str, int], ...] = ()
    """Classes that it creates objects of, with the first line."""
    variables: frozenset[str] = frozenset()
    """Names in the spelling of environment variables."""
