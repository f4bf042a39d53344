"""What the code of services says an entity is: the classes, records, structs and interfaces of its name."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tree_sitter import Node

from hive.agents.propagate.grammars import language_of, parse
from hive.agents.propagate.mentions import present
from hive.agents.propagate.naming import Words, listed, words
from hive.contracts.generated import is_generated
from hive.model import Graph
from hive.orchestrator.planner.sources import Source, remoteness, sources
from hive.ports import Tree

_TYPES = listed(
    "class_definition class_declaration interface_declaration record_declaration struct_declaration type_spec"
    " type_alias_declaration"
)
_MEMBERS = listed("field_declaration property_declaration property_signature public_field_definition")
_BODIES = listed(
    "block class_body declaration_list interface_body object_type struct_type field_declaration_list"
    " formal_parameters parameter_list enum_body"
)
_NAMES = listed("identifier field_identifier property_identifier private_property_identifier")
_NOT_STORED = re.compile(r"\b(static|const)\b|@(Transient|Autowired|Inject|Value)\b|\[JsonIgnore\]")
_JSON_NAME = re.compile(r"json:\"([\w-]+)")
_KINDS = (
    ("array", r"\[\]|\b(repeated|list|array|set|collection|iterable|sequence|tuple|slice)\b|List<|Set<|Array<"),
    ("object", r"\b(map|dict|dictionary|record|json|jsonb|hashmap|object)\b|Map<|Dictionary<|Record<"),
    ("boolean", r"\b(bool|boolean)\b"),
    ("integer", r"\b(u?int(eger|\d+)?|long|short|byte|bigint|biginteger|smallint|serial)\b"),
    ("number", r"\b(float|double|decimal|numeric|number|real|bigdecimal|float\d+|money)\b"),
    ("string", r"\b(str|string|text|char|varchar|uuid|guid|uri|url|date|time|datetime|timestamp|instant"
               r"|localdate|localdatetime|zoneddatetime|offsetdatetime|email\w*|objectid)\b"),
)  # fmt: skip
_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS)
MOST_FIELDS = 200
_NAMED = 5
_LONGEST = 200
"""Characters of a Python call that are looked at for a type."""


class Definition(NamedTuple):
    """One place in the code that defines an entity."""

    service: str
    path: str
    line: int
    fields: tuple[tuple[str, str | None], ...]
    """Name and type of each, in hive's words; none for a type of its own."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


def definitions(tree: Tree, graph: Graph, name: str) -> list[Definition]:
    """Every definition of that name outside of tests and generated code, the one with most fields first."""
    wanted = words(name)
    found = [
        definition
        for source in sources(tree, graph)
        if present(source.raw, [wanted])
        and not remoteness(source.path)[0]
        and not is_generated(source.path, source.raw)
        for definition in _defined(source, wanted)
    ]
    return sorted(found, key=lambda one: (-len(one.fields), one.path, one.line))


def schema(name: str, found: Sequence[Definition]) -> dict[str, object]:
    """A JSON Schema of the first definition, which says where all of them are; for a person to correct."""
    first, *others = found
    also = f"; also defined at {', '.join(map(str, others[:_NAMED]))}" if others else ""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": f"Drafted by hive from {first}{also}. Correct it: it is what the services agree on.",
        "title": name,
        "type": "object",
        "properties": {field: {"type": kind} if kind else {} for field, kind in first.fields},
    }


def _defined(source: Source, wanted: Words) -> Iterator[Definition]:
    language = language_of(source.path)
    if language is None:
        return
    waiting = [parse(source.raw, language).root_node]
    while waiting:
        node = waiting.pop()
        waiting += node.named_children
        if node.type in _TYPES and words(_text(node.child_by_field_name("name"))) == wanted:
            fields = tuple(dict(_fields(node)).items())[:MOST_FIELDS]
            if fields:
                yield Definition(source.service, source.path, node.start_point[0] + 1, fields)


def _fields(owner: Node) -> Iterator[tuple[str, str | None]]:
    for child in owner.named_children:
        if child.type in _BODIES:
            yield from _fields(child)
        elif child.type in _MEMBERS:
            yield from _declared(child)
        elif child.type in ("formal_parameter", "parameter") and owner.type != "method_declaration":
            yield _text(child.child_by_field_name("name")), kind_of(_text(child.child_by_field_name("type")))
        elif child.type == "expression_statement" and owner.type == "block":
            yield from _assigned(child)


def _declared(member: Node) -> Iterator[tuple[str, str | None]]:
    text = _text(member)
    if _NOT_STORED.search(text):
        return
    typed = member.child_by_field_name("type") or _first(member, "variable_declaration")
    tag = _JSON_NAME.search(text)
    names = [*member.children_by_field_name("name"), *member.children_by_field_name("declarator")]
    for name in names or [each for each in member.named_children if each.type in _NAMES]:
        said = _text(name.child_by_field_name("name") or name)
        yield tag[1] if tag and tag[1] != "-" else said, kind_of(_text(typed))


def _assigned(statement: Node) -> Iterator[tuple[str, str | None]]:
    """`name: int`, `name = Column(Integer)`, `name = fields.Str()`: what a Python class declares."""
    assignment = _first(statement, "assignment")
    left = assignment.child_by_field_name("left") if assignment else None
    if assignment is None or left is None or left.type != "identifier" or _text(left).startswith("_"):
        return
    typed, value = assignment.child_by_field_name("type"), assignment.child_by_field_name("right")
    if typed is not None:
        yield _text(left), kind_of(_text(typed))
    elif value is not None and value.type == "call" and not _text(left).isupper():
        yield _text(left), kind_of(re.sub(r"Field\b", "", _text(value)[:_LONGEST]))


def kind_of(said: str) -> str | None:
    """hive's word for a type as code spells it; none where it is a type of the project's own."""
    plain = re.sub(r"\b(Optional|Mapped|Nullable|Required|Annotated)\b", " ", said)
    return next((kind for kind, pattern in _PATTERNS if pattern.search(plain)), None)


def _first(node: Node, kind: str) -> Node | None:
    return next((child for child in node.named_children if child.type == kind), None)


def _text(node: Node | None) -> str:
    return (node.text or b"").decode("utf-8", "replace") if node is not None else ""
