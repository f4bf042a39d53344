"""The opposite of a run that landed: what it undoes, split over contracts and services, and in which order."""

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from hive.contracts import diff
from hive.errors import NeedsPerson, UsageError
from hive.model import Change, Graph, Patch, Plan, TaskPlan
from hive.ports import Tree
from hive.state import RunState
from hive.text import one_line, plural
from hive.workspaces.diff import Changed
from hive.workspaces.store import Conflicted, ObjectStore
from hive.workspaces.undo import differences, undone

BRIEF = """\
Run {run} ("{request}") is taken back. hive has put the files of this service back as they were before it, keeping what
landed since. If a remark or a check comes back to you, change no more than it needs.
"""


class Opposite(NamedTuple):
    """What the target branch would be without a run."""

    base: str
    commit: str
    changed: tuple[Changed, ...]


def refuse(state: RunState, others: Iterable[RunState]) -> None:
    """Raises UsageError for a run that cannot be taken back: it did not land, or another run does that already."""
    if state.landed is None:
        raise UsageError(
            f"run {state.id} has not landed (it is {state.phase!r}): there is nothing to revert",
            next_step=f"hive reject {state.id} discards a run before it lands",
        )
    for other in others:
        if other.created.reverts == state.id and other.phase != "discarded":
            done = other.landed is not None
            raise UsageError(
                f"run {state.id} {'was reverted' if done else 'is being reverted'} by run {other.id}",
                next_step=f"hive revert {other.id} brings it back" if done else f"hive show {other.id}",
            )


def opposite(objects: ObjectStore, state: RunState, base: str) -> Opposite:
    """The target's commit `base` without the run. Raises when it is not in there, or does not come out cleanly."""
    landed, target = state.landed, state.created.target
    if landed is None:
        raise RuntimeError(f"run {state.id!r} has not landed")
    if not objects.is_ancestor(landed.new, base):
        raise UsageError(
            f"{target!r} does not contain {landed.new[:10]}, as which run {state.id} landed on {landed.ref!r}",
            next_step=f"merge it into {target!r} first, or leave it out for good: nothing has to be reverted",
        )
    found = undone(objects, base, landed.new, landed.old, state.at)
    if isinstance(found, Conflicted):
        paths = ", ".join(repr(one_line(path, 200)) for path in found.paths[:5])
        raise NeedsPerson(
            f"run {state.id} does not come out of {target!r} cleanly: later commits changed the same lines of {paths}",
            next_step=f"revert those first (hive ls), or by hand: git revert -m 1 {landed.new[:10]}",
        )
    changed = differences(objects, base, found.commit)
    if not changed:
        raise UsageError(
            f"nothing of run {state.id} is left in {target!r}: it was taken back by hand",
            next_step=f"`git log {landed.new[:10]}..{target}` tells by whom",
        )
    return Opposite(base, found.commit, changed)


def owner(path: str, graph: Graph, undoing: RunState) -> str | None:
    """The service whose agent would answer for a path: by folder, else the one whose diff brought it."""
    holding = [s for s in graph.services if s.path == "." or PurePosixPath(path).is_relative_to(s.path)]
    if holding:
        return max(holding, key=lambda service: len(service.path)).name
    by_work = (t.service for t in undoing.changed if t.work and any(f.path == path for f in t.work.files))
    return next((name for name in by_work if graph.service(name)), None)


def split(changed: Sequence[Changed], graph: Graph, undoing: RunState) -> dict[str | None, list[Changed]]:
    """The changed paths by service; those of contracts, which no agent changes, under None."""
    parts: dict[str | None, list[Changed]] = {}
    services = [task.service for task in undoing.tasks.values() if graph.service(task.service)]
    for each in changed:
        contract = graph.contract(each.path) is not None
        name = None if contract else owner(each.path, graph, undoing) or next(iter(services), None)
        parts.setdefault(name, []).append(each)
    return parts


def plan(undoing: RunState, found: Opposite, graph: Graph, before: Tree, after: Tree) -> Plan:
    """The plan of the run that takes `undoing` back; `before` is the branch now, `after` without the run.

    Services go in the opposite order: what was safe to add first is safe to remove last.
    """
    parts = split(found.changed, graph, undoing)
    patches = tuple(_patch(each, after, undoing) for each in parts.pop(None, ()))
    changes = _changes(patches, graph, before, after)
    tasks = _tasks(undoing, graph, {name: len(files) for name, files in parts.items() if name})
    if not tasks:
        raise UsageError(
            f"none of the services of run {undoing.id} is in the project any more",
            next_step=f"by hand: git revert -m 1 {undoing.landed.new[:10] if undoing.landed else ''}",
        )
    return Plan(
        request=f"revert {undoing.id}: {undoing.created.request}",
        base=found.base,
        patches=patches,
        changes=changes,
        tasks=tasks,
        assumptions=_notes(changes, tasks),
    )


def _patch(each: Changed, after: Tree, undoing: RunState) -> Patch:
    if each.status in ("added", "deleted"):
        word = "brought" if each.status == "deleted" else "removed"
        raise NeedsPerson(
            f"run {undoing.id} {word} the contract {each.path!r} as a whole, which hive does not take back by itself",
            next_step=f"by hand: git revert -m 1 {undoing.landed.new[:10] if undoing.landed else ''}",
        )
    return Patch(path=each.path, text=after.read(each.path).decode("utf-8", "surrogateescape"))


def _changes(patches: Iterable[Patch], graph: Graph, before: Tree, after: Tree) -> tuple[Change, ...]:
    found: list[Change] = []
    for patch in patches:
        contract = graph.contract(patch.path)
        if contract is not None and contract.path == patch.path:
            found += diff(contract.kind, patch.path, before.read(patch.path), after.read(patch.path))
    return tuple(found)


def _tasks(undoing: RunState, graph: Graph, files: dict[str, int]) -> tuple[TaskPlan, ...]:
    known = {task.service: task.plan for task in undoing.tasks.values()}
    names = files or {name: 0 for name in known if graph.service(name)}
    last = max((task.wave for task in known.values()), default=0)
    brief = BRIEF.format(run=undoing.id, request=one_line(undoing.created.request, 200))
    tasks = [
        TaskPlan(
            service=name,
            wave=last - known[name].wave if name in known else 0,
            role=known[name].role if name in known else "carrier",
            reason=f"{plural(count, 'file')} as before run {undoing.id}",
            brief=brief,
        )
        for name, count in names.items()
    ]
    return tuple(sorted(tasks, key=lambda task: task.wave))


def _notes(changes: Sequence[Change], tasks: Sequence[TaskPlan]) -> tuple[str, ...]:
    broken = [change for change in changes if change.severity in ("breaking", "unknown")]
    if not broken:
        return ()
    order = " -> ".join(task.service for task in tasks)
    waves = len({task.wave for task in tasks}) > 1
    return (
        f"taking it back is breaking: {broken[0].element}: {broken[0].message}",
        f"where services are deployed one by one, in this order: {order}"
        if waves
        else f"no order of deploying {order} is safe by itself",
    )
