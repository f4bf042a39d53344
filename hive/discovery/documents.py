"""YAML, JSON, TOML and XML of unknown origin: parsed within limits, or not at all."""

import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import yaml

NODE_LIMIT = 100_000
"""Values that one YAML document may have once its aliases are expanded."""
DEPTH_LIMIT = 100
_TEMPLATE_LINE = re.compile(r"^[ \t]*-?[ \t]*\{\{[^}\n]{0,300}\}\}[ \t]*$", re.MULTILINE)
_TEMPLATE = re.compile(r"\{\{[^}\n]{0,300}\}\}")
_ENTITIES = re.compile(r"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_XML_NAMESPACE = re.compile(r"\{[^}]*\}")


class Text(str):
    """A scalar that knows the line it stands on."""

    __slots__ = ("line",)
    line: int

    def __new__(cls, value: str, line: int) -> "Text":
        """A string with its 1-based line."""
        made = super().__new__(cls, value)
        made.line = line
        return made


class _TooMuch(Exception):  # noqa: N818
    """The document passes a limit."""


def line_of(value: object) -> int:
    """The line of a scalar, or of the first scalar below it; 1 when it is not known."""
    while isinstance(value, dict | list) and value:
        value = next(iter(value))
    return value.line if isinstance(value, Text) else 1


def yaml_documents(text: str, first_line: int = 1) -> list[Any]:
    """The documents of a YAML stream up to the first error; every scalar is a Text."""
    documents: list[Any] = []
    try:
        for document in _compose(text, first_line):
            documents.append(document)
    except (yaml.YAMLError, _TooMuch, ValueError):
        pass
    return documents


def helm_documents(text: str) -> list[Any]:
    """The documents of a Helm template: what is templated is blank, whole template lines are empty."""
    if "{{" not in text:
        return yaml_documents(text)
    found: list[Any] = []
    line = 1
    for part in re.split(r"^---.*$", _TEMPLATE.sub("", _TEMPLATE_LINE.sub("", text)), flags=re.MULTILINE):
        found.extend(document for document in yaml_documents(part, line) if document is not None)
        line += part.count("\n")
    return found


def _compose(text: str, first_line: int) -> Iterator[Any]:
    """Build values from parser events with a stack of our own: the loaders recurse, and expand without limit."""
    builder = _Builder(first_line)
    for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        if isinstance(event, yaml.DocumentStartEvent):
            builder = _Builder(first_line)
        elif isinstance(event, yaml.DocumentEndEvent):
            yield builder.root
        else:
            builder.take(event)


class _Builder:
    """One document under construction."""

    def __init__(self, first_line: int) -> None:
        self.root: Any = None
        self._first = first_line
        self._stack: list[tuple[Any, list[Any]]] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._started: list[tuple[str | None, int]] = []
        self._size = 0

    def take(self, event: yaml.Event) -> None:
        """Add what one event says."""
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            if len(self._stack) >= DEPTH_LIMIT:
                raise _TooMuch
            self._count(1)
            value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
            self._started.append((event.anchor, self._size))
            self._stack.append((value, []))
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            value, _ = self._stack.pop()
            anchor, before = self._started.pop()
            if anchor:
                self._anchors[anchor] = (value, self._size - before + 1)
            self._place(value)
        elif isinstance(event, yaml.ScalarEvent):
            self._count(1)
            value = Text(event.value, self._first + (event.start_mark.line if event.start_mark else 0))
            if event.anchor:
                self._anchors[event.anchor] = (value, 1)
            self._place(value)
        elif isinstance(event, yaml.AliasEvent):
            value, size = self._anchors.get(event.anchor or "", (None, 1))
            self._count(size)
            self._place(value)

    def _count(self, size: int) -> None:
        self._size += size
        if self._size > NODE_LIMIT:
            raise _TooMuch

    def _place(self, value: object) -> None:
        if not self._stack:
            self.root = value
            return
        parent, waiting = self._stack[-1]
        if isinstance(parent, list):
            parent.append(value)
        elif not waiting:
            waiting.append(value)
        else:
            _put(parent, waiting.pop(), value)


def _put(mapping: dict[object, object], key: object, value: object) -> None:
    if key == "<<":
        for merged in value if isinstance(value, list) else [value]:
            if isinstance(merged, dict):
                for inner, content in merged.items():
                    mapping.setdefault(inner, content)
    elif isinstance(key, str):
        mapping[key] = value


def json_value(text: str) -> object:
    """A JSON value, or None; comments on lines of their own are tolerated."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return json.loads(re.sub(r"^[ \t]*//.*$", "", text.lstrip("\ufeff"), flags=re.MULTILINE))
    except (ValueError, RecursionError):
        return None


def toml_value(text: str) -> dict[str, Any]:
    """A TOML document, empty when it is broken."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return {}


def xml_root(text: str) -> ElementTree.Element | None:
    """The root of an XML document without namespaces; None when it is broken or declares entities."""
    if _ENTITIES.search(text):
        return None
    try:
        root = ElementTree.fromstring(text.lstrip("\ufeff"))  # noqa: S314
    except (ElementTree.ParseError, ValueError):
        return None
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = _XML_NAMESPACE.sub("", element.tag)
    return root


def mapping(value: object) -> dict[str, Any]:
    """The value when it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> list[Any]:
    """The value when it is a sequence, else an empty one."""
    return value if isinstance(value, list) else []


def text_of(value: object) -> str:
    """The value when it is a string, else an empty one."""
    return value if isinstance(value, str) else ""
