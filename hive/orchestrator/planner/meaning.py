"""What a wish means for one entity of one contract."""

from hive.agents.propagate.naming import words
from hive.errors import UsageError
from hive.model import (
    AddField,
    ContractField,
    Entity,
    Intent,
    RemoveField,
    RenameField,
    RetypeField,
    Value,
)
from hive.orchestrator.planner.naming import key, restyled
from hive.orchestrator.planner.request import Add, Edit, Remove, Rename, Retype
from hive.text import one_line


class Migration(Value):
    """Readers and writers of a field take up another one; both stay in the contract."""

    entity: str
    name: str
    new_name: str


Goal = Intent | Migration


def field_of(entity: Entity, name: str) -> ContractField | None:
    """The entity's field of that name, in whatever style."""
    return next((field for field in entity.fields if key(field.name) == key(name)), None)


def intent_for(wish: Edit, entity: Entity, kind: str) -> Intent | None:
    """What the wish means here; none where it changes nothing. Raises UsageError for a name that is taken."""
    known = field_of(entity, wish.field)
    house = [field.name for field in entity.fields]
    if isinstance(wish, Add):
        if known is not None:
            return None
        name = restyled(wish.field, house)
        return AddField(entity=entity.name, name=name, type=kind, required=wish.required)
    if known is None:
        return None
    match wish:
        case Remove():
            return RemoveField(entity=entity.name, name=known.name)
        case Rename():
            new = _free(restyled(wish.new_name, house), entity, known)
            return RenameField(entity=entity.name, name=known.name, new_name=new) if new else None
        case Retype():
            same = known.type == kind
            return None if same else RetypeField(entity=entity.name, name=known.name, type=kind)


def _free(new: str, entity: Entity, known: ContractField) -> str | None:
    """The new name, none where the field has it already. Raises UsageError when another field has it."""
    holder = field_of(entity, new)
    if holder is not None and holder != known:
        raise UsageError(
            f"{one_line(entity.contract)}: {one_line(entity.name)} has a field {holder.name!r} already",
            next_step=f"choose another name, or remove {holder.name!r} first",
        )
    return new if new != known.name else None


def suffixed(name: str, kind: str) -> str:
    """A name for the same field with another type: `zip_code` -> `zip_code_string`, in the style of the name."""
    return restyled(f"{name}_{'_'.join(words(kind))}", [name])
