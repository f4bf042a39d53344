"""The type that a field gets: the one that was said, where it exists, else the likeliest one."""

from typing import NamedTuple

from hive.errors import UsageError
from hive.orchestrator.planner.catalogue import Catalogue
from hive.orchestrator.planner.family import Family, short
from hive.orchestrator.planner.inference import infer
from hive.orchestrator.planner.naming import noun
from hive.orchestrator.planner.phrase import TYPES
from hive.orchestrator.planner.request import Add, Move, Remove, Rename, Retype, Wish
from hive.text import one_line


class Kind(NamedTuple):
    """A type in hive's words, and what was assumed to find it."""

    type: str
    assumption: str = ""


def kind_of(wish: Wish, family: Family, catalogue: Catalogue) -> Kind:
    """The type that the wish is about. Raises UsageError for one that no contract knows."""
    match wish:
        case Add(type=None):
            everything = [
                (e.contract == family.members[0].contract, f) for e in catalogue.entities for f in e.fields
            ]
            nearby = [field for near, field in everything if near]
            found = infer(wish.field, family.fields, nearby, [field for _, field in everything])
            text = f'assuming type {found.type} for {wish.field}: {found.because}; "{wish.field}:TYPE" says another'
            return Kind(found.type, text)
        case Add(type=str() as said) | Retype(type=said):
            return Kind(_known(said, catalogue))
        case Remove() | Rename() | Move():
            known = [f.type for f in family.fields if noun(f.name) == noun(wish.field)]
            return Kind(known[0] if known else "string")
    raise AssertionError(wish)


def _known(said: str, catalogue: Catalogue) -> str:
    if said.endswith("[]"):
        return _known(said.removesuffix("[]"), catalogue) + "[]"
    if said in TYPES.values():
        return said
    names = list(dict.fromkeys(short(entity.name) for entity in catalogue.entities))
    found = next((name for name in names if noun(name) == noun(said)), None)
    if found is None:
        raise UsageError(
            f"{one_line(said)!r} is neither a type nor an entity of a contract",
            next_step=f"say one of {', '.join(sorted(set(TYPES.values())))}, an entity, or a list: `string[]`",
        )
    return found
