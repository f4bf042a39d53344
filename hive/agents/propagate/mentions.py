"""Where a file names the fields of an entity."""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import NamedTuple

from tree_sitter import Node

from hive.agents.propagate.naming import Words, listed, words
from hive.agents.propagate.source import Source

LONGEST = 120
"""A longer leaf is prose, not a name."""
VERBS = frozenset(("get", "set", "with", "has", "is"))
AFFIXES = listed("input field label value column header cell error form txt new str")
_LOWER = bytes(range(256)).lower()
_TEMPLATE = re.compile(r"\{\{(.*?)\}\}|\{%(.*?)%\}|<%[=-]?(.*?)%>|\$\{(.*?)\}", re.DOTALL)
_PATH = re.compile(r"[A-Za-z_$][\w$]*(?:\s*\.\s*[A-Za-z_$][\w$]*)*")


class Mention(NamedTuple):
    """A leaf of the syntax tree that names a field."""

    leaf: Node
    field: str
    exact: bool
    """Whether it is the name itself, not a compound such as `getZipCode`."""


def squashed(raw: bytes) -> bytes:
    """The content in lower case without what joins words: every style of a name looks the same in it."""
    return raw.translate(_LOWER, b"_- ")


def present(raw: bytes, names: Collection[Words]) -> int:
    """How many of the names may occur in a file: a fast upper bound."""
    flat = squashed(raw)
    return sum("".join(name).encode() in flat for name in names)


@lru_cache(maxsize=256)
def _loose(name: Words) -> re.Pattern[bytes]:
    return re.compile(rb"[-_ ]?".join(re.escape(word).encode() for word in name), re.IGNORECASE)


def mentions(source: Source, names: dict[Words, str], entity: Words = ()) -> Iterator[Mention]:
    """Every leaf that names one of the fields, each leaf and field once."""
    seen: set[tuple[int, str]] = set()
    for name, field in names.items():
        for match in _loose(name).finditer(source.raw):
            leaf = source.root.descendant_for_byte_range(match.start(), match.end())
            if leaf is None or leaf.child_count or "comment" in leaf.type or (leaf.id, field) in seen:
                continue
            exact = _named(source.of(leaf), name, entity)
            if exact is not None:
                seen.add((leaf.id, field))
                yield Mention(leaf, field, exact)


def _named(text: str, name: Words, entity: Words) -> bool | None:
    """Whether a leaf's text is the name (True), a compound of it (False) or something else (None)."""
    if "{{" in text or "<%" in text or "{%" in text or "${" in text:
        return True if name in expressions(text) else None
    if len(text) > LONGEST or "\n" in text.strip():
        return None
    found = words(text.rpartition(".")[2] or text)
    if found == name:
        return True
    return False if is_compound(found, name, entity) else None


def is_compound(found: Words, name: Words, entity: Words) -> bool:
    """Whether the words are the name with a verb, the entity or a role around it: (get, zip, code)."""
    allowed = VERBS | AFFIXES | frozenset(entity)
    if name == ("id",):
        allowed = VERBS
    for start in range(len(found) - len(name) + 1):
        if found[start : start + len(name)] == name:
            rest = (*found[:start], *found[start + len(name) :])
            return all(word in allowed for word in rest)
    return False


def expressions(text: str) -> set[Words]:
    """The last names of the paths in a text's template expressions: `{{ user.zip_code }}` is (zip, code)."""
    found: set[Words] = set()
    for match in _TEMPLATE.finditer(text):
        inner = next((group for group in match.groups() if group is not None), "")
        found.update(words(path.rpartition(".")[2].strip()) for path in _PATH.findall(inner))
    return found
