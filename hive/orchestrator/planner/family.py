"""Families: one entity, wherever contracts describe it."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from hive.agents.propagate.naming import listed, words
from hive.model import ContractField, Entity, Operation
from hive.orchestrator.planner.naming import key, noun, singular

_ASKING = listed("request input params query command create new update patch upsert edit")
_WRAPPING = _ASKING | listed(
    "response reply result results list page error errors exception problem envelope empty collection"
)
_VERBS = _ASKING | listed("get list delete remove add search find set")


class Family(NamedTuple):
    """Entities of several contracts that are the same thing; the first is the fullest."""

    members: tuple[Entity, ...]

    @property
    def name(self) -> str:
        """Its name without a package."""
        return short(self.members[0].name)

    @property
    def label(self) -> str:
        """What names it among all families: file and entity."""
        return f"{self.members[0].contract}#{self.members[0].name}"

    @property
    def fields(self) -> tuple[ContractField, ...]:
        """The fields of all members, those of the first one first."""
        seen: dict[str, ContractField] = {}
        for member in self.members:
            for field in member.fields:
                seen.setdefault(key(field.name), field)
        return tuple(seen.values())

    @property
    def contracts(self) -> tuple[str, ...]:
        """The contracts that describe it, each once."""
        return tuple(dict.fromkeys(member.contract for member in self.members))


def short(name: str) -> str:
    """The name without the package before it."""
    return name.rpartition(".")[2] or name


def families(entities: Sequence[Entity]) -> tuple[Family, ...]:
    """The entities grouped by name and by overlapping fields, in the order of their first appearance."""
    groups: dict[str, list[list[Entity]]] = {}
    for entity in sorted(entities, key=lambda e: -len(e.fields)):
        if not entity.fields:
            continue
        same_name = groups.setdefault(noun(short(entity.name)), [])
        home = next((group for group in same_name if _overlap(entity, group[0])), None)
        home.append(entity) if home is not None else same_name.append([entity])
    order = {id(entity): index for index, entity in enumerate(entities)}
    found = [Family(tuple(group)) for same_name in groups.values() for group in same_name]
    return tuple(sorted(found, key=lambda f: min(order[id(m)] for m in f.members)))


def _keys(entity: Entity) -> set[str]:
    return {key(field.name) for field in entity.fields}


def _overlap(one: Entity, other: Entity) -> bool:
    """Whether they share half of the fields of the smaller one."""
    mine, theirs = _keys(one), _keys(other)
    return 2 * len(mine & theirs) >= min(len(mine), len(theirs))


class Extension(NamedTuple):
    """A family with those that repeat its fields under a longer name, and those of them that are left alone."""

    family: Family
    left: tuple[Entity, ...] = ()


def extended(
    family: Family, entities: Iterable[Entity], operations: Sequence[Operation], *, asking: bool
) -> Extension:
    """The family with the payload `UserUpdated`, the view `UserSummary` and so on.

    What is only sent to a service, such as `NewUser`, joins when `asking`; else it is left as it is.
    """
    known = {id(member) for member in family.members}
    longer = [entity for entity in entities if id(entity) not in known and repeats(entity, family)]
    left = [
        entity for entity in longer if not asking and (is_asking(entity) or only_taken(entity, operations))
    ]
    joined = [entity for entity in longer if entity not in left]
    return Extension(Family((*family.members, *joined)), tuple(left))


def repeats(entity: Entity, family: Family) -> bool:
    """Whether an entity of a longer name carries at least half of the family's fields itself."""
    name, whole = _nouns(family.name), _nouns(entity.name)
    inside = any(whole[i : i + len(name)] == name for i in range(len(whole) - len(name) + 1))
    common = _keys(entity) & {key(f.name) for f in family.fields}
    return inside and whole != name and len(common) >= 2 and 2 * len(common) >= len(family.members[0].fields)


def _nouns(name: str) -> tuple[str, ...]:
    return tuple(singular(word) for word in words(name))


def is_wrapper(entity: Entity) -> bool:
    """Whether the name is that of a message around an entity: a request, a response, an error, a list."""
    parts = words(short(entity.name))
    return bool(parts) and (parts[-1] in _WRAPPING or (len(parts) > 1 and parts[0] in _VERBS))


def is_asking(entity: Entity) -> bool:
    """Whether the name is that of something sent to a service to have it done."""
    parts = words(short(entity.name))
    return len(parts) > 1 and (parts[-1] in _ASKING or parts[0] in _ASKING)


def only_taken(entity: Entity, operations: Iterable[Operation]) -> bool:
    """Whether operations of its contract take the entity and none answers with it."""
    carrying = [op for op in operations if entity.name in op.request or entity.name in op.response]
    return bool(carrying) and not any(entity.name in op.response for op in carrying)


def has_identity(family: Family) -> bool:
    """Whether things of this family are told apart by an id."""
    own = key(family.name)
    wanted: Collection[str] = {"id", "uuid", "key", f"{own}id", f"{own}uuid"}
    return any(key(field.name) in wanted for field in family.fields)
