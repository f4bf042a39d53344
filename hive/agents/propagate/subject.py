"""What is propagated: an entity's fields, the examples to follow, and the new field."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from hive.agents.propagate.naming import Words, listed, words
from hive.model import AddField, Assignment, RemoveField, RenameField

GENERIC = listed(
    "id uuid key name title label description email phone status state type kind value code date time created"
    " updated created_at updated_at deleted_at version url price amount quantity currency count total country city"
    " address note notes comment text message user_id owner category"
)
"""Names that entities of every kind have: they say little about which entity a list belongs to."""
GENERIC_WEIGHT = 0.35
NUMERIC = frozenset(("integer", "number"))
"""Types that are written alike."""
_BOOKKEEPING = frozenset(("id", "uuid", "key", "pk", "at"))


@dataclass(frozen=True)
class Field:
    """A field in the two respects that matter here."""

    name: str
    type: str = "string"
    required: bool = False

    @cached_property
    def words(self) -> Words:
        """The words of its name."""
        return words(self.name)


@dataclass(frozen=True)
class Rival:
    """Another entity of the contracts, one without the new field."""

    name: Words
    fields: frozenset[Words]


@dataclass(frozen=True)
class Subject:
    """An entity and the field that it gets."""

    entity: Words
    fields: tuple[Field, ...]
    """What the entity had before."""
    examples: tuple[Field, ...]
    """The fields to follow, best first."""
    new: Field
    rivals: tuple[Rival, ...] = ()
    """Other entities with some of the fields, that do not get the new one."""

    @cached_property
    def names(self) -> dict[Words, str]:
        """The name that each spelling stands for, the new one included."""
        return {field.words: field.name for field in (*self.fields, self.new)}

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """The fields of before, by name."""
        return {field.name: field for field in self.fields}

    @property
    def least(self) -> int:
        """With fewer fields than this a list is not the entity's."""
        return max(2, (len(self.fields) + 1) // 2)

    def weight(self, names: frozenset[str]) -> float:
        """How much of the entity these fields are, from 0 to 1; names that everything has count less."""
        whole = sum(weight_of(field.name) for field in self.fields)
        return sum(weight_of(name) for name in names if name in self.by_name) / whole if whole else 0.0

    def distinctive(self, names: frozenset[str]) -> bool:
        """Whether one of the fields is rarely found elsewhere."""
        return any(weight_of(name) == 1.0 for name in names if name in self.by_name)


def weight_of(name: str) -> float:
    """How much a name says about the entity that has it."""
    return GENERIC_WEIGHT if "_".join(words(name)) in GENERIC else 1.0


def is_bookkeeping(field: Field) -> bool:
    """Whether a field is made by the system, such as `user_id` or `created_at`: no example for what people fill in."""
    return field.words[-1:] != () and field.words[-1] in _BOOKKEEPING


def examples(fields: Sequence[Field], siblings: Sequence[str], new: Field) -> tuple[Field, ...]:
    """Fields to follow: of the same type first, then as optional as the new one, then as the siblings are given."""
    given = {name: rank for rank, name in enumerate(siblings)}

    def rank(field: Field) -> tuple[bool, int, bool, int]:
        far = 0 if field.type == new.type else 1 if {field.type, new.type} == NUMERIC else 2
        required = far == 0 and field.required != new.required
        return is_bookkeeping(field), far, required, given.get(field.name, len(given))

    return tuple(sorted(fields, key=rank))


@dataclass(frozen=True)
class Work:
    """What an assignment asks for."""

    subject: Subject
    old: Field | None = None
    """The field that is renamed or removed; none where one is added."""
    remove: bool = False


def work_of(assignment: Assignment) -> Work | None:
    """The work of an assignment; none for what is no change of a known entity's field, or changes its type."""
    intent = assignment.intent
    match intent:
        case AddField():
            kind = "array" if intent.type.endswith("[]") else intent.type
            new, old = Field(intent.name, kind, intent.required), None
        case RenameField():
            old = _known(assignment, intent.new_name)
            old, new = (
                Field(intent.name, old.type, old.required),
                Field(intent.new_name, old.type, old.required),
            )
        case RemoveField():
            old = new = _known(assignment, intent.name)
        case _:
            return None
    entity = assignment.entity
    names = [field.name for field in entity.fields] if entity else list(assignment.siblings)
    fields = [_known(assignment, name) for name in names if name != new.name] + ([old] if old else [])
    fields = [field for field in fields if field.words]
    if len(fields) < 2 or not new.words:
        return None
    name = words((entity.name if entity else intent.entity).rpartition(".")[2])
    follow = (old,) if old else examples(fields, assignment.siblings, new)
    return Work(Subject(name, tuple(fields), follow, new), old, isinstance(intent, RemoveField))


def _known(assignment: Assignment, name: str) -> Field:
    """A field as the contract has it, else of the commonest kind."""
    entity = assignment.entity
    found = next((field for field in entity.fields if field.name == name), None) if entity else None
    return Field(found.name, found.type, found.required) if found else Field(name)
