"""The type of a new field that nobody named: by its name, then by its family among the known fields."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from hive.agents.propagate.naming import listed, words
from hive.model import ContractField

_ENDINGS = {
    "integer": listed(
        "points count cents quantity qty age stock seconds minutes hours days years grams bytes"
    ),
    "boolean": listed("enabled disabled verified allowed flag"),
    "number": listed("price rate ratio percent percentage latitude longitude weight"),
    "string": listed("date time timestamp"),
}
PLAIN = listed("string integer number boolean")
_BY_LAST_WORD = {word: kind for kind, endings in _ENDINGS.items() for word in endings}
_QUESTIONS = frozenset({"is", "has", "can"})


class Inferred(NamedTuple):
    """A type, and why it was taken."""

    type: str
    because: str


def infer(
    name: str,
    own: Iterable[ContractField],
    nearby: Iterable[ContractField] = (),
    others: Iterable[ContractField] = (),
) -> Inferred:
    """The type of a field called `name`: by its name, by the entity's `own` fields, by those of its contract.

    Of `others`, in other contracts, only the plain types count: their entities are not known here.
    """
    plain = [field for field in others if field.type in PLAIN]
    named = (
        _by_name(words(name)) or _by_family(name, own) or _by_family(name, nearby) or _by_family(name, plain)
    )
    return named or Inferred("string", f"nothing says what {name!r} is")


def _by_name(parts: tuple[str, ...]) -> Inferred | None:
    if len(parts) > 1 and parts[0] in _QUESTIONS:
        return Inferred("boolean", f"by its first word {parts[0]!r}")
    if parts[-2:] in (("opt", "in"), ("opt", "out")):
        return Inferred("boolean", f"by its last words {' '.join(parts[-2:])!r}")
    if len(parts) > 1 and parts[-1] == "at":
        return Inferred("string", "a timestamp, by its last word 'at'")
    kind = _BY_LAST_WORD.get(parts[-1]) if parts else None
    return Inferred(kind, f"by its last word {parts[-1]!r}") if kind else None


def _by_family(name: str, fields: Iterable[ContractField]) -> Inferred | None:
    last = words(name)[-1:]
    family = [field for field in fields if words(field.name)[-1:] == last and field.name != name]
    if not family:
        return None
    kind = Counter(field.type for field in family).most_common(1)[0][0]
    like = next(field.name for field in family if field.type == kind)
    return Inferred(kind, f"like {like!r}") if kind not in ("array", "object") else None
