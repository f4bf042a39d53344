"""Which style a name has at a place where its own spelling does not tell, such as `city`."""

import re
from collections import Counter
from functools import cached_property
from typing import Literal

from hive.agents.propagate.naming import Hit, Style, hits, words
from hive.agents.propagate.places import Member, Place
from hive.agents.propagate.source import Source
from hive.agents.propagate.subject import Subject

Role = Literal["identifier", "string", "text"]
_TEXT = frozenset(("text", "jsx_text", "comment", "line_comment", "block_comment", "raw_text"))
_COMPOUND = {
    Style.SNAKE: re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b"),
    Style.CAMEL: re.compile(r"\b[a-z][a-z0-9]*(?:[A-Z][a-z0-9]+)+\b"),
}
_QUOTED = {style: re.compile(rf"([\"'`])(?:{p.pattern})\1") for style, p in _COMPOUND.items()}
_LEAD = 3
"""So many characters before a name tell one position of a member from another: `id="`, `json.`, `'`."""
_SNAKE_LANGUAGES = frozenset(("python", "sql", "html", "yaml"))


class Spelling:
    """The styles that a file uses, by the role of the name."""

    def __init__(self, source: Source, subject: Subject) -> None:
        self.source = source
        self._subject = subject

    def role(self, offset: int) -> Role:
        """Whether an offset is in code, in a string or in text for people."""
        leaf = self.source.root.descendant_for_byte_range(offset, offset + 1)
        kind = leaf.type if leaf else ""
        if kind in _TEXT or (kind.startswith("string") and self._prose(offset)):
            return "text"
        quoted = "string" in kind or kind in (
            "attribute_value",
            "raw_string_literal_content",
            "escape_sequence",
        )
        return "string" if quoted else "identifier"

    def _prose(self, offset: int) -> bool:
        leaf = self.source.root.descendant_for_byte_range(offset, offset + 1)
        found = self.source.of(leaf) if leaf else ""
        return bool(re.search(r"[A-Za-z] [A-Za-z]", found)) and "=" not in found and "{" not in found

    @cached_property
    def _seen(self) -> list[tuple[int, Role, Style]]:
        found = []
        for field in self._subject.fields:
            if len(field.words) > 1:
                for hit in hits(self.source.text, field.words):
                    found.append((hit.start, self.role(hit.start), hit.styles[0]))
        return found

    def within(self, offset: int, styles: tuple[Style, ...], place: Place, member: Member) -> Style:
        """The style at an offset of a member: as the other members have it at the same position of theirs."""
        alike = _of_peers(offset, place, member)
        if alike is not None and alike in styles:
            return alike
        return self.choose(offset, styles, (place.members[0].start, place.members[-1].end))

    def choose(self, offset: int, styles: tuple[Style, ...], span: tuple[int, int]) -> Style:
        """The style at an offset of a list: as its neighbours in the span have it, else as the file has it."""
        role = self.role(offset)
        near = Counter(s for at, r, s in self._seen if r == role and s in styles and span[0] <= at < span[1])
        wide = Counter(s for _, r, s in self._seen if r == role and s in styles)
        for count in (near, wide):
            if count:
                return count.most_common(1)[0][0]
        return self._usual(role, styles)

    def _usual(self, role: Role, styles: tuple[Style, ...]) -> Style:
        if role == "text" or (role == "string" and Style.TITLE in styles):
            return next((s for s in (Style.TITLE, Style.SPACED) if s in styles), styles[0])
        if Style.SNAKE not in styles or Style.CAMEL not in styles:
            return Style.PASCAL if Style.PASCAL in styles else styles[0]
        patterns = _QUOTED if role == "string" else _COMPOUND
        snake, camel = (len(patterns[s].findall(self.source.text)) for s in (Style.SNAKE, Style.CAMEL))
        if snake != camel:
            return Style.SNAKE if snake > camel else Style.CAMEL
        return Style.SNAKE if self.source.language in _SNAKE_LANGUAGES else Style.CAMEL


def _of_peers(offset: int, place: Place, member: Member) -> Style | None:
    """The style of the names that stand in the other members where the offset is in this one."""
    own = _named_in(place, member)
    rank = next((rank for rank, hit in enumerate(own) if member.start + hit.start == offset), None)
    if rank is None:
        return None
    seen: Counter[Style] = Counter()
    for other in place.members:
        found = _named_in(place, other) if other != member and len(other.fields) == 1 else []
        lead = place.source.text[max(member.start, offset - _LEAD) : offset]
        alike = (
            [found[rank]] if len(found) == len(own) else [h for h in found if _follows(place, other, h, lead)]
        )
        seen.update(hit.styles[0] for hit in alike[:1] if len(hit.styles) == 1)
    return seen.most_common(1)[0][0] if seen else None


def _follows(place: Place, member: Member, hit: Hit, lead: str) -> bool:
    at = member.start + hit.start
    return place.source.text[max(member.start, at - _LEAD) : at] == lead


def _named_in(place: Place, member: Member) -> list[Hit]:
    """Where a member spells its own field."""
    text = place.source.text[member.start : member.end]
    return [hit for name in member.fields for hit in hits(text, words(name))]
