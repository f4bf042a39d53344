"""Another name for a field, or an end of it, in the lists that carry the entity."""

import re
from collections.abc import Iterator

from hive.agents.propagate.accesses import accesses
from hive.agents.propagate.belonging import judge
from hive.agents.propagate.carriers import all_places
from hive.agents.propagate.clone import renames
from hive.agents.propagate.columns import Listed, listed_columns, positional, renamed_item, verdict
from hive.agents.propagate.mentions import present
from hive.agents.propagate.naming import hits
from hive.agents.propagate.places import Member, Place
from hive.agents.propagate.proposal import Left, Placed, Proposal, proposal
from hive.agents.propagate.source import Edit, Source
from hive.agents.propagate.spelling import Spelling
from hive.agents.propagate.statements import regions
from hive.agents.propagate.subject import Field, Subject, weight_of

_REST = re.compile(r"[ \t]*[,;]?[ \t]*((?:#|//|--)[^\r\n]*)?\r?\n")


def carries(subject: Subject, raw: bytes) -> bool:
    """Whether a file may have enough of the entity's fields to be about it."""
    return present(raw, [field.words for field in subject.fields]) >= subject.least


def speaks_of(old: Field, subject: Subject, raw: bytes) -> bool:
    """Whether a file without a list of the entity may use the field: one that says whose it is, or has the entity."""
    return present(raw, [old.words]) > 0 and (
        weight_of(old.name) == 1.0 or present(raw, [subject.entity]) > 0
    )


def changed(source: Source, old: Field, subject: Subject, *, remove: bool) -> Proposal:
    """The file with the old field renamed to the subject's new one, or removed, wherever a list carries it.

    Where it is renamed, so are its uses on something called like the entity. What still speaks of the field elsewhere
    in the file is left to a person.
    """
    found: list[Placed] = []
    if source.language != "sql":
        for place in all_places(source, subject):
            member = place.member(old.name)
            if member is not None and judge(place, subject).accepted:
                found.append(_in_place(place, member, old, subject, remove=remove))
    found += _in_statements(source, old, subject, remove=remove)
    if not remove:
        found += accesses(source, old, subject)
    made = proposal(source, _apart(found))
    known = made.placed or weight_of(old.name) == 1.0 or carries(subject, source.raw)
    left = _mentions(made, old, subject.new) if known else []
    return Proposal(made.text, made.placed, (*made.left, *left))


def _apart(found: list[Placed]) -> list[Placed]:
    """The places without edits that lie inside of another one's."""
    kept: list[Placed] = []
    taken: list[Edit] = []
    for one in sorted(
        found, key=lambda one: (one.edits[0].start, -one.edits[-1].end) if one.edits else (0, 0)
    ):
        if one.edits and all(e.end <= t.start or e.start >= t.end for e in one.edits for t in taken):
            kept.append(one)
            taken += one.edits
    return kept


def _in_place(place: Place, member: Member, old: Field, subject: Subject, *, remove: bool) -> Placed:
    if remove:
        edits, summary = [_cut(place, member)], f"{old.name} removed from {place.kind}"
    else:
        edits = renames(place, member, old, subject, Spelling(place.source, subject))
        summary = f"{old.name} is {subject.new.name} in {place.kind}"
    weight = subject.weight(place.fields)
    return Placed(place.source.line(member.start), summary, tuple(edits), weight, old.name)


def _cut(place: Place, member: Member) -> Edit:
    """The edit that takes a member out of its list, with its separator."""
    source = place.source
    start = source.line_start(member.start)
    rest = _REST.match(source.text, member.end)
    if rest and not source.text[start : member.start].strip():
        if not re.match(r"[ \t]*[,;]", source.text[member.end :]) and (before := _before(place, member)):
            return Edit(before.end, member.end, "")  # the last one, without a separator of its own
        return Edit(start, rest.end(), "")
    if following := next((m for m in place.members if m.start >= member.end), None):
        return Edit(member.start, following.start, "")
    return Edit(before.end if (before := _before(place, member)) else member.start, member.end, "")


def _before(place: Place, member: Member) -> Member | None:
    if place.kind in ("statements", "members", "elements"):
        return None
    return next((m for m in reversed(place.members) if m.end <= member.start), None)


def _in_statements(source: Source, old: Field, subject: Subject, *, remove: bool) -> Iterator[Placed]:
    for region in regions(source, subject):
        accepted: set[int] = set()
        for one in listed_columns(region, subject):
            follows = one.columns.part == "values" and one.columns.insert in accepted
            if (
                old.name not in one.fields
                or not (follows or verdict(one, subject).accepted)
                or positional(one)
            ):
                continue
            if one.columns.part == "columns":
                accepted.add(one.columns.insert)
            yield _column(one, old, subject, remove=remove)


def _column(one: Listed, old: Field, subject: Subject, *, remove: bool) -> Placed:
    at = one.fields.index(old.name)
    items, source = one.columns.items, one.region.source
    item = items[at]
    edit = Edit(item.start, item.end, renamed_item(one, item, old, subject))
    if remove:
        first, last = (
            (item.start, items[at + 1].start) if at + 1 < len(items) else (items[at - 1].end, item.end)
        )
        edit = Edit(first, last, "")
    summary = (
        f"{old.name} {'removed from' if remove else 'is ' + subject.new.name + ' in'} {one.columns.part}"
    )
    return Placed(source.line(item.start), summary, (edit,), subject.weight(one.carried), old.name)


def _mentions(made: Proposal, old: Field, new: Field) -> list[Left]:
    """The lines of the new text that still speak of the field; the new name may have the old one in it."""
    names = [] if new.words == old.words else hits(made.text, new.words)
    left = [
        hit
        for hit in hits(made.text, old.words)
        if not any(n.start <= hit.start and hit.end <= n.end for n in names)
    ]
    found = sorted({made.text.count("\n", 0, hit.start) + 1 for hit in left})
    return [Left(line, f"still speaks of {old.name!r}") for line in found]
