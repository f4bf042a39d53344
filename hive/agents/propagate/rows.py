"""Rows of values without names, below a struct that is declared with them: Go's table tests."""

from collections import Counter
from collections.abc import Iterator

from tree_sitter import Node

from hive.agents.propagate.naming import Style, spell
from hive.agents.propagate.places import Member, Place
from hive.agents.propagate.retype import relit, zero
from hive.agents.propagate.samples import sample
from hive.agents.propagate.source import Edit, Source
from hive.agents.propagate.subject import Field, Subject
from hive.agents.propagate.values import LITERALS


def row_edits(place: Place, member: Member, example: Field, subject: Subject) -> Iterator[Edit]:
    """The new value in every row of the literal that a struct is declared for, behind the example's value."""
    body = _body(place.node)
    if body is None:
        return
    names = [
        len(f.children_by_field_name("name"))
        for f in place.node.named_children
        if f.type == "field_declaration"
    ]
    fields = [f.id for f in place.node.named_children if f.type == "field_declaration"]
    if member.nodes[0].id not in fields or any(count != 1 for count in names):
        return
    index = fields.index(member.nodes[0].id)
    rows = [row for row in map(_elements, body.named_children) if len(row) == len(fields)]
    usual = _usual(place.source, [row[index] for row in rows])
    for row in rows:
        value = row[index]
        text = place.source.of(value) if value.type in LITERALS else usual
        yield Edit(value.end_byte, value.end_byte, f", {_value(text, example, subject)}")


def _body(fields: Node) -> Node | None:
    node = fields.parent
    while node is not None and node.type in (
        "struct_type",
        "slice_type",
        "array_type",
        "map_type",
        "implicit_length_array_type",
    ):
        node = node.parent
    return node.child_by_field_name("body") if node is not None and node.type == "composite_literal" else None


def _elements(node: Node) -> list[Node]:
    """The values of a row, without names; empty for one that has names or is no row."""
    if node.type == "keyed_element":
        node = node.child_by_field_name("value") or node
    while node.type == "literal_element" and node.named_child_count == 1:
        node = node.named_children[0]
    if node.type != "literal_value":
        return []
    found = [child for child in node.named_children if child.type == "literal_element"]
    named = any(child.type == "keyed_element" for child in node.named_children)
    return [] if named else [child.named_children[0] for child in found if child.named_child_count == 1]


def _usual(source: Source, values: list[Node]) -> str:
    """The commonest literal of a column."""
    seen = Counter(source.of(value) for value in values if value.type in LITERALS)
    return seen.most_common(1)[0][0] if seen else ""


def _value(text: str, example: Field, subject: Subject) -> str:
    kind = subject.new.type
    if not text:
        return zero("go", kind)
    if example.type != kind:
        return relit(text, "go", kind, spell(subject.new.words, Style.SPACED)) or zero("go", kind)
    return f'"{sample(text.strip(chr(34)), subject)}"' if " " in text and text.startswith('"') else text
