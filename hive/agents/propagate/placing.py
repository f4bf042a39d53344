"""What is to be edited in one file, decided without touching it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from hive.agents.propagate.anchoring import anchor, takes_positions
from hive.agents.propagate.belonging import judge
from hive.agents.propagate.bindings import supported
from hive.agents.propagate.calling import passed
from hive.agents.propagate.carriers import all_places
from hive.agents.propagate.clone import Unsuitable, cloned
from hive.agents.propagate.jsdoc import declared
from hive.agents.propagate.lists import is_keyed
from hive.agents.propagate.modality import demands
from hive.agents.propagate.naming import listed
from hive.agents.propagate.parameters import signature, with_default
from hive.agents.propagate.places import Member, Place
from hive.agents.propagate.proposal import Binding, Left, Placed, Proposal, Signature, proposal
from hive.agents.propagate.querying import in_statements
from hive.agents.propagate.retype import quotes, zero
from hive.agents.propagate.rows import row_edits
from hive.agents.propagate.source import Source
from hive.agents.propagate.spelling import Spelling
from hive.agents.propagate.splice import inserted
from hive.agents.propagate.subject import Field, Subject
from hive.agents.propagate.templates import sentences

_ROWS = listed(
    "Exec ExecContext Query QueryContext QueryRow QueryRowContext Scan exec query run get all execute executemany"
)
"""Calls whose arguments follow the columns of a statement."""
_ROUNDS = 4
"""How often a statement that gives a name its value may need one more."""


@dataclass(frozen=True)
class _Look:
    """One look at a file."""

    source: Source
    subject: Subject
    places: tuple[Place, ...]
    signatures: list[Signature]


def propose(source: Source, subject: Subject) -> Proposal:
    """What a file looks like with the new field; broken or contradictory results are dropped with a reason."""
    places = () if source.language == "sql" else tuple(all_places(source, subject))
    look = _Look(source, subject, places, [])
    found = [
        *_in_tree(look),
        *in_statements(source, subject),
        *sentences(source, subject),
        *declared(source, subject),
    ]
    return _sound(source, proposal(source, found, look.signatures), subject)


def _sound(source: Source, made: Proposal, subject: Subject) -> Proposal:
    """The proposal with every new name given a value, or without the places where that is not possible."""
    for _ in range(_ROUNDS):
        more, hopeless = supported(source, made, subject)
        if not more and not hopeless:
            return made
        lines = {one.line for one in hopeless}
        kept = [one for one in made.placed if one.line not in lines]
        made = proposal(source, [*kept, *more, *made.left, *dict.fromkeys(hopeless)], made.signatures)
    return made


def passing(source: Source, first: Proposal, signatures: Sequence[Signature], subject: Subject) -> Proposal:
    """The proposal with the calls of what takes the new field by position now."""
    calls = dict(passed(source, signatures, subject))
    kept = [one for one in first.left if one.at not in calls]
    if not calls:
        return first
    return _sound(
        source, proposal(source, [*first.placed, *calls.values(), *kept], first.signatures), subject
    )


def _in_tree(look: _Look) -> Iterator[Placed | Left]:
    spellings: dict[int, Spelling] = {}
    for place in look.places:
        if look.subject.new.name in place.fields:
            continue
        found = judge(place, look.subject)
        if found.doubt:
            yield Left(place.line, found.doubt)
        if found.accepted:
            spelling = spellings.setdefault(id(place.source), Spelling(place.source, look.subject))
            if (one := _place(place, look, spelling)) is not None:
                yield one


def _place(place: Place, look: _Look, spelling: Spelling) -> Placed | Left | None:
    """The edits for one list, following the best example that it has."""
    subject = look.subject
    if place.kind == "arguments" and not _orderless(place):
        return Left(place.line, "carries the entity as positional arguments", place.node.start_byte)
    reason = f"carries {', '.join(sorted(place.fields))}, but none of them in a member of its own"
    refused = False
    for example in subject.examples:
        member = place.member(example.name)
        if member is None:
            continue
        if example.type != subject.new.type and refused:
            break  # one of the right type is there, and needs a person
        if not subject.new.required and demands(place, member):
            return None
        text = cloned(place, member, example, subject, spelling)
        if isinstance(text, Unsuitable):
            reason = reason if refused else text.reason
            refused = refused or example.type == subject.new.type
            continue
        return _as_placed(place, member, example, text, look)
    return Left(place.line, reason)


def _as_placed(place: Place, member: Member, example: Field, text: str, look: _Look) -> Placed:
    subject = look.subject
    if place.kind == "parameters":
        text = with_default(place, member, text, subject)
        look.signatures.extend(filter(None, [signature(place, member, example)]))
    if place.kind == "members" and takes_positions(place) and "=" not in text:
        text += f" = {zero('python', subject.new.type, next(quotes(place.source.text)))}"
    edits = inserted(place, anchor(place, member, look.places), text)
    if place.node.type == "field_declaration_list":
        edits = [*row_edits(place, member, example, subject), *edits]
    binding: Binding = "values" if _is_row(place) else "none"
    summary = f"{subject.new.name} beside {example.name} in {place.kind}"
    line = place.source.line(member.end)
    return Placed(line, summary, tuple(edits), subject.weight(place.fields), example.name, binding)


def _named(place: Place) -> bool:
    return all(is_keyed(node) for member in place.members for node in member.nodes)


def _orderless(place: Place) -> bool:
    """Whether arguments are found by name, or follow the columns of a statement."""
    return _named(place) or _is_row(place)


def _is_row(place: Place) -> bool:
    """Whether values are given to a statement by position: arguments of the call, or a tuple among them."""
    arguments: Node | None = place.node
    if place.kind not in ("arguments", "sequence") or _named(place):
        return False
    while arguments is not None and arguments.type in ("tuple", "list", "array"):
        arguments = arguments.parent
    call = (
        arguments.parent
        if arguments is not None and arguments.type in ("argument_list", "arguments")
        else None
    )
    called = call.child_by_field_name("function") or call.child_by_field_name("name") if call else None
    return called is not None and place.source.of(called).rpartition(".")[2] in _ROWS
