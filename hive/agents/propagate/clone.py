"""The new member of a list: its example with another name, type and default."""

import re
from dataclasses import dataclass

from hive.agents.propagate.adaption import adaptions, in_type, is_input_type
from hive.agents.propagate.modality import loosened
from hive.agents.propagate.naming import Style, hits, spell
from hive.agents.propagate.places import Member, Place
from hive.agents.propagate.source import Edit, applied
from hive.agents.propagate.spelling import Spelling
from hive.agents.propagate.subject import Field, Subject
from hive.agents.propagate.suitability import is_generator, problem

_COLUMN = re.compile(r"([^\s\"'`]+)( {2,})(?=\S)")


@dataclass(frozen=True)
class Unsuitable:
    """A member that is no example to follow."""

    reason: str


def cloned(
    place: Place, member: Member, example: Field, subject: Subject, spelling: Spelling
) -> str | Unsuitable:
    """The text of the new member, or why this example cannot be followed."""
    if reason := problem(place, member, example, subject):
        return Unsuitable(reason)
    edits = adaptions(place, member, example, subject)
    edits += loosened(place, member, example, subject)
    edits += renames(place, member, example, subject, spelling)
    text = applied(place.source.text[: member.end], _disjoint(edits))[member.start :]
    return in_columns(place.source.text[member.start : member.end], text)


def _disjoint(edits: list[Edit]) -> list[Edit]:
    """Edits without those that lie inside another one: the larger one has the last word."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.start - edit.end)):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept


def renames(place: Place, member: Member, example: Field, subject: Subject, spelling: Spelling) -> list[Edit]:
    """The new name wherever the example's name is in a member."""
    source, edits = place.source, []
    for hit in hits(source.text[member.start : member.end], example.words):
        start, end = member.start + hit.start, member.start + hit.end
        leaf = source.root.descendant_for_byte_range(start, end)
        if leaf is None or in_type(leaf, member) or is_generator(place, leaf) or is_input_type(place, leaf):
            continue
        style = hit.styles[0] if len(hit.styles) == 1 else spelling.within(start, hit.styles, place, member)
        new = spell(subject.new.words, style)
        if style is Style.CONSTANT and spelling.role(start) == "text":
            new = spell(subject.new.words, Style.SPACED).upper()
        edits.append(Edit(start, end, new))
    return edits


def in_columns(old: str, new: str) -> str:
    """The clone with what stood in a column still there, where the name leaves room."""
    before, after = _COLUMN.match(old), _COLUMN.match(new)
    if not before or not after:
        return new
    room = max(1, before.end() - len(after.group(1)))
    return after.group(1) + " " * room + new[after.end() :]
