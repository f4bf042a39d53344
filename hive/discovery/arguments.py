"""Arguments of calls and annotations, read without a parser: strings as they are, references by their names."""

import re

_LIMIT = 400
"""Characters after the opening parenthesis that are looked at."""
_LITERAL = re.compile(r"^(?:\w{1,2})?[\"'`]([^\"'`$]*)[\"'`]$")
_PLACEHOLDER = re.compile(r"^[\"'`][#$]\{+'?([\w.-]+)(?::([\w.-]*))?'?\}+[\"'`]$")
_REFERENCE = re.compile(r"^((?:\w+(?:\.|::|->))*[A-Za-z_$]\w*)(?:\(\))?$")
_VARIABLE = re.compile(
    r"(?:getenv|environ|Getenv|env|ENV|GetEnvironmentVariable)\W{1,3}[\"']?([A-Z][A-Z0-9_]{2,})[\"']?\W{0,2}$"
)
_LIST = re.compile(
    r"^(?:new\s+\w*\s*\[\s*\]\s*|\[\]string|(?:listOf|setOf|List\.of|Arrays\.asList|Collections\.singleton\w*)\s*\(?|)\s*"
    r"[\[{(](.*)[\]})]$",
    re.DOTALL,
)
_NOISE = frozenset(
    {
        "",
        "/",
        "utf8",
        "utf-8",
        "true",
        "false",
        "none",
        "null",
        "nil",
        "ctx",
        "context",
        "message",
        "msg",
        "data",
        "error",
    }
    | {
        "event",
        "this",
        "self",
        "body",
        "payload",
        "test",
        "default",
        "amq.topic",
        "value",
        "end",
        "exit",
        "direct",
    }
    | {"fanout", "topic", "json", "application/json"}
)
_NO_REFERENCES = _NOISE - {"topic", "value", "event", "direct", "fanout", "json"}
_SHORTEST_REFERENCE = 3


def split_arguments(text: str, start: int) -> list[str]:
    """The top-level arguments of a call whose bracket has just been opened; none when it does not close soon."""
    depth, piece, quote = 0, start, ""
    parts: list[str] = []
    for position in range(start, min(len(text), start + _LIMIT)):
        char = text[position]
        if quote:
            if char == quote and text[position - 1] != "\\":
                quote = ""
        elif char in "\"'`":
            quote = char
        elif char in "([{":
            depth += 1
        elif char in ")]}" and depth:
            depth -= 1
        elif char in ")]}":
            parts.append(text[piece:position])
            break
        elif char == "," and not depth:
            parts.append(text[piece:position])
            piece = position + 1
    return [part.strip() for part in parts if part.strip()]


def keys_of(expression: str) -> list[str]:
    """The addresses of one argument: one, or the members of a list."""
    expression = expression.strip()
    listed = _LIST.match(expression)
    parts = re.split(r"\s*,\s*", listed[1]) if listed else [expression]
    return [key for part in parts if (key := key_of(part.strip()))]


def key_of(expression: str) -> str | None:
    """A literal as it is, `=name` for a reference, `$NAME` for an environment variable."""
    if placeholder := _PLACEHOLDER.match(expression):
        return f"={placeholder[1]}"
    if literal := _LITERAL.match(expression):
        return literal[1] if literal[1].lower() not in _NOISE else None
    if variable := _VARIABLE.search(expression):
        return f"${variable[1]}"
    reference = _REFERENCE.match(expression)
    if reference and reference[1].lower() not in _NO_REFERENCES and len(reference[1]) >= _SHORTEST_REFERENCE:
        return "=" + re.sub(r"::|->", ".", reference[1])
    return None
