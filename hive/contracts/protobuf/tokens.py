"""The tokens of Protocol Buffers source (language specification, lexical elements)."""

import re
from typing import NamedTuple

from hive.errors import ContractError

MAX_TOKENS = 500_000
_TOKEN = re.compile(
    r"(?P<space>[ \t\r\n\f\v]+)|(?P<line>//[^\n]*)|(?P<block>/\*)"
    r"|(?P<name>[A-Za-z_]\w*)|(?P<number>(?:0[xX][0-9a-fA-F]+|[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?f?)"
    r"|(?P<string>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')|(?P<mark>[{}\[\]()<>;:,.=+/-])",
    re.ASCII,
)


class Token(NamedTuple):
    """A piece of source; the last one of a file has the kind `end`."""

    kind: str
    text: str
    start: int
    end: int
    line: int
    """1-based."""


def tokenize(path: str, text: str) -> list[Token]:
    """All tokens but white space and comments. Raises ContractError."""
    tokens: list[Token] = []
    position, line = 0, 1
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or len(tokens) > MAX_TOKENS:
            reason = "too many tokens" if match else f"unexpected character {text[position]!r}"
            raise ContractError(path, line, reason)
        kind, end = match.lastgroup or "", match.end()
        if kind == "block":
            close = text.find("*/", end)
            if close < 0:
                raise ContractError(path, line, "a comment does not end")
            end = close + 2
        elif kind not in ("space", "line"):
            tokens.append(Token(kind, match[0], position, end, line))
        line += text.count("\n", position, end)
        position = end
    tokens.append(Token("end", "", len(text), len(text), line))
    return tokens
