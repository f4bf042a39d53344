"""YAML text as positioned nodes, read from parser events: no recursion, no object construction, all bounded."""

import re
from functools import lru_cache
from typing import Any, TypeAlias

import yaml

from hive.contracts.node import MAX_DEPTH, Json, Node, grow, too_deep
from hive.errors import ContractError

Event: TypeAlias = Any
"""One of libyaml's events; their type stubs allow marks to be missing, which they never are."""
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"[-+]?[0-9]{1,400}\Z")
_BASED = re.compile(r"0(?:o[0-7]{1,400}|x[0-9a-fA-F]{1,400})\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_CONSTANTS: dict[str, Json] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_TAGS = {"str": str, "int": int, "float": float}


def read_yaml(path: str, text: str) -> Node:
    """The single document of a YAML text. Raises ContractError."""
    builder = _Builder(path)
    try:
        for event in yaml.parse(text, LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = error.problem or error.context or "not valid YAML"
        raise ContractError(path, mark.line + 1 if mark else None, f"not valid YAML: {reason}") from error
    except yaml.YAMLError as error:
        raise ContractError(path, _line_of(error, text), f"not valid YAML: {error}") from error
    if builder.root is None:
        raise ContractError(path, 1, "the file is empty")
    return builder.root


def _line_of(error: yaml.YAMLError, text: str) -> int | None:
    position = getattr(error, "position", None)
    return text.count("\n", 0, position) + 1 if isinstance(position, int) else None


@lru_cache(maxsize=4096)
def plain_value(text: str) -> Json:
    """The value of an unquoted scalar by YAML 1.2's core schema (section 10.3), as OpenAPI asks for."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INT.match(text):
        return int(text)
    if _BASED.match(text):
        return int(text, 0)
    if _FLOAT.match(text):
        return float(text)
    return text


class _Builder:
    def __init__(self, path: str) -> None:
        self.path = path
        self.root: Node | None = None
        self.open: list[Node] = []
        self.keys: list[Node | None] = []
        self.anchors: dict[str, Node] = {}
        self.names: list[str | None] = []

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._finish(self._scalar(event), event.anchor)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._start(event)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._end(event)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise ContractError(self.path, self.root.end_line + 1, "more than one YAML document in one file")

    def _scalar(self, event: Event) -> Node:
        mark, end = event.start_mark, event.end_mark
        style = "" if event.style is None else event.style
        plain = event.implicit[0]
        value = plain_value(event.value) if plain and not style else event.value
        if event.tag is not None and event.tag != "!":
            value = self._tagged(event)
        node = Node("scalar", mark.index, mark.line + 1, mark.column)
        node.end, node.end_line, node.value, node.style = end.index, end.line + 1, value, style
        return node

    def _tagged(self, event: Event) -> Json:
        name = event.tag.removeprefix("tag:yaml.org,2002:")
        try:
            if name in _TAGS:
                return _TAGS[name](event.value)
            if name in ("bool", "null"):
                return _CONSTANTS[event.value.lower()]
        except (ValueError, KeyError) as error:
            reason = f"{event.value[:40]!r} is not a value of its tag {event.tag!r}"
            raise ContractError(self.path, event.start_mark.line + 1, reason) from error
        raise ContractError(self.path, event.start_mark.line + 1, f"unknown YAML tag {event.tag!r}")

    def _start(self, event: Event) -> None:
        mark = event.start_mark
        if len(self.open) >= MAX_DEPTH:
            raise too_deep(self.path, mark.line + 1)
        is_map = isinstance(event, yaml.MappingStartEvent)
        if event.tag is not None and event.tag not in ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"):
            raise ContractError(self.path, mark.line + 1, f"unknown YAML tag {event.tag!r}")
        node = Node("map" if is_map else "list", mark.index, mark.line + 1, mark.column)
        node.value = {} if is_map else []
        node.flow = bool(event.flow_style)
        node.anchored = event.anchor is not None
        self.open.append(node)
        self.keys.append(None)
        self.names.append(event.anchor)

    def _end(self, event: Event) -> None:
        node = self.open.pop()
        self.keys.pop()
        last = list(node.children())[-1:] if not node.flow else []
        # A block collection's own end mark lies behind the blank lines and comments that follow it.
        node.end = last[0].end if last else event.end_mark.index
        node.end_line = last[0].end_line if last else event.end_mark.line + 1
        self._finish(node, self.names.pop())

    def _alias(self, event: Event) -> None:
        target = self.anchors.get(event.anchor)
        mark = event.start_mark
        if target is None:
            raise ContractError(
                self.path, mark.line + 1, f"alias {event.anchor!r} stands for nothing finished"
            )
        copy = Node(target.kind, mark.index, mark.line + 1, mark.column)
        copy.end, copy.value, copy.anchored = event.end_mark.index, target.value, True
        copy.pairs, copy.items = target.pairs, target.items
        copy.size, copy.depth = target.size, target.depth
        self._finish(copy, None)

    def _finish(self, node: Node, anchor: str | None) -> None:
        if anchor is not None:
            self.anchors[anchor] = node
            node.anchored = True
        if not self.open:
            self.root = node
            return
        parent = self.open[-1]
        grow(self.path, parent, node)
        if parent.kind == "list":
            parent.items.append(node)
            parent.value.append(node.value)
        elif (key := self.keys[-1]) is None:
            self.keys[-1] = self._as_key(node)
        else:
            self.keys[-1] = None
            self._put(parent, key, node)

    def _as_key(self, node: Node) -> Node:
        if node.kind != "scalar":
            raise ContractError(self.path, node.line, "a list or map cannot be a key here")
        if not isinstance(node.value, str):
            # JSON knows only string keys: 200 and "200" are the same status code.
            node.value = {True: "true", False: "false", None: "null"}.get(node.value, str(node.value))
        return node

    def _put(self, parent: Node, key: Node, node: Node) -> None:
        if key.value == "<<" and not key.style:
            for source in node.items if node.kind == "list" else [node]:
                if source.kind != "map":
                    raise ContractError(self.path, key.line, "a merge key needs a map, or a list of maps")
                for name, value in source.value.items():
                    parent.value.setdefault(name, value)
        elif key.value in parent.value and any(key.value == name.value for name, _ in parent.pairs):
            raise ContractError(self.path, key.line, f"duplicate key {key.value!r}")
        else:
            parent.value[key.value] = node.value
        parent.pairs.append((key, node))
