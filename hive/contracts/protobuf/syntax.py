"""The declarations of a Protocol Buffers file, with their places in the text."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Label = Literal["", "optional", "required", "repeated"]
Span = tuple[int, int]
MAX_NUMBER = 536_870_911


@dataclass(eq=False)
class Field:
    """A field of a message."""

    name: str
    type: str
    """As written; `map<K, V>` for maps, without white space."""
    label: Label
    number: int
    line: int
    span: Span
    """From the label or type to the semicolon."""
    name_span: Span
    type_span: Span
    options: dict[str, str] = field(default_factory=dict)
    oneof: str | None = None
    resolved: str = ""
    """The full name of the type where it is a message or enum of this file, else as written."""
    scope: str = ""

    @property
    def key(self) -> str | None:
        """The key type of a map."""
        return self.type[4:-1].partition(",")[0] if self.type.startswith("map<") else None

    @property
    def value_type(self) -> str:
        """The type of one value: that of a map's values, else the field's own."""
        return self.type[4:-1].partition(",")[2] if self.type.startswith("map<") else self.type

    @property
    def cardinality(self) -> str:
        """What buf compares: a label, `map`, or nothing in particular."""
        return "map" if self.key else self.label


@dataclass(eq=False)
class Reserved:
    """Numbers and names that must not be used."""

    ranges: list[tuple[int, int]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def holds(self, number: int) -> bool:
        """Whether a number is reserved."""
        return any(first <= number <= last for first, last in self.ranges)


@dataclass(eq=False)
class Message:
    """A message, or a group's body."""

    name: str
    full: str
    line: int
    body: Span
    """From behind `{` to `}`."""
    fields: list[Field] = field(default_factory=list)
    messages: list["Message"] = field(default_factory=list)
    enums: list["Enum"] = field(default_factory=list)
    oneofs: dict[str, Span] = field(default_factory=dict)
    """Their bodies."""
    reserved: Reserved = field(default_factory=Reserved)
    extensions: list[tuple[int, int]] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)

    def field(self, name: str) -> Field | None:
        """The field of that name."""
        return next((one for one in self.fields if one.name == name), None)


@dataclass(eq=False)
class EnumValue:
    """A value of an enum."""

    name: str
    number: int
    line: int
    options: dict[str, str] = field(default_factory=dict)


@dataclass(eq=False)
class Enum:
    """An enum."""

    name: str
    full: str
    line: int
    values: list[EnumValue] = field(default_factory=list)
    reserved: Reserved = field(default_factory=Reserved)
    options: dict[str, str] = field(default_factory=dict)


@dataclass(eq=False)
class Rpc:
    """A method of a service."""

    name: str
    line: int
    request: str
    response: str
    client_streaming: bool
    server_streaming: bool
    options: dict[str, str] = field(default_factory=dict)


@dataclass(eq=False)
class Service:
    """A service."""

    name: str
    full: str
    line: int
    rpcs: list[Rpc] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)


@dataclass(eq=False)
class File:
    """A whole file."""

    syntax: str = "proto2"
    package: str = ""
    imports: list[str] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    enums: list[Enum] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    head: dict[str, int] = field(default_factory=dict)
    """Where the last `syntax`, `package` and `import` statements end."""
    extends: list[Field] = field(default_factory=list)
    """Extensions; `scope` is the extended message as written."""

    def every_message(self) -> Iterator[Message]:
        """Messages at any depth, outer ones first."""
        queue = list(self.messages)
        while queue:
            message = queue.pop(0)
            yield message
            queue = message.messages + queue

    def every_enum(self) -> Iterator[Enum]:
        """Enums at any depth."""
        yield from self.enums
        for message in self.every_message():
            yield from message.enums
