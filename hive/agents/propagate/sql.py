"""The lists of SQL statements, in files and inside the strings of other languages, of any dialect."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from hive.agents.propagate.naming import words

Part = Literal["definitions", "columns", "values", "select", "set", "returning"]
LONGEST = 200_000
_TOKEN = re.compile(
    r"(?P<comment>--[^\n]*|/\*.*?\*/)"
    r"|(?P<text>'(?:[^']|'')*')"
    r"|(?P<hole>%\(\w+\)s|%s|\$\{[^}]*\}|\{[^}]*\}|\$\d+|[:@$]\w+|#\{[^}]*\}|\?)"
    r"|(?P<name>[A-Za-z_][\w$]*|\"[^\"\n]+\"|`[^`\n]+`|\[[A-Za-z_]\w*\])"
    r"|(?P<sign>[(),;.=])"
    r"|(?P<other>\S)",
    re.DOTALL,
)
_STATEMENT = re.compile(
    r"\b(select\b.*\bfrom|insert\s+(or\s+\w+\s+)?into|replace\s+into|update\b.*\bset|create\s+table|values\s*\(|returning)\b",
    re.IGNORECASE | re.DOTALL,
)
_CONSTRAINTS = frozenset(
    ("primary", "foreign", "unique", "check", "constraint", "key", "index", "exclude", "like")
)
_ENDS = {
    "select": frozenset(("from",)),
    "set": frozenset(("where", "returning", "from", "on")),
    "returning": frozenset(("into",)),
}


class Item(NamedTuple):
    """One element of a list, as offsets of the text."""

    start: int
    end: int
    name: str
    """What it is about: a column, or the name in a placeholder; empty for a bare placeholder or a literal."""


@dataclass(frozen=True)
class Columns:
    """A comma separated list of a statement."""

    part: Part
    table: str
    items: tuple[Item, ...]
    insert: int = -1
    """Which INSERT of the text it belongs to; its columns and its values share the number."""


class Token(NamedTuple):
    """A word, sign or literal of SQL."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """The lower case text of a bare word, else nothing."""
        return self.text.lower() if self.kind == "name" else ""


def is_sql(text: str) -> bool:
    """Whether a string holds a statement with a list of columns."""
    return len(text) <= LONGEST and bool(_STATEMENT.search(text))


def lists(text: str) -> list[Columns]:
    """Every list of columns and values in a text, in order."""
    return list(_Reader(text).read()) if len(text) <= LONGEST else []


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [
            Token(match.lastgroup or "", match.group(), match.start(), match.end())
            for match in _TOKEN.finditer(text)
            if match.lastgroup != "comment"
        ]
        self.table = ""
        self.inserts = 0

    def read(self) -> Iterator[Columns]:
        position = 0
        while position < len(self.tokens):
            found, position = self._at(position)
            yield from found

    def _word(self, position: int) -> str:
        return self.tokens[position].word if 0 <= position < len(self.tokens) else ""

    def _sign(self, position: int) -> str:
        return self.tokens[position].text if 0 <= position < len(self.tokens) else ""

    def _at(self, position: int) -> tuple[list[Columns], int]:
        """The lists that begin at a token, and where to read on."""
        match self._word(position):
            case "create":
                return self._create(position)
            case "into":
                self.inserts += 1
                return self._bracketed("columns", *self._named(position + 1))
            case "update" if self._word(position + 1) != "set":
                _, after = self._named(position + 1)
                return [], after
            case "values" | "value" if self._sign(position + 1) == "(":
                return self._values(position + 1)
            case "select" | "set" | "returning" as part:
                return self._open_list(part, position + 1)
        return [], position + 1

    def _named(self, position: int) -> tuple[str, int]:
        """A table's name, without its schema; and the position after it."""
        while self._word(position) in ("if", "not", "exists", "only", "table"):
            position += 1
        while self._sign(position + 1) == ".":
            position += 2
        if position < len(self.tokens) and self.tokens[position].kind in ("name", "hole"):
            self.table = self.tokens[position].text.strip('"`[]')
            return self.table, position + 1
        return "", position

    def _create(self, position: int) -> tuple[list[Columns], int]:
        ahead = position + 1
        while self._word(ahead) in ("temp", "temporary", "unlogged", "global", "local"):
            ahead += 1
        if self._word(ahead) != "table":
            return [], position + 1
        return self._bracketed("definitions", *self._named(ahead + 1))

    def _bracketed(self, part: Part, table: str, position: int) -> tuple[list[Columns], int]:
        if not table or self._sign(position) != "(":
            return [], position
        items, after = self._items(part, position + 1, frozenset((")",)), frozenset())
        return [Columns(part, table, items, self.inserts if part == "columns" else -1)], after

    def _values(self, position: int) -> tuple[list[Columns], int]:
        found = []
        while self._sign(position) == "(":
            items, position = self._items("values", position + 1, frozenset((")",)), frozenset())
            found.append(Columns("values", self.table, items, self.inserts))
            if self._sign(position) == "," and self._sign(position + 1) == "(":
                position += 1
        return found, position

    def _open_list(self, word: str, position: int) -> tuple[list[Columns], int]:
        part: Part = "select" if word == "select" else "set" if word == "set" else "returning"
        if part == "select" and self._word(position) in ("distinct", "all"):
            position += 1
        items, after = self._items(part, position, frozenset((")", ";")), _ENDS[part])
        table = self.table
        if part == "select" and self._word(after) == "from":
            table, _ = self._named(after + 1)
        return [Columns(part, table, items, self.inserts)], after

    def _items(
        self, part: Part, position: int, closing: frozenset[str], ends: frozenset[str]
    ) -> tuple[tuple[Item, ...], int]:
        """The items up to a closing sign or an ending word of the list's own depth."""
        items: list[Item | None] = []
        current: list[Token] = []
        depth = 0
        while position < len(self.tokens):
            token = self.tokens[position]
            if depth == 0 and (token.text in closing or token.word in ends):
                break
            if depth == 0 and token.text == ",":
                items.append(_item(part, current))
                current = []
            else:
                depth += (token.text == "(") - (token.text == ")")
                current.append(token)
            position += 1
        items.append(_item(part, current))
        ended = position < len(self.tokens) and self.tokens[position].text == ")"
        return tuple(item for item in items if item), position + (
            1 if ended and ")" in closing and not ends else 0
        )


def _item(part: Part, tokens: list[Token]) -> Item | None:
    if not tokens:
        return None
    names = [token for token in tokens if token.kind in ("name", "hole")]
    found = ""
    if part in ("definitions", "columns") and tokens[0].kind == "name":
        found = "" if part == "definitions" and tokens[0].word in _CONSTRAINTS else tokens[0].text
    elif part == "set":
        left = [token for token in tokens[: _index(tokens, "=")] if token.kind == "name"]
        found = left[-1].text if left else ""
    elif part in ("select", "returning") and tokens[-1].kind == "name":
        found = tokens[-1].text
    elif part == "values" and len(names) == 1:
        found = names[0].text
    return Item(tokens[0].start, tokens[-1].end, _last_name(found))


def _index(tokens: list[Token], sign: str) -> int:
    return next((i for i, token in enumerate(tokens) if token.text == sign), len(tokens))


def _last_name(text: str) -> str:
    bare = re.sub(r"^[%$:@#({\[\"`]+|[)}\]\"`]+s?$", "", text)
    return bare.rpartition(".")[2] if words(bare) else ""
