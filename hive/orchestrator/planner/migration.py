"""The middle step of a breaking change: services move from one field to another, and no contract changes."""

from hive.errors import UsageError
from hive.orchestrator.planner.catalogue import Catalogue
from hive.orchestrator.planner.delta import Delta
from hive.orchestrator.planner.family import Family
from hive.orchestrator.planner.meaning import Migration, field_of
from hive.orchestrator.planner.request import Move
from hive.text import one_line


def migrate(catalogue: Catalogue, family: Family, wish: Move) -> Delta:
    """A change of code alone. Raises UsageError unless a contract has both fields."""
    pairs = (
        (member, field_of(member, wish.field), field_of(member, wish.new_name)) for member in family.members
    )
    both = next(((member, old, new) for member, old, new in pairs if old and new and old != new), None)
    if both is None:
        raise _not_both(family, wish)
    home, old, new = both
    names = {member.name for member in family.members}
    sheets = [sheet for sheet in catalogue.sheets if sheet.path in family.contracts]
    carrying = [op.name for s in sheets for op in s.operations if names & {*op.request, *op.response}]
    goal = Migration(entity=home.name, name=old.name, new_name=new.name)
    return Delta(goal, home, tuple(s.contract for s in sheets), tuple(carrying))


def _not_both(family: Family, wish: Move) -> UsageError:
    name = one_line(family.name)
    known = any(field_of(member, wish.field) for member in family.members)
    missing = wish.new_name if known else wish.field
    return UsageError(
        f"{name} has no field {missing!r} beside {wish.field if known else wish.new_name!r}: nothing to migrate",
        next_step=f'hive run "add {wish.new_name} to {name}"' if known else f"name a field of {name}",
    )
