"""Which entity a request means: the one that it names, or the likeliest home of the field."""

import difflib
from collections.abc import Callable, Mapping, Sequence

from hive.agents.propagate.naming import listed, words
from hive.errors import UsageError
from hive.orchestrator.planner.family import Family, has_identity, is_wrapper
from hive.orchestrator.planner.naming import key, noun
from hive.orchestrator.planner.request import NotUnderstoodError, Wish
from hive.text import one_line, plural

Shares = Mapping[str, Mapping[str, float]]
"""By the family's label: the services in whose code it was found, and how much of it (0 to 1) at best."""

MOST_SHOWN = 6
_WEAK = listed("id uuid is has can at on in of the date time count total number code type name value url")


def named(wanted: str, families: Sequence[Family], command: Callable[[str], str]) -> tuple[Family, ...]:
    """Every family that a name may mean, whatever its case, number and style; `FILE#NAME` means one.

    `command` makes the exact command for another choice. Raises UsageError with the nearest names.
    """
    file, _, name = wanted.rpartition("#")
    found = [f for f in (_named_in(file, name, family) for family in families) if f]
    if found:
        return tuple(found)
    near = nearest(wanted, families)
    misspelt = " " not in wanted and similar(wanted, families)
    error = UsageError if misspelt else NotUnderstoodError  # several words are prose, more likely than a name
    shown = f"; there are {', '.join(near)}" if near else ""
    raise error(
        f"no contract carries an entity {one_line(wanted)!r}{shown}",
        next_step=f"name one of them, such as `{command(near[0])}`" if near else "see `hive discover`",
    )


def _named_in(file: str, name: str, family: Family) -> Family | None:
    wanted = {noun(name), noun(name.rpartition(".")[2])} - {""}
    members = tuple(
        m
        for m in family.members
        if (name in (m.name, m.pointer) or noun(m.name.rpartition(".")[2]) in wanted)
        and (not file or m.contract == file or m.contract.endswith(f"/{file}"))
    )
    if not members:
        return None
    return Family(members) if file else family


def nearest(wanted: str, families: Sequence[Family]) -> list[str]:
    """The names most like `wanted`, else the first ones."""
    return similar(wanted, families) or _names(families)[:MOST_SHOWN]


def similar(wanted: str, families: Sequence[Family]) -> list[str]:
    """The names like `wanted`, the likest first: one of them may be meant."""
    names = _names(families)
    last = wanted.rpartition("#")[2].lower()
    close = difflib.get_close_matches(last, [name.lower() for name in names], n=MOST_SHOWN, cutoff=0.5)
    inside = [name for name in names if len(last) > 2 and (last in name.lower() or name.lower() in last)]
    by_lower = {name.lower(): name for name in names}
    return list(dict.fromkeys([*(by_lower[c] for c in close), *inside]))[:MOST_SHOWN]


def _names(families: Sequence[Family]) -> list[str]:
    return list(dict.fromkeys(one_line(f.name, 60) for f in families if not is_wrapper(f.members[0])))


def choose(wish: Wish, candidates: Sequence[Family], shares: Shares, command: Callable[[str], str]) -> Family:
    """The likeliest of the candidates. Raises UsageError when nothing decides between the best ones."""
    ranked = _ranked(wish, candidates, shares)
    best = _rank(wish, ranked[0], shares)
    tied = [family for family in ranked if _rank(wish, family, shares) == best]
    if len(tied) > 1:
        raise _ambiguous(wish.field, tied, ranked, command)
    return ranked[0]


def assumption(
    wish: Wish, chosen: Family, candidates: Sequence[Family], shares: Shares, services: int
) -> str:
    """What a person is told about a choice that hive made, with the next likeliest ones."""
    ranked = _ranked(wish, candidates, shares)
    others = [family for family in ranked if family is not chosen]
    (first,) = _choices([chosen], ranked)
    listed = ", ".join(_choices(others[:MOST_SHOWN], ranked))
    text = f"assuming {first}, carried by {plural(services, 'service')}; --to chooses another ({listed})"
    return one_line(text, 400)


def _ranked(wish: Wish, candidates: Sequence[Family], shares: Shares) -> list[Family]:
    return sorted(candidates, key=lambda family: _rank(wish, family, shares), reverse=True)


def _rank(wish: Wish, family: Family, shares: Shares) -> tuple[float, ...]:
    """Greater is likelier: entities of the name that was said by what carries them, others by what they are.

    A service counts as much as it carries: lists of other things share a few fields, seldom all.
    """
    services = round(sum(shares.get(family.label, {}).values()), 1)
    if wish.entity is not None:
        return services, len(family.contracts), has_identity(family)
    return *plausibility(wish.field, family), services, len(family.contracts)


def plausibility(field: str, family: Family) -> tuple[bool, bool, bool]:
    """Greater is a likelier home of the field, whatever code carries it."""
    return not is_wrapper(family.members[0]), is_kin(field, family), has_identity(family)


def contenders(wish: Wish, candidates: Sequence[Family]) -> list[Family]:
    """The candidates between which only the code that carries them can decide."""
    if wish.entity is not None:
        return list(candidates)
    best = max(plausibility(wish.field, family) for family in candidates)
    return [family for family in candidates if plausibility(wish.field, family) == best]


def is_kin(field: str, family: Family) -> bool:
    """Whether a field's name shares a telling word with the entity's fields, or begins with its name."""
    own = set(words(field)) - _WEAK
    begins = key(field).startswith(key(family.name)) and key(field) != key(family.name)
    return begins or any(own & set(words(other.name)) for other in family.fields if other.name != field)


def _choices(chosen: Sequence[Family], among: Sequence[Family]) -> list[str]:
    """The shortest names that tell families apart."""
    names = [family.name for family in among]
    return [family.name if names.count(family.name) == 1 else family.label for family in chosen]


def _ambiguous(
    field: str, tied: Sequence[Family], ranked: Sequence[Family], command: Callable[[str], str]
) -> UsageError:
    choices = _choices(tied[:MOST_SHOWN], ranked)
    return UsageError(
        f"{field!r} may belong to {', '.join(one_line(c) for c in choices)}: nothing decides between them",
        next_step="say which: " + " | ".join(f"`{command(one_line(choice))}`" for choice in choices),
    )
