"""Whether a member of a list can be followed as an example."""

import re

from tree_sitter import Node

from hive.agents.propagate.grammars import nodes
from hive.agents.propagate.lists import METHODS
from hive.agents.propagate.mentions import VERBS, is_compound
from hive.agents.propagate.naming import Style, Words, hits, listed, spell, words
from hive.agents.propagate.places import Member, Place
from hive.agents.propagate.retype import CONVERTERS
from hive.agents.propagate.subject import NUMERIC, Field, Subject
from hive.agents.propagate.values import CALLS, is_called, stands_alone, value_of

_GENERATORS = listed("fake faker gofakeit random rand chance factory")
_READERS = listed(
    "get FormValue PostFormValue Query Param PostForm header getParameter getString query param value"
)
_COMPUTED = listed("binary_expression binary_operator")
_ARITHMETIC = listed("+ - * / % //")
_NUMBERS = listed("integer number int_literal decimal_integer_literal integer_literal")
_WHOLE = re.compile(r"int|count|whole", re.IGNORECASE)
_SHORT = 3
"""Names of so few letters are inside of other words by chance."""
_TOKEN = re.compile(r"[\w-]+")
_ACCESS = listed(
    "attribute member_expression member_access_expression selector_expression field_access method_invocation"
)
_TAGS = listed("element jsx_element jsx_self_closing_element self_closing_tag tag_name")


def problem(place: Place, member: Member, example: Field, subject: Subject) -> str:
    """Why a member is no example to follow; empty when it is one."""
    if place.kind == "elements" and not _has_twin(place, member):
        return f"no other element is built like the one of {example.name!r}"
    if place.kind == "elements" and (label := _other_label(place, member, example)):
        return f"the label {label!r} has another name than {example.name!r}"
    if place.kind == "statements" and not _is_parallel(place, member):
        return f"the statement of {example.name!r} is not like those beside it"
    if odd := _odd_name(place, member, example, subject):
        return f"{odd!r} is not a plain name of {example.name!r}"
    for node in member.nodes:
        value = value_of(node)
        if value is not None and node.type not in METHODS and (reason := _value(place, value, example)):
            return reason
        if place.kind == "statements" and (reason := _given(place, node, example)):
            return reason
    if example.type != subject.new.type and (call := _typed_call(place, member, example, subject.new)):
        return f"{call!r} is made for the type of {example.name!r}"
    return ""


def _value(place: Place, value: Node, example: Field) -> str:
    if special := _special(place, value, example):
        return f"{special!r} treats {example.name!r} in a way of its own"
    operator = value.child_by_field_name("operator") if value.type in _COMPUTED else None
    if operator is not None and operator.type in _ARITHMETIC and hits(place.source.of(value), example.words):
        return f"the value of {example.name!r} is computed"
    if hits(place.source.of(value), example.words) or place.kind == "members":
        return ""
    if not stands_alone(value, place.source.raw):
        return f"the value of {example.name!r} does not come from a field of that name"
    return ""


def _given(place: Place, statement: Node, example: Field) -> str:
    """Why the arguments of a setter are no example: they come from something else."""
    node = statement.named_children[0] if statement.named_children else statement
    arguments = node.child_by_field_name("arguments") if node.type in CALLS else None
    if arguments is None or hits(place.source.of(arguments), example.words):
        return ""
    if all(stands_alone(child, place.source.raw) for child in arguments.named_children):
        return ""
    return f"what is given for {example.name!r} does not come from a field of that name"


def _special(place: Place, value: Node, example: Field) -> str:
    """A name in a value that is made for the example alone: `validate_email`, `DEFAULT_CREDIT`."""
    for leaf in nodes(value):
        if (
            leaf.child_count
            or leaf.type not in ("identifier", "type_identifier")
            or is_generator(place, leaf)
        ):
            continue
        text = place.source.of(leaf)
        if not hits(text, example.words):
            continue
        rest = [word for word in words(text) if word not in example.words]
        if not rest and not text.isupper() and not (is_called(leaf) and not _is_member(leaf)):
            continue
        if not rest or not all(word in VERBS for word in rest) or not _is_member(leaf):
            return text
    return ""


def _is_member(leaf: Node) -> bool:
    return leaf.parent is not None and leaf.parent.type in _ACCESS


def is_generator(place: Place, leaf: Node) -> bool:
    """Whether a name is a method of something that makes test data: `fake.city()`."""
    parent = leaf.parent
    if parent is None or parent.start_byte == leaf.start_byte or parent.type not in _ACCESS:
        return False
    receiver = place.source.text[parent.start_byte : leaf.start_byte].strip(" .?")
    root = words(receiver.partition(".")[0])
    if root and root[0] in _GENERATORS:
        return True
    call = parent if parent.type in CALLS else parent.parent
    if call is None or call.type not in CALLS or place.source.language in ("java", "go"):
        return False
    function = call.child_by_field_name("function")
    return function is not None and function.id == parent.id and not receiver.endswith(")")


def _typed_call(place: Place, member: Member, example: Field, new: Field) -> str:
    """A function that is given the example and may depend on its type."""
    for top in member.nodes:
        for node in nodes(top) if top.type not in METHODS else ():
            arguments = node.child_by_field_name("arguments") if node.type in CALLS else None
            called = node.child_by_field_name("function") or node.child_by_field_name("name")
            if arguments is None or called is None or not hits(place.source.of(arguments), example.words):
                continue
            name = place.source.of(called).rpartition(".")[2]
            if {example.type, new.type} == NUMERIC and not _WHOLE.search(name):
                continue
            if name not in CONVERTERS and name not in _READERS and name[:3] not in ("get", "set"):
                return name
    return ""


def _odd_name(place: Place, member: Member, example: Field, subject: Subject) -> str:
    """A name with the example inside that the other members have no like of: `state_id`."""
    source = place.source
    whole = source.text[place.node.start_byte : place.node.end_byte]
    for token in _TOKEN.finditer(source.text, member.start, member.end):
        name = words(token.group())
        if name == example.words or not hits(token.group(), example.words):
            continue
        if is_compound(name, example.words, subject.entity) or _has_like(
            token.group(), whole, place, example
        ):
            continue
        leaf = source.root.descendant_for_byte_range(token.start(), token.end())
        if leaf is None or not (is_generator(place, leaf) or "comment" in leaf.type):
            return token.group()
    return ""


def _other_label(place: Place, member: Member, example: Field) -> str:
    """What a label is for, where that is not the example."""
    for top in member.nodes:
        for node in nodes(top):
            if node.type in ("attribute", "jsx_attribute"):
                name, _, value = place.source.of(node).partition("=")
                if name.strip() in ("for", "htmlFor") and not hits(value, example.words):
                    return value.strip("\"'{} ")
    return ""


def _is_parallel(place: Place, member: Member) -> bool:
    """Whether a call differs from one of the others in nothing but the field: not in its target or its numbers."""
    own = _target(place, member)
    if own is None or len(place.members) == 1:
        return not _hidden(place, member)
    return not _hidden(place, member) and any(_target(place, m) == own for m in place.members if m != member)


def _target(place: Place, member: Member) -> str | None:
    """What a call statement acts on, with the field blanked, and the numbers that it is given."""
    node = member.nodes[0].named_children[0] if member.nodes[0].named_children else member.nodes[0]
    arguments = node.child_by_field_name("arguments") if node.type in CALLS else None
    if arguments is None:
        return None
    head = place.source.text[node.start_byte : arguments.start_byte]
    for name in member.fields:
        head = _blanked(head, words(name))
    if re.search(r"assert|expect|equal|should", head, re.IGNORECASE):
        return head.partition("(")[0]
    numbers = [place.source.of(child) for child in arguments.named_children if child.type in _NUMBERS]
    return f"{head} {numbers}"


def _blanked(text: str, name: Words) -> str:
    for hit in reversed(hits(text, name)):
        text = text[: hit.start] + "*" + text[hit.end :]
    return text


def _hidden(place: Place, member: Member) -> bool:
    """Whether a word of the statement has the field inside where no rename reaches it: `modaltitle`."""
    text = place.source.text[member.start : member.end]
    for name in member.fields:
        flat = "".join(words(name))
        for token in _TOKEN.finditer(text) if len(flat) > _SHORT else ():
            low = token.group().lower().replace("_", "").replace("-", "")
            if flat in low and not hits(token.group(), words(name)):
                return True
    return False


def _has_like(token: str, whole: str, place: Place, example: Field) -> bool:
    others: list[Words] = [words(name) for name in place.fields if name != example.name]
    hit = hits(token, example.words)[0]
    for other in others:
        for style in Style:
            if token[: hit.start] + spell(other, style) + token[hit.end :] in whole:
                return True
    return False


def _has_twin(place: Place, member: Member) -> bool:
    own = _skeleton(member)
    return bool(own) and any(_skeleton(other) == own for other in place.members if other != member)


def _skeleton(member: Member) -> tuple[str, ...]:
    """The tags of an element, without what makes one row differ from the next."""
    return tuple(
        (node.text or b"").decode("latin-1") if node.type == "tag_name" else node.type
        for top in member.nodes
        for node in nodes(top)
        if node.type in _TAGS
    )
