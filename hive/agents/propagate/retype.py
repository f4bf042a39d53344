"""Types and literals of one field in the words of another type."""

import re
import zlib
from collections.abc import Iterator

from hive.agents.propagate.naming import listed

ORDER = ("string", "integer", "number", "boolean", "array", "object")
_SCHEMA = (("string", "integer", "number", "boolean", "array", "object"),)
_SCRIPT = (
    ("string", "number", "number", "boolean", "unknown[]", "Record<string, unknown>"),
    ("String", "Number", "Number", "Boolean", "Array", "Object"),
)
FAMILIES: dict[str, tuple[tuple[str, ...], ...]] = {
    "python": (
        ("str", "int", "float", "bool", "list", "dict"),
        ("String", "Integer", "Float", "Boolean", "JSON", "JSON"),
        ("CharField", "IntegerField", "FloatField", "BooleanField", "JSONField", "JSONField"),
        ("Str", "Int", "Float", "Bool", "List", "Dict"),
    ),
    "javascript": _SCRIPT,
    "typescript": _SCRIPT,
    "tsx": _SCRIPT,
    "go": (("string", "int64", "float64", "bool", "[]string", "map[string]any"),),
    "java": (
        ("String", "int", "double", "boolean", "List<String>", "Map<String, Object>"),
        ("String", "Integer", "Double", "Boolean", "List<String>", "Map<String, Object>"),
        ("String", "Long", "BigDecimal", "Boolean", "List<String>", "Map<String, Object>"),
        ("String", "long", "float", "boolean", "List<String>", "Map<String, Object>"),
    ),
    "csharp": (
        ("string", "int", "double", "bool", "List<string>", "Dictionary<string, object>"),
        ("string", "long", "decimal", "bool", "List<string>", "Dictionary<string, object>"),
        ("String", "Int32", "Double", "Boolean", "List<string>", "Dictionary<string, object>"),
    ),
    "sql": (
        ("TEXT", "INTEGER", "REAL", "BOOLEAN", "JSON", "JSON"),
        ("VARCHAR", "INT", "DOUBLE PRECISION", "BOOL", "JSONB", "JSONB"),
        ("CHAR", "BIGINT", "NUMERIC", "BOOLEAN", "JSON", "JSON"),
    ),
}
_GO_INTEGERS = listed("int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64")
CONVERTERS = listed(
    "int float str bool Number String Boolean parseInt parseFloat int32 int64 uint32 uint64 float64 float32 string"
    " Decimal"
)
TO_TEXT = frozenset(("str", "String"))
NUMERALS = (("int", "float"), ("parseInt", "parseFloat"), ("int32", "float32"), ("int64", "float64"))
"""Conversions to a whole number and their like for other numbers."""
_NULLS = frozenset(("None", "null", "nil", "undefined"))
_WORDS = {"true": True, "True": True, "false": False, "False": False}


def retyped(word: str, language: str, old: str, new: str) -> str | None:
    """The type word of another type, or none when the word is not the old type's."""
    if language == "go" and old == "integer" and word in _GO_INTEGERS:
        word = "int64"
    position, target = _position(old), _position(new)
    if position is None or target is None:
        return None
    upper = word.upper() if language == "sql" else word
    for family in (*FAMILIES.get(language, ()), *_SCHEMA):
        if family[position] == upper:
            found = family[target]
            return found.lower() if language == "sql" and word.islower() else found
    return None


def is_type(word: str, language: str) -> bool:
    """Whether a word is a type in a language, or in SQL."""
    families = (*FAMILIES.get(language, ()), *FAMILIES["sql"], *_SCHEMA)
    return any(word.upper() == known.upper() for family in families for known in family)


def plain(language: str, kind: str) -> str | None:
    """The word that a language has for a type of hive's."""
    position = _position(kind)
    found = FAMILIES.get(language)
    return found[0][position] if found and position is not None else None


def _position(name: str) -> int | None:
    return ORDER.index(name) if name in ORDER else None


def zero(language: str, kind: str, quote: str = '"') -> str:
    """The literal that stands for nothing of a type."""
    python, script = language == "python", language in ("javascript", "typescript", "tsx")
    match kind:
        case "string":
            return quote * 2
        case "integer":
            return "0"
        case "number":
            return "0" if script or language in ("json", "yaml", "sql") else "0.0"
        case "boolean":
            return "False" if python else "FALSE" if language == "sql" else "false"
        case "array":
            return (
                "[]"
                if python or script or language in ("json", "yaml")
                else "nil"
                if language == "go"
                else "null"
            )
        case "object" if python or script or language in ("json", "yaml"):
            return "{}"
        case _:
            return "None" if python else "nil" if language == "go" else "null"


def relit(literal: str, language: str, kind: str, label: str, quote: str = '"') -> str | None:
    """A literal of another type that differs where the given ones differ; none for what is no plain literal."""
    text = literal.strip()
    if text in _NULLS:
        return text
    value = _value(text)
    if value is None:
        return None
    match kind:
        case "string":
            return quote * 2 if not value else f"{quote}{label} {_plain(value)}{quote}"
        case "integer":
            number = str(_number(value))
            return f"{text[0]}{number}{text[0]}" if isinstance(value, str) and _is_numeric(value) else number
        case "number":
            return f"{_number(value)}.5" if value else zero(language, "number")
        case "boolean":
            yes, no = ("True", "False") if language == "python" else ("true", "false")
            return yes if value else no
        case _:
            return zero(language, kind, quote)


def _value(text: str) -> str | float | bool | None:
    if text in _WORDS:
        return _WORDS[text]
    if re.fullmatch(r"-?\d[\d_]*(\.\d+)?[LlmMdDfF]?", text):
        return float(text.replace("_", "").rstrip("LlmMdDfF"))
    quoted = re.fullmatch(r"([\"'`])([^\"'`\\\n]*)\1", text)
    return quoted.group(2) if quoted else None


def _plain(value: str | float | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else value


def _is_numeric(value: str) -> bool:
    return bool(re.fullmatch(r"-?\d+(\.\d+)?", value))


def _number(value: str | float | bool) -> int:
    if isinstance(value, str) and _is_numeric(value):
        return int(float(value))
    if isinstance(value, str):
        return 1 + zlib.crc32(value.encode()) % 99 if value else 0
    return int(value)


def quotes(texts: str) -> Iterator[str]:
    """The quote signs of a text, commonest first."""
    yield from sorted("\"'", key=lambda sign: -texts.count(sign))
