"""What is to be edited in a file and what is left, and the text that comes of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from hive.agents.propagate.alignment import aligned
from hive.agents.propagate.grammars import errors
from hive.agents.propagate.source import Edit, Source, applied

Binding = Literal["none", "values", "statement"]


@dataclass(frozen=True)
class Placed:
    """One list that gets the new member."""

    line: int
    """Of the new member, in the file with all edits."""
    summary: str
    edits: tuple[Edit, ...]
    """The last one is the new member; others go with it."""
    certainty: float
    """How much of the entity the list carries, from 0 to 1."""
    example: str
    binding: Binding = "none"
    """`values` are bound to a `statement` by position: neither is of use without the other."""


@dataclass(frozen=True)
class Left:
    """A place that is left to a person."""

    line: int | None
    reason: str
    at: int = -1
    """Offset of the arguments that were left because of their order; another look may place them."""


@dataclass(frozen=True)
class Signature:
    """A callable that takes the new field from now on, by position."""

    name: str
    count: int
    """How many positional parameters it had."""
    index: int
    """Which of them is the example."""
    example: str
    optional: bool
    """Whether calls without the new argument stay valid; it comes last then, else behind the example."""


@dataclass(frozen=True)
class Proposal:
    """The new text of a file, where it differs from the old one, and what is left to a person."""

    text: str
    placed: tuple[Placed, ...] = ()
    left: tuple[Left, ...] = ()
    signatures: tuple[Signature, ...] = ()


def proposal(
    source: Source, found: Sequence[Placed | Left], signatures: Sequence[Signature] = ()
) -> Proposal:
    """The proposal with these places, or without any if the file would be broken by them."""
    found = list(_bound(found))
    left = tuple(one for one in found if isinstance(one, Left))
    placed = tuple(one for one in found if isinstance(one, Placed))
    if not placed:
        return Proposal(source.text, (), left)
    try:
        text = applied(source.text, [edit for one in placed for edit in one.edits])
    except ValueError:
        return _dropped(source, placed, left, "the edits of this file contradict each other")
    if source.language == "go":
        text = aligned(text, source.text)
    if errors(text.encode("latin-1"), source.language) > errors(source.raw, source.language):
        return _dropped(source, placed, left, "the edited file could no longer be parsed")
    return Proposal(text, _renumbered(source, placed), left, tuple(signatures))


def _dropped(source: Source, placed: tuple[Placed, ...], left: tuple[Left, ...], reason: str) -> Proposal:
    return Proposal(source.text, (), (*left, *(Left(one.line, reason) for one in placed)))


def _renumbered(source: Source, placed: tuple[Placed, ...]) -> tuple[Placed, ...]:
    """The places with their lines in the new text."""
    edits = sorted((edit for one in placed for edit in one.edits), key=lambda edit: edit.start)
    found = []
    for one in placed:
        last = one.edits[-1]
        above = [edit for edit in edits[: edits.index(last)] if edit.start <= last.start]
        shift = sum(e.text.count("\n") - source.text.count("\n", e.start, e.end) for e in above)
        lead = len(last.text) - len(last.text.lstrip())
        found.append(replace(one, line=source.line(last.start) + shift + last.text[:lead].count("\n")))
    return tuple(found)


def _bound(found: Sequence[Placed | Left]) -> Iterator[Placed | Left]:
    """The places without statements whose values were not found, and without values of no statement."""
    partners: dict[Binding, Binding] = {"values": "statement", "statement": "values"}
    present = {(one.binding, one.example) for one in found if isinstance(one, Placed)}
    for one in found:
        wanted = partners.get(one.binding) if isinstance(one, Placed) else None
        if isinstance(one, Placed) and wanted and (wanted, one.example) not in present:
            yield Left(one.line, f"bound by position, and its {wanted} was not found in this file")
        else:
            yield one
