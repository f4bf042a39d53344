"""Names compared and restyled: `users`, `User` and `USER` are one noun; a new name takes its house's style."""

from collections import Counter
from collections.abc import Iterable

from hive.agents.propagate.naming import Style, spell, words

_IRREGULAR = {
    "people": "person",
    "children": "child",
    "movies": "movie",
    "cookies": "cookie",
    "series": "series",
}
_ENDINGS = (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("uses", "us"))


def key(name: str) -> str:
    """What all styles of a name have in common: its words, joined."""
    return "".join(words(name))


def singular(word: str) -> str:
    """The singular of a lower-case English noun, near enough to compare names: `categories` -> `category`."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    for plural, single in _ENDINGS:
        if word.endswith(plural) and len(word) > len(plural) + 1:
            return word.removesuffix(plural) + single
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word


def noun(name: str) -> str:
    """The key of a noun, whatever its style, case or number."""
    parts = words(name)
    return "".join((*parts[:-1], singular(parts[-1]))) if parts else ""


def style_of(name: str) -> Style | None:
    """The style of a name of several words; a single word shows none."""
    parts = words(name)
    styles = (Style.SNAKE, Style.CAMEL, Style.PASCAL, Style.KEBAB, Style.CONSTANT)
    return next((s for s in styles if len(parts) > 1 and spell(parts, s) == name), None)


def restyled(name: str, like: Iterable[str]) -> str:
    """The name in the commonest style of `like`; as it is where they show none."""
    seen = Counter(found for other in like if (found := style_of(other)))
    return spell(words(name), seen.most_common(1)[0][0]) if seen else name
