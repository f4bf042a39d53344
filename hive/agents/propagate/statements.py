"""Where a file holds SQL: the whole of it, or the strings of another language."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from hive.agents.propagate import sql
from hive.agents.propagate.grammars import nodes
from hive.agents.propagate.mentions import squashed
from hive.agents.propagate.naming import listed, words
from hive.agents.propagate.source import Source
from hive.agents.propagate.subject import Subject

_STRINGS = listed(
    "string template_string interpreted_string_literal raw_string_literal string_literal verbatim_string_literal"
    " interpolated_string_expression raw_string_literal text_block"
)
_JOINED = listed("concatenated_string binary_expression binary_operator parenthesized_expression")
_CONTENT = listed(
    "string_content string_fragment interpreted_string_literal_content raw_string_literal_content escape_sequence"
    " string_literal_content multiline_string_fragment interpolation template_substitution raw_string_content"
    " string_content_part"
)


@dataclass(frozen=True)
class Region:
    """A stretch of a file that is SQL, the rest of the file blanked, so that offsets stay."""

    source: Source
    text: str
    node: Node | None = None
    """The string that it is in, where it is in one."""


_HISTORIC = listed("old older oldest legacy previous former before outdated deprecated")
_HOLDER = re.compile(r"(\w+)\s*(?::[^=\n]+)?:?=\s*(?:[\w.]+\(\s*)?$")


def _is_historic(source: Source, node: Node) -> bool:
    """Whether a string is kept in a name that says that it is of an older version, which stays as it was."""
    holder = _HOLDER.search(source.text[max(0, node.start_byte - 200) : node.start_byte])
    return holder is not None and not _HISTORIC.isdisjoint(words(holder.group(1)))


def regions(source: Source, subject: Subject) -> list[Region]:
    """The SQL of a file that names fields of the subject."""
    if source.language == "sql":
        return [Region(source, source.text)]
    if source.language in ("json", "yaml", "html"):
        return []
    return [
        Region(source, text, node)
        for node in _string_nodes(source, subject)
        if not _is_historic(source, node) and sql.is_sql(text := _only_content(source, node))
    ]


def _string_nodes(source: Source, subject: Subject) -> Iterator[Node]:
    if not re.search(r"(?i)\b(select|insert|update|create\s+table|returning)\b", source.text):
        return
    done = 0
    for node in nodes(source.root):
        if node.start_byte < done or (node.type not in _STRINGS and not _is_joined(node)):
            continue
        flat = squashed(source.raw[node.start_byte : node.end_byte])
        if sum("".join(field.words).encode() in flat for field in subject.fields) >= 2:
            yield node
        done = node.end_byte


def _is_joined(node: Node) -> bool:
    """Whether a node is nothing but strings, one after the other."""
    if node.type not in _JOINED:
        return False
    return all(child.type in _STRINGS or _is_joined(child) for child in node.named_children)


def _only_content(source: Source, node: Node) -> str:
    """The file's text with everything blank but what the string says."""
    kept: list[tuple[int, int]] = []
    for inner in nodes(node):
        if inner.type in _CONTENT and not (kept and inner.start_byte < kept[-1][1]):
            kept.append((inner.start_byte, inner.end_byte))
        elif (
            inner.type in ("raw_string_literal", "string_literal", "verbatim_string_literal")
            and not inner.child_count
        ):
            kept.append((inner.start_byte + 1, inner.end_byte - 1))
    parts, last = [], 0
    for start, end in kept:
        parts += [" " * (start - last), re.sub(r"\\.", "  ", source.text[start:end])]
        last = end
    return "".join(parts)
