"""The lists of a file that carry an entity's fields, with their members."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from tree_sitter import Node

from hive.agents.propagate.lists import (
    KINDS,
    METHODS,
    NOT_MEMBERS,
    SIMPLE_STATEMENTS,
    Kind,
    is_keyed,
    keys,
    kind_of,
)
from hive.agents.propagate.mentions import VERBS, Mention, is_compound, mentions
from hive.agents.propagate.naming import Words, words
from hive.agents.propagate.source import Source

LONGEST_STATEMENT = 6
"""A statement or an accessor of more lines does more than carry one field."""


@dataclass(frozen=True)
class Member:
    """Neighbouring children of a list that carry the same fields, such as a label and its input."""

    nodes: tuple[Node, ...]
    fields: frozenset[str]

    @property
    def start(self) -> int:
        """Offset of the first byte."""
        return self.nodes[0].start_byte

    @property
    def end(self) -> int:
        """Offset after the last byte."""
        return self.nodes[-1].end_byte


@dataclass(frozen=True)
class Place:
    """A list whose members carry fields of the entity."""

    source: Source
    node: Node
    kind: Kind
    members: tuple[Member, ...]
    foreign: int
    """How many named members carry something else."""

    @cached_property
    def fields(self) -> frozenset[str]:
        """All fields that its members carry."""
        return frozenset().union(*(member.fields for member in self.members))

    @property
    def line(self) -> int:
        """The 1-based line of its first member."""
        return self.source.line(self.members[0].start)

    def member(self, field: str) -> Member | None:
        """The member that carries this field and no other."""
        return next((m for m in self.members if m.fields == {field}), None)


Carried = dict[int, tuple[Node, dict[int, set[str]]]]


def places(source: Source, names: dict[Words, str], entity: Words = ()) -> list[Place]:
    """Every list of a file with two members or more that each carry a field, in source order."""
    carried: Carried = {}
    for mention in mentions(source, names, entity):
        _climb(mention, carried, source.language == "html")
    found = [
        place
        for node, children in carried.values()
        if len(children) > 1
        for place in _of_node(source, node, children, names, entity)
    ]
    return sorted(found, key=lambda place: (place.members[0].start, -place.node.end_byte))


def _climb(mention: Mention, carried: Carried, html: bool) -> None:
    """Enter the mention for every list that holds it as a member's name, from the inside out."""
    node, skip, named = mention.leaf, False, False
    if html and node.type == "attribute_name":
        return
    while (parent := node.parent) is not None:
        names_parent = not is_keyed(parent) or any(_is_key(node, key, mention.leaf) for key in keys(parent))
        if parent.type == "jsx_attribute" or (html and parent.type == "attribute"):
            skip, named = html or not names_parent, names_parent and not html
        elif not names_parent:
            return
        elif skip and node.type in ("jsx_attribute", "attribute"):
            skip = False
        elif parent.type in KINDS and node.type not in ("union_type",):
            top = _top_union(parent)
            _, children = carried.setdefault(top.id, (top, {}))
            children.setdefault(node.id, set()).add(mention.field)
            if named:  # an attribute's own name says nothing about the element that has it
                return
        node = parent


def _is_key(node: Node, key: Node, leaf: Node) -> bool:
    """Whether the leaf is what the key part ends with: `email` in `user["email"] = ...`, not `user`."""
    return node.id == key.id and (key.end_byte - leaf.end_byte <= 2 or key.type == "variable_declarator")


def _top_union(node: Node) -> Node:
    while node.type == "union_type" and node.parent is not None and node.parent.type == "union_type":
        node = node.parent
    return node


def _children(node: Node) -> list[Node]:
    if node.type == "union_type":
        parts: list[Node] = []
        for child in node.named_children:
            parts += _children(child) if child.type == "union_type" else [child]
        return parts
    return [
        child
        for child in node.named_children
        if child.type not in NOT_MEMBERS
        and not (child.type == "jsx_text" and not (child.text or b"").strip())
    ]


def _of_node(
    source: Source, node: Node, carried: dict[int, set[str]], names: dict[Words, str], entity: Words
) -> Iterator[Place]:
    kind = kind_of(node)
    if kind is None:
        return
    for group in _groups(source, kind, _children(node), names, entity):
        members = tuple(_members(group, carried))
        foreign = sum(1 for child in group if child.id not in carried and _has_name(child, kind))
        if sum(len(member.fields) == 1 for member in members) > 1:
            yield Place(source, node, kind, members, foreign)


def _members(group: list[Node], carried: dict[int, set[str]]) -> Iterator[Member]:
    for fields, run in groupby(group, key=lambda child: frozenset(carried.get(child.id, ()))):
        if fields:
            run_nodes = tuple(run)
            if len(fields) == 1:
                yield Member(run_nodes, fields)
            else:
                yield from (Member((child,), fields) for child in run_nodes)


def _has_name(node: Node, kind: Kind) -> bool:
    if kind == "elements":
        return False
    return is_keyed(node) or kind not in ("members", "statements")


def _groups(
    source: Source, kind: Kind, children: list[Node], names: dict[Words, str], entity: Words
) -> Iterator[list[Node]]:
    """The children that belong together: all of them, or those of one shape, or neighbours of one shape."""
    if kind not in ("members", "statements"):
        yield children
        return
    shapes = [(child, shape(source, child, names, entity, kind)) for child in children]
    if kind == "statements":
        for known, run in groupby(shapes, key=lambda pair: pair[1]):
            if known is not None:
                yield [child for child, _ in run]
        return
    for wanted in dict.fromkeys(known for _, known in shapes if known is not None):
        yield [child for child, known in shapes if known == wanted]


def shape(source: Source, node: Node, names: dict[Words, str], entity: Words, kind: Kind) -> str | None:
    """What a statement or class member is, apart from the field that it is about; none if it is too much."""
    if node.type in METHODS:
        return _accessor_shape(source, node, names, entity) if _lines(node) <= LONGEST_STATEMENT else None
    if kind == "statements" and (node.type not in SIMPLE_STATEMENTS or _lines(node) > LONGEST_STATEMENT):
        return None
    if kind == "members" and node.type != "expression_statement":
        return node.type
    inner = node.named_children[0] if node.named_children else node
    callee = _callee(inner)
    if node.type == "if_statement":
        return f"if {_consequence(node)}"
    if callee is None:
        return f"{node.type} {inner.type}"
    return f"{node.type} call {_masked(source.of(callee), names, entity)}"


def _consequence(node: Node) -> str:
    """What kinds of statements an `if` has: one that raises is not like one that assigns."""
    body = node.child_by_field_name("consequence")
    inner = (
        [child for child in body.named_children if child.type not in NOT_MEMBERS] if body is not None else []
    )
    kinds = [child.named_children[0].type if child.named_children else child.type for child in inner]
    return " ".join(child.type + " " + kind for child, kind in zip(inner, kinds, strict=True))


def _lines(node: Node) -> int:
    return node.end_point.row - node.start_point.row + 1


def _callee(node: Node) -> Node | None:
    if node.type in ("await_expression", "await") and node.named_children:
        node = node.named_children[0]
    found = node.child_by_field_name("function") or node.child_by_field_name("name")
    if "call" not in node.type and "invocation" not in node.type:
        return None
    for part in ("property", "attribute", "field", "name"):
        if found is not None and (inner := found.child_by_field_name(part)) is not None:
            return inner
    return found


def _masked(name: str, names: dict[Words, str], entity: Words) -> str:
    found = words(name)
    if any(is_compound(found, field, entity) for field in names):
        return " ".join(word for word in found if word in VERBS) + " *"
    return name


def _accessor_shape(source: Source, node: Node, names: dict[Words, str], entity: Words) -> str | None:
    inner = node.child_by_field_name("definition") or node
    name = inner.child_by_field_name("name")
    if name is None:
        return None
    return f"{node.type} {_masked(source.of(name), names, entity)}"
