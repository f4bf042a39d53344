"""The words of a request: tokens, quotes, types, and the noun phrase that describes a field."""

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from hive.agents.propagate.naming import listed, words

TYPES = {
    **dict.fromkeys(("string", "str", "text", "varchar", "char", "uuid", "guid", "url", "email"), "string"),
    **dict.fromkeys(("timestamp", "datetime", "date", "time"), "string"),
    **dict.fromkeys(("integer", "int", "int32", "int64", "uint32", "uint64", "long", "bigint"), "integer"),
    **dict.fromkeys(("number", "float", "double", "decimal", "numeric", "real"), "number"),
    **dict.fromkeys(("boolean", "bool", "flag"), "boolean"),
    **dict.fromkeys(("array", "list"), "array"),
    **dict.fromkeys(("object", "dict", "map", "json"), "object"),
}
"""Words for types, and what hive calls them."""

ONLY_TYPES = frozenset({"string", "integer", "int", "int32", "int64", "boolean", "bool", "float", "double"})
"""Words that mean a type even beside a name; `date` or `number` may be a part of the name."""

_PARTS = frozenset({"flag", "date", "time", "text", "uuid", "number"})
"""Words that mean a type beside a name that is whole without them."""
_LISTS = frozenset({"list", "array", "lists", "arrays"})

BEFORE_NAMES = ONLY_TYPES | {"decimal", "numeric", "timestamp", "datetime", "varchar", "bigint"}
"""Words that mean a type in front of a name."""

FIELD_WORDS = frozenset({"field", "property", "attribute", "column", "member", "prop"})
REQUIREMENTS = {
    **dict.fromkeys(("optional", "nullable"), False),
    **dict.fromkeys(("required", "mandatory", "non-null", "non-nullable", "notnull"), True),
}

_IGNORED = frozenset({"a", "an", "the", "new", "another", "our", "every", "each", "existing", "also", "just"})
_NOT_IN_NAMES = listed(
    "with without that which who and or so when if because should must to from for into be is are not"
)
_ENTITY_NOUNS = listed(
    "entity entities schema model message object type resource contract table record class struct "
    "everywhere service api"
)
_MOST_NAME_WORDS = 4
_TOKEN = re.compile(
    r"""(?<!\w)(?:"([^"]*)"|'([^']*)'|`([^`]*)`|“([^”]*)”|‘([^’]*)’)(?!\w)|([\w$][\w$.\#/-]*(?<![./-])(?:\[\])?|\S)"""
)
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")


class Token(NamedTuple):
    """One word, or one quotation."""

    text: str
    quoted: bool = False

    @property
    def word(self) -> str:
        """The lower-case word; a quotation is never a keyword."""
        return "" if self.quoted else self.text.lower()


class Described(NamedTuple):
    """What a noun phrase says about a field."""

    name: str
    entity: str | None
    type: str | None
    required: bool | None
    sure: bool
    """Whether it is said to be a field: by quotes, by a type, by a compound name, by the word `field`."""


def tokens(text: str) -> list[Token]:
    """The words of a sentence without articles; quotations are kept whole."""
    text = re.sub(r"(?<=\w)['’]s?\s+(?=[\w\"'`“‘])", ".", text)
    found = []
    for match in _TOKEN.finditer(text):
        *quotes, bare = match.groups()
        quoted = next((quote for quote in quotes if quote is not None), None)
        found.append(Token(quoted.strip(), True) if quoted is not None else Token(bare))
    return _arrays([token for token in found if token.word not in _IGNORED])


def _arrays(said: list[Token]) -> list[Token]:
    """`repeated string`, `list of strings` and `array of Money` as one token each: `string[]`, `Money[]`."""
    found: list[Token] = []
    rest = list(said)
    while rest:
        word = rest[0].word
        lead = (
            1 if word == "repeated" else 2 if word in _LISTS and [t.word for t in rest[1:2]] == ["of"] else 0
        )
        following = rest[lead] if lead and len(rest) > lead else None
        item = _item(following) if following else None
        if item:
            found.append(Token(f"{item}[]"))
        elif following and lead == 2 and following.word.isalpha():  # `list of tags`: the name of the field
            found += [following, Token(":"), Token("array")]
        else:
            found.append(rest[0])
            lead = 0
        rest = rest[lead + 1 :]
    return found


def _item(token: Token) -> str | None:
    """What a list is of: a word for a type, in the plural too, or the name of an entity."""
    for word in (token.word, token.word.removesuffix("s")):
        if word in TYPES:
            return word
    return token.text if token.text[:1].isupper() and not token.quoted else None


def _says_type(token: Token, types: Collection[str]) -> bool:
    return token.word in types or token.word.endswith("[]")


def split(phrase: Sequence[Token], at: Collection[str]) -> tuple[list[Token], list[Token]]:
    """The phrase before and after the last of these words; nothing after where none of them is inside."""
    for index in range(len(phrase) - 2, 0, -1):
        if phrase[index].word in at:
            return list(phrase[:index]), list(phrase[index + 1 :])
    return list(phrase), []


def entity(phrase: Sequence[Token]) -> str | None:
    """The name in `the order item schema`, as it was said; none where the phrase names nothing."""
    named = [t for t in phrase if t.word not in _ENTITY_NOUNS] or list(phrase)
    named = [t for t in named if (t.word not in FIELD_WORDS and t.word not in TYPES) or t.quoted]
    if not named or len(named) > 3 or any(not re.match(r"\w", t.text) for t in named):
        return None
    return " ".join(t.text for t in named)


def take_type(phrase: Sequence[Token]) -> tuple[list[Token], list[Token]]:
    """The phrase without `: integer`, `(integer)`, `as an integer`, `of type integer`, and the words of the type."""
    for index in range(1, len(phrase)):
        here, rest = phrase[index].word, [t.word for t in phrase[index + 1 :]]
        lead = 2 if here in ("of", "with") and rest[:1] == ["type"] else here in (":", "as", "(")
        said = index + int(lead)
        if not lead or said >= len(phrase):
            continue
        end = said + 1
        while end < len(phrase) and phrase[end - 1].word in REQUIREMENTS:
            end += 1
        after = list(phrase[end:])
        return [*phrase[:index], *(after[1:] if here == "(" else after)], list(phrase[said:end])
    return list(phrase), []


def type_of(said: Sequence[Token]) -> str | None:
    """hive's word for a type, or the word itself where it may name another entity."""
    named = [t for t in said if t.word not in REQUIREMENTS]
    if not named:
        return None
    item = named[-1].text.removesuffix("[]")
    return TYPES.get(item.lower(), item) + named[-1].text[len(item) :]


def describe(phrase: Sequence[Token]) -> Described | None:
    """The field in `optional string field "loyalty points"`; None where the phrase describes none."""
    rest, said = take_type(phrase)
    required = next((REQUIREMENTS[t.word] for t in (*rest, *said) if t.word in REQUIREMENTS), None)
    rest = [t for t in rest if t.word not in REQUIREMENTS]
    named, marked = _around_field_word(rest)
    if len(named) > 1 and not said:
        named, said = _beside_type(named)
    name, owner = _name(named)
    if name is None:
        return None
    sure = bool(marked or said or owner) or any(t.quoted for t in named) or len(words(name)) > 1
    return Described(name, owner, type_of(said), required, sure)


def _around_field_word(phrase: list[Token]) -> tuple[list[Token], bool]:
    """The words of the name, on one side of `field`; none where there are some on both that are no type."""
    phrase = [t for t in phrase if t.word not in ("named", "called")]
    for index, token in enumerate(phrase):
        if token.word in FIELD_WORDS and len(phrase) > 1:
            before, after = phrase[:index], phrase[index + 1 :]
            typed = len(before) == 1 and _says_type(before[0], TYPES)
            return ([*before, *after] if typed or not before or not after else []), True
    return phrase, False


def _beside_type(named: list[Token]) -> tuple[list[Token], list[Token]]:
    first, last = named[0], named[-1]
    if _says_type(first, BEFORE_NAMES) or (first.word in _PARTS and _is_whole(named[1:])):
        said_twice = named[1].word in _PARTS and _is_whole(named[2:])  # `boolean flag is_vip`
        return named[2 if said_twice else 1 :], [first]
    if _says_type(last, ONLY_TYPES) or (last.word in _PARTS | BEFORE_NAMES and _is_whole(named[:-1])):
        return named[:-1], [last]
    return named, []


def _is_whole(named: list[Token]) -> bool:
    """Whether it is one token that cannot be but a name: quoted, or of several words."""
    return len(named) == 1 and (named[0].quoted or len(words(named[0].text)) > 1)


def _name(named: list[Token]) -> tuple[str | None, str | None]:
    if not named or len(named) > _MOST_NAME_WORDS or any(t.word in _NOT_IN_NAMES for t in named):
        return None, None
    owner, dot, first = named[0].text.rpartition(".")
    joined = "_".join("_".join(part.split()) for part in (first, *(t.text for t in named[1:])))
    return (joined, owner if dot else None) if _IDENTIFIER.fullmatch(joined) else (None, None)
