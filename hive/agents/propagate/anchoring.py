"""Behind which member a new one goes, where that is not simply its example."""

import re
from collections.abc import Sequence

from hive.agents.propagate.lists import METHODS, NOT_MEMBERS
from hive.agents.propagate.parameters import anchor_of
from hive.agents.propagate.places import Member, Place

_POSITIONAL_CLASS = re.compile(
    r"@(?:\w+\.)?(?:dataclass|define|attrs|attr\.s)\b(?!\([^)]*kw_only\s*=\s*True)"
)
_TUPLE = re.compile(r"\(\s*(?:\w+\.)?NamedTuple\b")


def anchor(place: Place, member: Member, others: Sequence[Place]) -> Member:
    """The member that the new one follows. `others` are all lists of the file."""
    if place.kind == "parameters":
        return anchor_of(place, member)
    if place.kind == "members" and takes_positions(place):
        return _last_field(place, member)
    if member.nodes[0].type in METHODS:
        return _last_accessor(place, member, others)
    return member


def takes_positions(place: Place) -> bool:
    """Whether a Python class makes its constructor from its fields, in their order."""
    owner = place.node.parent
    if place.source.language != "python" or owner is None or owner.type != "class_definition":
        return False
    head = place.source.text[owner.start_byte : place.node.start_byte]
    decorated = owner.parent
    if decorated is not None and decorated.type == "decorated_definition":
        head = place.source.text[decorated.start_byte : place.node.start_byte]
    return bool(_POSITIONAL_CLASS.search(head) or _TUPLE.search(head))


def _last_field(place: Place, member: Member) -> Member:
    fields = [
        child
        for child in place.node.named_children
        if child.type == member.nodes[0].type
        and child.named_children
        and child.named_children[0].type == "assignment"
    ]
    return Member((fields[-1],), frozenset()) if fields else member


def _last_accessor(place: Place, member: Member, others: Sequence[Place]) -> Member:
    """The last of the neighbouring accessors of one field: a setter behind its getter."""
    alike = {
        node.id
        for other in others
        if other.node.id == place.node.id
        for one in other.members
        if one.fields == member.fields
        for node in one.nodes
        if node.type in METHODS
    }
    children = [child for child in place.node.named_children if child.type not in NOT_MEMBERS]
    position = next(i for i, child in enumerate(children) if child.id == member.nodes[-1].id)
    while position + 1 < len(children) and children[position + 1].id in alike:
        position += 1
    return Member((children[position],), frozenset())
