"""JSON text as positioned nodes, without recursion."""

import json
import re

from hive.contracts.node import MAX_DEPTH, Json, Node, grow, too_deep
from hive.errors import ContractError

_PIECE = re.compile(
    r'[ \t\r\n]*(?:(?P<open>[\[{])|(?P<close>[\]}])|(?P<mark>[,:])|(?P<string>"(?:[^"\\\x00-\x1f]|\\.)*")'
    r"|(?P<word>[-+.0-9A-Za-z]+))"
)
_ENDS = {"[": "]", "{": "}"}


def read_json(path: str, text: str) -> Node:
    """The single value of a JSON text. Raises ContractError."""
    return _Reader(path, text).read()


class _Reader:
    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.line = 1
        self.line_start = 0
        self.counted = 0
        self.open: list[Node] = []
        self.keys: list[Node | None] = []
        self.root: Node | None = None
        self.expect = "value"
        """`value`, `item` (or the end of an empty list), `key`, `name` (a key, or the end), `colon`, `comma`."""

    def read(self) -> Node:
        position = 0
        while match := _PIECE.match(self.text, position):
            self._see(match.start(match.lastgroup or 0))
            self._take(match.lastgroup or "", match)
            position = match.end()
        rest = self.text[position:].lstrip(" \t\r\n")
        self._see(len(self.text) - len(rest))
        if rest or self.root is None:
            raise self._error(f"unexpected {rest[:10]!r}" if rest else "the file ends too early")
        return self.root

    def _see(self, position: int) -> None:
        newlines = self.text.count("\n", self.counted, position)
        if newlines:
            self.line += newlines
            self.line_start = self.text.rfind("\n", 0, position) + 1
        self.counted = position

    def _error(self, reason: str) -> ContractError:
        return ContractError(self.path, self.line, f"not valid JSON: {reason}")

    def _take(self, group: str, match: re.Match[str]) -> None:
        piece = match[group]
        if group == "mark":
            self._mark(piece)
        elif group == "close":
            self._close(piece, match.end())
        elif self.root is not None or self.expect in ("colon", "comma"):
            raise self._error(f"unexpected {piece[:20]!r}")
        elif group == "open":
            self._open(piece, match.start(group))
        else:
            self._finish(self._scalar(group, piece, match.start(group)))

    def _mark(self, piece: str) -> None:
        if piece == ":" and self.expect == "colon":
            self.expect = "value"
        elif piece == "," and self.expect == "comma" and self.open:
            self.expect = "key" if self.open[-1].kind == "map" else "value"
        else:
            raise self._error(f"unexpected {piece!r}")

    def _open(self, piece: str, start: int) -> None:
        if self.expect in ("key", "name"):
            raise self._error(f"a key must be a string, not {piece!r}")
        if len(self.open) >= MAX_DEPTH:
            raise too_deep(self.path, self.line)
        node = Node("map" if piece == "{" else "list", start, self.line, start - self.line_start)
        node.flow = True
        node.value = {} if piece == "{" else []
        self.open.append(node)
        self.keys.append(None)
        self.expect = "name" if piece == "{" else "item"

    def _close(self, piece: str, end: int) -> None:
        kind = "map" if piece == "}" else "list"
        if not self.open or self.open[-1].kind != kind or self.expect not in ("comma", "name", "item"):
            raise self._error(f"unexpected {piece!r}")
        node = self.open.pop()
        self.keys.pop()
        node.end, node.end_line = end, self.line
        self.expect = "value"
        self._finish(node)

    def _scalar(self, group: str, piece: str, start: int) -> Node:
        if self.expect in ("key", "name") and group != "string":
            raise self._error(f"a key must be a string, not {piece[:20]!r}")
        node = Node("scalar", start, self.line, start - self.line_start)
        node.end = start + len(piece)
        node.value, node.style = self._decode(piece), '"' if group == "string" else ""
        return node

    def _decode(self, piece: str) -> Json:
        try:
            return json.loads(piece, parse_constant=self._refuse)
        except ValueError as error:
            raise self._error(f"{piece[:40]!r} is not a value") from error

    def _refuse(self, name: str) -> Json:
        raise self._error(f"{name!r} is not a number")

    def _finish(self, node: Node) -> None:
        if not self.open:
            self.root = node
            self.expect = "comma"
            return
        parent = self.open[-1]
        grow(self.path, parent, node)
        if parent.kind == "list":
            parent.items.append(node)
            parent.value.append(node.value)
            self.expect = "comma"
        elif self.expect in ("key", "name"):
            if node.value in parent.value:
                raise ContractError(self.path, node.line, f"duplicate key {node.value!r}")
            self.keys[-1] = node
            self.expect = "colon"
        else:
            self._put(parent, node)

    def _put(self, parent: Node, node: Node) -> None:
        key = self.keys[-1]
        if key is None:
            raise self._error("a value without a key")
        parent.value[key.value] = node.value
        parent.pairs.append((key, node))
        self.expect = "comma"
