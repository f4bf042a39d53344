"""Landing: the tested commit becomes the target branch, once; then the run is put away."""

import asyncio
import shutil

from hive.events import ChangesetMerged, Draft, Landed, RunClosed, WorkspaceRetired
from hive.orchestrator.context import Context
from hive.orchestrator.landing import requests, saga
from hive.orchestrator.schedule import Unit
from hive.orchestrator.units.collect import work_ref
from hive.orchestrator.units.merge import edited
from hive.process import reap
from hive.state import RunState, TaskState
from hive.workspaces.worktree import Workspace


async def land(ctx: Context, unit: Unit) -> None:
    """Journal, move the branch by compare-and-swap, record; killed anywhere, it still lands once."""
    async with ctx.landing:
        state = ctx.state(unit.run)
        place = ctx.place(unit.run)
        if state.landed or state.merged is None or place is None or place.act != "land":
            return
        if place.within:
            _record_within(ctx, state, state.merged, place.within)
            return
        merged, tested = state.merged, state.tested
        if (
            tested is None
            or (merged.commit, merged.tree) != (tested.commit, tested.tree)
            or not tested.passed
        ):
            known = tested.commit if tested else "nothing"
            raise RuntimeError(f"run {state.id!r}: {merged.commit} is not what was tested ({known})")
        if state.landing is None and (problem := await asyncio.to_thread(edited, ctx, state)):
            ctx.emit(state.id, problem)
            return
        old = state.landing.old if state.landing else place.head
        if state.policy.landing == "pull-request":
            await requests.ask(ctx, state, old)
        else:
            await saga.land(ctx, state, old)


def _record_within(ctx: Context, state: RunState, merged: ChangesetMerged, whose: str) -> None:
    """A union was tested in its place, and it is a part of it: the target holds it already."""
    ref = f"refs/heads/{state.created.target}"
    note = f"with the union of run {whose}, which was tested"
    landed = Landed(
        ref=ref, old=merged.base or merged.onto, new=merged.commit, tree=merged.tree, note=note, within=whose
    )
    ctx.emit(state.id, landed, durable=True)


async def close(ctx: Context, unit: Unit) -> None:
    """Retire the workspaces, each kept under a ref, and end the run."""
    state = ctx.state(unit.run)
    if state.closed:
        return
    await asyncio.to_thread(reap, state.id)
    for task in state.tasks.values():
        if task.workspace:
            ctx.emit(state.id, await asyncio.to_thread(_retire, ctx, state, task), service=task.service)
    await asyncio.to_thread(_sweep, ctx, state)
    ctx.log.append(Draft(run=state.id, event=RunClosed(outcome="landed" if state.landed else "discarded")))


def _retire(ctx: Context, state: RunState, task: TaskState) -> WorkspaceRetired:
    """Remove a workspace; what was in it, collected or not, stays under a ref."""
    ref, path = work_ref(state.id, task.service), ctx.layout.workspace(state.id, task.service)
    commit = task.work.commit if task.work else None
    if path.exists():
        last = Workspace.open(ctx.objects, path).remove()
        commit = commit or last.commit
    kept = commit or ctx.objects.ref(ref) or _start(state)
    ctx.objects.keep(ref, kept)
    return WorkspaceRetired(ref=ref, commit=kept)


def _start(state: RunState) -> str:
    """The commit that every workspace of a run began from."""
    return state.contract.commit if state.contract else state.created.base


def _sweep(ctx: Context, state: RunState) -> None:
    private = (ctx.layout.root / kind / state.id for kind in ("homes", "sessions"))
    for folder in (ctx.layout.scratch(state.id), *private):
        shutil.rmtree(folder, ignore_errors=True)
    for folder in (ctx.layout.workspaces / state.id,):
        if folder.exists() and not any(folder.iterdir()):
            folder.rmdir()
    ctx.user.unpin(state.id)
