"""A parsed document with the position of everything in it."""

from collections.abc import Iterator
from typing import Any, Literal, TypeAlias

from hive.errors import ContractError

Json: TypeAlias = Any
"""A JSON value of any shape: outside data, to be checked before use."""
MAX_BYTES = 10_000_000
MAX_DEPTH = 100
MAX_NODES = 1_000_000
"""Counted after aliases are expanded: what a walk over the document would visit."""


_NO_PAIRS: list[tuple["Node", "Node"]] = []
_NO_ITEMS: list["Node"] = []
# Shared by all scalars: a hundred thousand empty lists would keep the garbage collector busy.


class Node:
    """A scalar, list or map with its span in the text: characters from `start` to `end`."""

    __slots__ = (
        "anchored",
        "column",
        "depth",
        "end",
        "end_line",
        "flow",
        "items",
        "kind",
        "line",
        "pairs",
        "size",
        "start",
        "style",
        "value",
    )

    def __init__(self, kind: Literal["scalar", "list", "map"], start: int, line: int, column: int) -> None:
        self.kind = kind
        self.start = start
        self.end = start
        self.line = line
        """1-based, as `end_line`."""
        self.end_line = line
        self.column = column
        self.value: Json = None
        """The plain Python value; shared between aliases."""
        self.flow = False
        self.style = ""
        """The quote character, `|` or `>`; empty for a plain scalar and for containers."""
        self.anchored = False
        self.pairs = [] if kind == "map" else _NO_PAIRS
        self.items = [] if kind == "list" else _NO_ITEMS
        self.size = 1
        self.depth = 1

    def get(self, key: str) -> "Node | None":
        """The value under a key of a map."""
        return next((value for name, value in self.pairs if name.value == key), None)

    def pair(self, key: str) -> "tuple[Node, Node] | None":
        """The key and the value under a key of a map."""
        return next((pair for pair in self.pairs if pair[0].value == key), None)

    def at(self, path: tuple[str, ...]) -> "Node | None":
        """The node at a path of keys and list positions."""
        node: Node | None = self
        for step in path:
            if node is None:
                return None
            if node.kind == "list":
                node = node.items[int(step)] if step.isdigit() and int(step) < len(node.items) else None
            else:
                node = node.get(step)
        return node

    def children(self) -> "Iterator[Node]":
        """Keys, values and items, in the order of the text."""
        for key, value in self.pairs:
            yield key
            yield value
        yield from self.items


def grow(path: str, parent: Node, child: Node) -> None:
    """Account for a finished child. Raises ContractError when the document is too large or too deep."""
    parent.size += child.size
    parent.depth = max(parent.depth, child.depth + 1)
    if parent.size > MAX_NODES:
        raise ContractError(path, child.line, f"more than {MAX_NODES} values once aliases are expanded")
    if parent.depth > MAX_DEPTH:
        raise too_deep(path, child.line)


def too_deep(path: str, line: int | None) -> ContractError:
    """The error for a document that is nested too deeply."""
    return ContractError(path, line, f"nested more than {MAX_DEPTH} levels deep")
