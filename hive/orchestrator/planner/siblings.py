"""Which other field of an entity shows best where a field of it belongs."""

from collections.abc import Mapping, Sequence

from hive.agents.propagate.naming import words
from hive.model import ContractField

_GENERIC = frozenset(
    {"id", "uuid", "name", "type", "kind", "status", "state", "title", "value", "description"}
)


def is_generic(name: str) -> bool:
    """Whether a name says little about its entity: many others have it too."""
    parts = words(name)
    return len(parts) == 1 and parts[0] in _GENERIC


def order(
    fields: Sequence[ContractField], name: str, kind: str, carried: Mapping[str, int]
) -> tuple[str, ...]:
    """The other fields, best example first.

    Same type first, then carried by most services (`carried`, by name), distinctive names before generic ones;
    on ties the one that was declared later, since it was added as the new one will be.
    """
    ranked = sorted(
        ((field, index) for index, field in enumerate(fields) if field.name != name),
        key=lambda pair: (
            pair[0].type != kind,
            -carried.get(pair[0].name, 0),
            is_generic(pair[0].name),
            -pair[1],
        ),
    )
    return tuple(field.name for field, _ in ranked)
