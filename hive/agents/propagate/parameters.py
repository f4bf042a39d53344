"""Parameter lists: where a new parameter goes so that callers survive, and who has to pass it."""

from tree_sitter import Node

from hive.agents.propagate.lists import NOT_MEMBERS
from hive.agents.propagate.naming import listed
from hive.agents.propagate.places import Member, Place
from hive.agents.propagate.proposal import Signature
from hive.agents.propagate.retype import quotes, zero
from hive.agents.propagate.subject import Field, Subject

_OPTIONAL = listed("python javascript typescript tsx csharp")
"""Languages where a parameter may have a default."""
_REST = listed(
    "list_splat_pattern dictionary_splat_pattern rest_pattern variadic_parameter_declaration spread_parameter"
)
_STOPS = listed("keyword_separator list_splat_pattern dictionary_splat_pattern")
_DEFAULTED = listed("default_parameter typed_default_parameter assignment_pattern optional_parameter")
_TYPED = listed("typed_parameter required_parameter parameter")
_INITIALIZERS = listed("__init__ constructor __new__")
_TYPES = listed("class_definition class_declaration")


def anchor_of(place: Place, member: Member) -> Member:
    """The parameter that the new one follows: the last positional one where a default is possible."""
    if place.source.language not in _OPTIONAL:
        return member
    positional = _positional(place.node)
    if member.nodes[0].id not in [node.id for node in positional]:
        return member
    return Member((positional[-1],), frozenset())


def with_default(place: Place, member: Member, text: str, subject: Subject) -> str:
    """The new parameter with a default, in languages that have them."""
    node = member.nodes[0]
    if place.source.language not in _OPTIONAL or node.type in _DEFAULTED:
        return text
    if any(child.type in ("=", "equals_value_clause") for child in node.children):
        return text
    quote = '"' if place.source.language == "csharp" else next(quotes(place.source.text))
    default = zero(place.source.language, subject.new.type, quote)
    if place.source.language == "python" and default in ("[]", "{}"):
        default = "None"
    tight = place.source.language == "python" and node.type not in _TYPED
    return f"{text}={default}" if tight else f"{text} = {default}"


def signature(place: Place, member: Member, example: Field) -> Signature | None:
    """What callers see of a parameter list; none for one without a name."""
    name = _name(place)
    positional = [node.id for node in _positional(place.node)]
    if not name or member.nodes[0].id not in positional:
        return None
    optional = place.source.language in _OPTIONAL
    return Signature(name, len(positional), positional.index(member.nodes[0].id), example.name, optional)


def _positional(node: Node) -> list[Node]:
    found = []
    for child in node.named_children:
        if child.type in _STOPS:
            break
        if (
            child.type in NOT_MEMBERS
            or child.type in _REST
            or (child.text or b"") in (b"self", b"cls", b"this")
        ):
            continue
        found.append(child)
    return found


def _name(place: Place) -> str:
    """The name under which a parameter list is called: of the class, for what makes its objects."""
    node = place.node.parent
    if node is None:
        return ""
    named = node.child_by_field_name("name")
    if named is None and node.parent is not None and node.parent.type in ("variable_declarator", "pair"):
        named = node.parent.child_by_field_name("name") or node.parent.child_by_field_name("key")
    if named is None:
        return ""
    name = place.source.of(named)
    return _class(place, node) if name in _INITIALIZERS else name


def _class(place: Place, node: Node | None) -> str:
    while node is not None and node.type not in _TYPES:
        node = node.parent
    named = node.child_by_field_name("name") if node is not None else None
    return place.source.of(named) if named is not None else ""
