"""The ways in which code spells one name, and how a text changes from one name to another."""

import re
from collections.abc import Callable
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

Words = tuple[str, ...]
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")


def listed(names: str) -> frozenset[str]:
    """A set of words written as one text."""
    return frozenset(names.split())


class Style(Enum):
    """How the words of a name are joined."""

    SNAKE = "zip_code"
    CAMEL = "zipCode"
    PASCAL = "ZipCode"
    GENERATED = "ZipCode_2"
    """As Protocol Buffers' generator for Go writes a name with a number of its own."""
    KEBAB = "zip-code"
    CONSTANT = "ZIP_CODE"
    TITLE = "Zip Code"
    SENTENCE = "Zip code"
    SPACED = "zip code"
    FLAT = "zipcode"


@lru_cache(maxsize=4096)
def words(text: str) -> Words:
    """The words of a name, lower case: `zipCode`, `ZIP_CODE` and `Zip Code` are all (zip, code)."""
    return tuple(part.lower() for part in _WORD.findall(text))


@lru_cache(maxsize=4096)
def spell(name: Words, style: Style) -> str:
    """The words in one style."""
    capital = [part.capitalize() for part in name]
    match style:
        case Style.SNAKE:
            return "_".join(name)
        case Style.CAMEL:
            return name[0] + "".join(capital[1:])
        case Style.PASCAL:
            return "".join(capital)
        case Style.GENERATED:
            return "".join(f"_{part}" if part.isdigit() else part for part in capital)
        case Style.KEBAB:
            return "-".join(name)
        case Style.CONSTANT:
            return "_".join(name).upper()
        case Style.TITLE:
            return " ".join(capital)
        case Style.SENTENCE:
            return " ".join((capital[0], *name[1:]))
        case Style.SPACED:
            return " ".join(name)
        case Style.FLAT:
            return "".join(name)


@lru_cache(maxsize=4096)
def spellings(name: Words) -> dict[str, tuple[Style, ...]]:
    """Every spelling of a name with the styles that it may stand for; one-word names are ambiguous."""
    found: dict[str, tuple[Style, ...]] = {}
    for style in Style:
        text = spell(name, style)
        if style is Style.GENERATED and text == spell(name, Style.PASCAL):
            continue
        found[text] = (*found.get(text, ()), style)
    return found


class Hit(NamedTuple):
    """A name found inside a text."""

    start: int
    end: int
    styles: tuple[Style, ...]
    """What it may be, given its spelling and the characters around it."""


@lru_cache(maxsize=512)
def _pattern(name: Words) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(text) for text in sorted(spellings(name), key=len, reverse=True)))


def _fitting(text: str, start: int, end: int, styles: tuple[Style, ...]) -> tuple[Style, ...]:
    before = text[start - 1] if start else " "
    after, follower = (text[end : end + 1] or " "), text[end + 1 : end + 2]
    if after.islower() or after.isdigit():
        return ()
    capital = text[start].isupper()
    if before.isalnum():
        whole = (Style.PASCAL, Style.GENERATED) if capital and not before.isupper() else ()
        return tuple(s for s in styles if s in whole)
    if after.isupper():
        joined = Style.PASCAL if capital else Style.CAMEL
        return tuple(s for s in styles if s is joined)
    if before == "_" or (after == "_" and follower.isalnum()):
        compound = (Style.SNAKE, Style.CONSTANT) if before != "_" or _compound(text, start) else Style
        return tuple(s for s in styles if s in compound) or styles
    if (before == "-" and text[start - 2 : start - 1].isalnum()) or (after == "-" and follower.isalpha()):
        return tuple(s for s in styles if s is Style.KEBAB) or styles
    return styles


def _compound(text: str, start: int) -> bool:
    return start > 1 and text[start - 2].isalnum()


def hits(text: str, name: Words) -> list[Hit]:
    """Where a text spells a name as a whole word or as a part of a compound such as `getZipCode`."""
    found = []
    for match in _pattern(name).finditer(text):
        if styles := _fitting(text, match.start(), match.end(), spellings(name)[match.group()]):
            found.append(Hit(match.start(), match.end(), styles))
    return found


def is_named(text: str, name: Words) -> bool:
    """Whether a text has the name as a whole identifier, in any spelling."""
    return any(
        not (text[hit.start - 1 : hit.start].isalnum() or text[hit.end : hit.end + 1].isalnum())
        for hit in hits(text, name)
    )


Choice = Callable[[int, tuple[Style, ...]], Style]
"""Which of several possible styles the name at a position has."""


def first_style(_position: int, styles: tuple[Style, ...]) -> Style:
    """The choice of somebody without further knowledge."""
    return styles[0]


def renamed(text: str, old: Words, new: Words, choose: Choice = first_style) -> str:
    """The text with one name in place of another, each in the style of what it replaces."""
    parts, last = [], 0
    for hit in hits(text, old):
        style = hit.styles[0] if len(hit.styles) == 1 else choose(hit.start, hit.styles)
        parts += [text[last : hit.start], spell(new, style)]
        last = hit.end
    return "".join((*parts, text[last:]))
