"""What changes in a copy beside its name: types, literals, conversions, words for people."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from hive.agents.propagate.grammars import nodes
from hive.agents.propagate.naming import Style, hits, listed, spell
from hive.agents.propagate.places import Member, Place
from hive.agents.propagate.retype import CONVERTERS, NUMERALS, TO_TEXT, plain, quotes, relit, retyped, zero
from hive.agents.propagate.samples import CONTENT, sample, samples
from hive.agents.propagate.source import Edit
from hive.agents.propagate.subject import Field, Subject
from hive.agents.propagate.values import value_of

TYPES = listed(
    "type type_identifier predefined_type integral_type floating_point_type boolean_type type_annotation"
    " generic_type scoped_type_identifier qualified_type pointer_type array_type nullable_type"
)
_INPUTS = {"email": "email", "phone": "tel", "url": "url", "password": "password", "date": "date"}
_PLAIN = re.compile(r"[A-Za-z][A-Za-z -]*")
_KINDS = listed("text email tel url password number checkbox date search")
_PROSE = re.compile(r"[A-Z0-9][\w'.-]*(?: [\w',.!?&()-]+)+|[A-Z][a-z]{3,}")
_LABELS = listed("label title header heading placeholder caption text")
_DOCUMENTS = listed("description help help_text doc summary comment message example pattern regexp format")


def adaptions(place: Place, member: Member, example: Field, subject: Subject) -> list[Edit]:
    """The edits of a copy that have nothing to do with the name inside it."""
    edits = [
        *_input_types(place, member, subject),
        *_labels(place, member, example, subject),
        *_own_types(place, member, example, subject),
        *samples(place, member, example, subject),
    ]
    if example.type == subject.new.type:
        return edits + (
            list(_words_for_people(place, member, example, subject)) if example.type == "string" else []
        )
    quote = (
        '"' if place.source.language in ("go", "java", "csharp", "json") else next(quotes(place.source.text))
    )
    for node in member.nodes:
        for leaf in nodes(node):
            if leaf.child_count == 0 and _is_type_word(leaf):
                word = retyped(place.source.of(leaf), place.source.language, example.type, subject.new.type)
                if word is not None:
                    edits.append(Edit(leaf.start_byte, leaf.end_byte, word))
        value = value_of(node)
        if value is not None:
            edits += _revalued(place, value, example, subject, quote)
    return edits


def _own_types(place: Place, member: Member, example: Field, subject: Subject) -> Iterator[Edit]:
    """The plain type in place of one that is made for the example: `Phone`, `EmailStr`."""
    word = plain(place.source.language, subject.new.type)
    for top in member.nodes if word else ():
        for leaf in nodes(top):
            if leaf.child_count == 0 and in_type(leaf, member) and hits(place.source.of(leaf), example.words):
                yield Edit(leaf.start_byte, leaf.end_byte, word or "")


def in_type(leaf: Node, member: Member) -> bool:
    """Whether a leaf is a part of a type that a member declares."""
    node: Node | None = leaf
    while node is not None and node.start_byte >= member.start and node.end_byte <= member.end:
        if node.type in TYPES:
            return True
        node = node.parent
    return False


def is_input_type(place: Place, leaf: Node) -> bool:
    """Whether a text is the type of an input: `email` in `type="email"` is no name."""
    return leaf.type in ("attribute_value", "string_fragment") and _key(place, leaf) in (
        "type",
        "autocomplete",
    )


def _input_types(place: Place, member: Member, subject: Subject) -> list[Edit]:
    """The type that an input of the new field has, where the example's is made for other texts or numbers."""
    wanted = {"integer": "number", "number": "number", "boolean": "checkbox"}.get(subject.new.type, "text")
    wanted = next((kind for word, kind in _INPUTS.items() if word in subject.new.words), wanted)
    edits = []
    for top in member.nodes if place.kind == "elements" else ():
        for node in nodes(top):
            if is_input_type(place, node) and _key(place, node) == "type" and place.source.of(node) in _KINDS:
                edits.append(Edit(node.start_byte, node.end_byte, wanted))
                edits += _step(place, node, top, subject)
    return edits


def _step(place: Place, kind: Node, element: Node, subject: Subject) -> Iterator[Edit]:
    """An input of whole numbers takes others with a step only."""
    if subject.new.type == "number" and kind.parent is not None and "step=" not in place.source.of(element):
        yield Edit(kind.parent.end_byte, kind.parent.end_byte, ' step="any"')


def _labels(place: Place, member: Member, example: Field, subject: Subject) -> Iterator[Edit]:
    """The text of a label that calls the example by a shorter word."""
    for top in member.nodes if place.kind == "elements" else ():
        for node in nodes(top):
            if node.type not in ("text", "jsx_text") or node.parent is None or not _is_label(node.parent):
                continue
            text = place.source.of(node)
            if _PLAIN.fullmatch(text.strip()) and not hits(text, example.words):
                start = node.start_byte + len(text) - len(text.lstrip())
                yield Edit(start, start + len(text.strip()), spell(subject.new.words, Style.TITLE))


def _is_label(element: Node) -> bool:
    head = (element.text or b"").lstrip()[:7].lower()
    return head.startswith((b"<label ", b"<label>"))


def _is_type_word(leaf: Node) -> bool:
    node: Node | None = leaf
    for _ in range(3):
        if node is None:
            return False
        if node.type in TYPES:
            return True
        if node.type in ("call", "call_expression", "pair", "keyword_argument"):
            return leaf.type in ("identifier", "property_identifier", "string_content", "string_fragment")
        node = node.parent
    return False


def _revalued(place: Place, value: Node, example: Field, subject: Subject, quote: str) -> list[Edit]:
    source, kind = place.source, subject.new.type
    literal = relit(source.of(value), source.language, kind, spell(subject.new.words, Style.SPACED), quote)
    if value.type in ("list", "dictionary", "array", "object") and value.named_child_count == 0:
        literal = zero(source.language, kind, quote)
    if literal is not None:
        return [Edit(value.start_byte, value.end_byte, literal)]
    called = re.match(r"\s*(?:\w+\.)*(\w+)\(", source.of(value))
    if called and called.group(1) in CONVERTERS:
        return _reconverted(value, called, example, subject.new)
    return []


def _reconverted(value: Node, called: re.Match[str], example: Field, new: Field) -> list[Edit]:
    """The conversion that the new type needs: into text the same one, between numbers another, else none."""
    arguments = value.child_by_field_name("arguments")
    if arguments is None or arguments.named_child_count != 1:
        return []
    name = called.group(1)
    if name in TO_TEXT and new.type in ("integer", "number", "boolean"):
        return []
    if {example.type, new.type} == {"integer", "number"}:
        other = next((pair for pair in NUMERALS if name in pair), (name, name))
        start = value.start_byte + called.start(1)
        return [Edit(start, start + len(name), other[new.type == "number"])]
    inner = arguments.named_children[0]
    return [Edit(value.start_byte, inner.start_byte, ""), Edit(inner.end_byte, value.end_byte, "")]


def _words_for_people(place: Place, member: Member, example: Field, subject: Subject) -> Iterator[Edit]:
    """Sample texts such as `Muffin Man` become ones that speak of the new field, alike for alike."""
    for top in member.nodes:
        for node in nodes(top):
            text = place.source.of(node)
            if node.type == "attribute_value" and _PROSE.fullmatch(text) and not hits(text, example.words):
                yield from _attribute(place, node, subject)
            elif node.type in CONTENT and _PROSE.fullmatch(text) and not hits(text, example.words):
                key = _key(place, node)
                if hits(key, example.words):
                    key = ""
                if key in _LABELS:
                    yield Edit(node.start_byte, node.end_byte, spell(subject.new.words, Style.TITLE))
                elif key not in _DOCUMENTS and place.kind != "members":
                    yield Edit(node.start_byte, node.end_byte, sample(text, subject))


def _attribute(place: Place, node: Node, subject: Subject) -> Iterator[Edit]:
    key = _key(place, node)
    if key == "value":
        yield Edit(node.start_byte, node.end_byte, "")
    elif key in _LABELS:
        yield Edit(node.start_byte, node.end_byte, spell(subject.new.words, Style.TITLE))


def _key(place: Place, node: Node) -> str:
    """The name beside which a text stands: `title` in `title: 'City'`."""
    above: Node | None = node.parent
    for _ in range(3):
        if above is None:
            return ""
        if above.type in ("pair", "keyword_argument", "attribute", "jsx_attribute", "keyed_element"):
            return place.source.of(above.named_children[0]).strip("\"'").lower()
        above = above.parent
    return ""
