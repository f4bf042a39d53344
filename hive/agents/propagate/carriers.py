"""Where the fields of an entity are carried: how the planner tells which services have it in their code."""

from collections.abc import Sequence
from dataclasses import dataclass

from hive.agents.propagate.belonging import judge
from hive.agents.propagate.grammars import language_of
from hive.agents.propagate.mentions import present
from hive.agents.propagate.naming import words
from hive.agents.propagate.places import Place, places
from hive.agents.propagate.source import Source, embedded
from hive.agents.propagate.subject import Field, Subject

LARGEST = 512 * 1024
"""Files of more bytes are data or generated; nobody edits them by hand."""


@dataclass(frozen=True)
class Carrier:
    """A list-like place that carries an entity."""

    line: int
    kind: str
    fields: frozenset[str]


def carriers(path: str, source: bytes, fields: Sequence[str], entity: str = "") -> tuple[Carrier, ...]:
    """The lists of a file that carry at least half of the fields, and at least two.

    With the entity's name, lists that belong to something else with the same words are left out.
    """
    language = language_of(path)
    names = tuple(dict.fromkeys(field for field in fields if words(field)))
    least = max(2, (len(names) + 1) // 2)
    if language is None or len(names) < 2 or len(source) > LARGEST or b"\0" in source:
        return ()
    if present(source, [words(name) for name in names]) < least:
        return ()
    subject = Subject(words(entity), tuple(map(Field, names)), (), Field(""))
    found = (
        place for place in all_places(Source(path, language, source), subject) if len(place.fields) >= least
    )
    return tuple(
        Carrier(place.line, place.kind, place.fields)
        for place in found
        if not entity or judge(place, subject).accepted
    )


def all_places(source: Source, subject: Subject) -> list[Place]:
    """Every list of a file that names fields of the subject, those of embedded scripts included."""
    names = {name: field for name, field in subject.names.items() if name}
    return [place for part in (source, *embedded(source)) for place in places(part, names, subject.entity)]
