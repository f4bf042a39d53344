"""Landing: the tested commit becomes the target branch, once; then the run is put away."""

import asyncio
import shutil
from typing import assert_never

from hive.events import (
    Draft,
    Landed,
    LandingStarted,
    RunClosed,
    TargetMoved,
    WorkspaceRetired,
)
from hive.orchestrator.context import Context
from hive.orchestrator.schedule import Unit
from hive.orchestrator.units.collect import work_ref
from hive.orchestrator.units.merge import gone, reset
from hive.process import reap
from hive.state import RunState, TaskState
from hive.workspaces import landing
from hive.workspaces.worktree import Workspace


async def land(ctx: Context, unit: Unit) -> None:
    """Journal, move the branch by compare-and-swap, record; killed anywhere, it still lands once."""
    async with ctx.landing:
        state = ctx.state(unit.run)
        if state.landed or state.merged is None or state.tested is None:
            return
        merged, tested = state.merged, state.tested
        if (merged.commit, merged.tree) != (tested.commit, tested.tree) or not tested.passed:
            raise RuntimeError(f"run {state.id!r}: {merged.commit} is not what was tested ({tested.commit})")
        if state.landing is None:
            ref = f"refs/heads/{state.created.target}"
            ctx.emit(state.id, LandingStarted(ref=ref, old=merged.onto, new=merged.commit), durable=True)
        outcome = await asyncio.to_thread(
            landing.land,
            ctx.user,
            ctx.objects,
            state.created.target,
            merged.onto,
            merged.commit,
            run=state.id,
        )
        _record(ctx, state, outcome)


def _record(ctx: Context, state: RunState, outcome: landing.Outcome) -> None:
    assert state.merged is not None  # noqa: S101 - the caller landed it
    tree = state.merged.tree
    match outcome:
        case landing.Landed(ref=ref, old=old, new=new):
            ctx.emit(state.id, Landed(ref=ref, old=old, new=new, tree=tree), durable=True)
        case landing.LandedElsewhere(ref=ref, old=old, new=new, reason=reason, next_step=step):
            note = f"{reason}; {step}"
            ctx.emit(state.id, Landed(ref=ref, old=old, new=new, tree=tree, note=note), durable=True)
        case landing.BranchMoved(expected=expected, found=found):
            ref = f"refs/heads/{state.created.target}"
            ctx.emit(state.id, TargetMoved(ref=ref, expected=expected, found=found))
        case landing.BranchReset():
            ctx.emit(state.id, reset(state))
        case landing.BranchDeleted():
            ctx.emit(state.id, gone(state))
        case _:
            assert_never(outcome)


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
    for folder in (ctx.layout.scratch(state.id), ctx.layout.root / "homes" / state.id):
        shutil.rmtree(folder, ignore_errors=True)
    for folder in (ctx.layout.workspaces / state.id,):
        if folder.exists() and not any(folder.iterdir()):
            folder.rmdir()
    ctx.user.unpin(state.id)
