"""What each affected service's agent is told."""

from collections.abc import Sequence
from typing import NamedTuple

from hive.model import AddField, Change, Entity, RemoveField, RenameField, RetypeField, Service
from hive.orchestrator.planner.affected import Affected, Role
from hive.orchestrator.planner.meaning import Goal, Migration
from hive.ports import Tree
from hive.prompts import render
from hive.text import one_line

MOST_SIGHTINGS = 40
MOST_SIBLINGS = 5
_ROLES: dict[Role, str] = {
    "provider": "It answers with, takes or publishes the changed element: the contract must become true here.",
    "consumer": "It receives or sends the changed element: it must work with the new contract.",
    "both": "It receives the changed element from others and passes it on: nothing may get lost on the way.",
    "carrier": "Its code holds the same data without a contract of its own: it must not fall behind.",
}


class Work(NamedTuple):
    """What all briefs of a plan have in common."""

    request: str
    goal: Goal | str
    """Words where the change is more than one of a field."""
    entity: Entity | None
    changes: tuple[Change, ...]
    siblings: tuple[str, ...]
    services: tuple[str, ...]
    overrides: Tree | None


def brief(work: Work, service: Service, part: Affected, wave: int) -> str:
    """The brief of one service, markdown. Raises UsageError when the project's own template is wrong."""
    others = [name for name in work.services if name != service.name]
    return render(
        "brief",
        work.overrides,
        request=one_line(work.request, 1000),
        goal=one_line(goal(work.goal)),
        service=one_line(service.name),
        others=f"{', '.join(map(one_line, others))} change at the same time."
        if others
        else "No other service changes.",
        changes=[describe(change) for change in work.changes],
        entity=_entity(work.entity),
        role=part.role,
        role_means=part.means or _ROLES[part.role],
        reason=part.reason,
        sightings=_sightings(part),
        place=place(work.goal),
        generated=[one_line(path) for path in part.generated],
        siblings=[one_line(name) for name in work.siblings[:MOST_SIBLINGS]],
        adds=isinstance(work.goal, AddField),
        wave=wave,
        folder=one_line(service.path),
        test=one_line(service.test or ""),
        done=done(work.goal),
    )


def goal(wanted: Goal | str) -> str:
    """The change in one sentence."""
    match wanted:
        case str():
            return wanted
        case AddField():
            need = "required" if wanted.required else "optional"
            return f"Add the field {wanted.name} ({wanted.type}, {need}) to {wanted.entity}"
        case RemoveField():
            return f"Remove the field {wanted.name} from {wanted.entity}"
        case RenameField():
            return f"Rename the field {wanted.name} of {wanted.entity} to {wanted.new_name}"
        case RetypeField():
            return f"Change the type of {wanted.entity}.{wanted.name} to {wanted.type}"
        case Migration():
            return f"Move from {wanted.entity}.{wanted.name} to {wanted.new_name}, and keep both"


def place(wanted: Goal | str) -> str:
    """What the places that were found mean for the change."""
    match wanted:
        case str():
            return "Look at them first: what changes for the entity changes for them."
        case AddField():
            return f"Where they do, {wanted.name} most likely belongs too."
        case RemoveField():
            return f"{wanted.name} has to go from them."
        case RenameField():
            return f"{wanted.name} becomes {wanted.new_name} in them, in the style of each place."
        case RetypeField():
            return f"{wanted.name} has another type in them."
        case Migration():
            return f"Those that read {wanted.name} have to read {wanted.new_name}; those that write it write both."


def done(wanted: Goal | str) -> str:
    """The first condition of being done."""
    match wanted:
        case str():
            return "The service does its part of the request, and what the new contract says of it is true."
        case AddField():
            return f"{wanted.name} is created, stored, read and passed on wherever its siblings are."
        case RemoveField():
            return f"Nothing in this service reads, writes or shows {wanted.name} any more."
        case RenameField():
            return f"The service's edges say {wanted.new_name}, as the contract does, and no longer {wanted.name}."
        case RetypeField():
            return f"{wanted.name} is read, checked, stored and written as {wanted.type} everywhere in this service."
        case Migration():
            return f"{wanted.new_name} is read everywhere, old data is moved, and {wanted.name} is only still written."


def describe(change: Change) -> str:
    """A contract change as one line."""
    return one_line(
        f"{change.element}: {change.kind}, {change.direction}, {change.severity}, {change.rule}: {change.message}",
        500,
    )


def _entity(entity: Entity | None) -> str:
    fields = entity.fields if entity else ()
    return "\n".join(_field(field.name, field.type, field.required) for field in fields)


def _field(name: str, kind: str, required: bool) -> str:
    return one_line(f"{name}: {kind}{' (required)' if required else ''}")


def _sightings(part: Affected) -> Sequence[str]:
    lines = [one_line(f"{s.path}:{s.line} {s.kind}: {', '.join(s.fields)}", 400) for s in part.sightings]
    more = len(lines) - MOST_SIGHTINGS
    return [*lines[:MOST_SIGHTINGS], f"and {more} more"] if more > 0 else lines
