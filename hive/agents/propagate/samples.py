"""Sample texts of the example that would be false for the new field: phone numbers, addresses, codes."""

import re
import zlib
from collections.abc import Iterator

from tree_sitter import Node

from hive.agents.propagate.grammars import nodes
from hive.agents.propagate.naming import Style, hits, listed, spell, words
from hive.agents.propagate.places import Member, Place
from hive.agents.propagate.retype import is_type
from hive.agents.propagate.source import Edit
from hive.agents.propagate.subject import Field, Subject
from hive.agents.propagate.values import value_of

CONTENT = listed("string_content string_fragment interpreted_string_literal_content string_literal_content")
_TELLING = re.compile(r"\d|@|://|[A-Z]{2,}")
"""What a text has that stands for something in particular."""
_NUMBER = re.compile(r"-?\d[\d_.]*|true|false|True|False")

_SHAPES = {
    **dict.fromkeys(("at", "timestamp", "datetime"), "{day}T08:00:00Z"),
    **dict.fromkeys(("date", "birthday", "day"), "{day}"),
    **dict.fromkeys(("url", "website", "link", "homepage"), "https://example.com/{number}"),
    "email": "sample{number}@example.com",
}


def sample(text: str, subject: Subject) -> str:
    """The sample that stands for another one: the same for the same, another for another."""
    number = 1 + zlib.crc32(text.encode("latin-1")) % 99
    shape = next((_SHAPES[word] for word in subject.new.words[-1:] if word in _SHAPES), "")
    day = f"2024-{1 + number % 12:02}-{1 + number % 28:02}"
    return shape.format(number=number, day=day) or f"{spell(subject.new.words, Style.SPACED)} {number}"


def samples(place: Place, member: Member, example: Field, subject: Subject) -> Iterator[Edit]:
    """A sample of the new field for each text that is the example's value and nothing else."""
    if place.kind not in ("mapping", "arguments") or {example.type, subject.new.type} != {"string"}:
        return
    for node in member.nodes:
        content = _content(place, node)
        if content is not None and _stands_for_something(
            place, member, example, text := place.source.of(content)
        ):
            yield Edit(content.start_byte, content.end_byte, _akin(place, subject) or sample(text, subject))


def _stands_for_something(place: Place, member: Member, example: Field, text: str) -> bool:
    """Whether a text is a value of the example, not what kind of thing it is."""
    others = (_content(place, node) for other in place.members if other != member for node in other.nodes)
    shared = any(other is not None and place.source.of(other) == text for other in others)
    named = bool(hits(text, example.words)) or is_type(text, place.source.language)
    telling = bool(_TELLING.search(text)) or (len(text) > 1 and text.isalpha() and _is_record(place))
    return telling and not shared and not named


def _is_record(place: Place) -> bool:
    """Whether a list holds data, numbers among them; in a list of nothing but words each may be a setting."""
    values = [value_of(node) for member in place.members for node in member.nodes]
    return any(value is not None and _NUMBER.fullmatch(place.source.of(value)) for value in values)


def _akin(place: Place, subject: Subject) -> str:
    """What the list has for a field of the same family: `created_at` for `last_login_at`."""
    for member in place.members:
        name = next(iter(member.fields)) if len(member.fields) == 1 else ""
        akin = len(words(name)) > 1 and words(name)[-1] == subject.new.words[-1]
        content = _content(place, member.nodes[0]) if akin else None
        if content is not None:
            return place.source.of(content)
    return ""


def _content(place: Place, node: Node) -> Node | None:
    """The text of a member that holds a text and nothing else."""
    value = value_of(node)
    found = [inner for inner in nodes(value) if inner.type in CONTENT] if value is not None else []
    whole = (
        value is not None and len(found) == 1 and place.source.of(value)[1:-1] == place.source.of(found[0])
    )
    return found[0] if whole else None
