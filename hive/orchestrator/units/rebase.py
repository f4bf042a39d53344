"""A changeset that conflicts, or is red, with what has landed goes back to its agents: both sides, on the new base."""

import asyncio
from typing import NamedTuple

from hive.events import (
    Draft,
    LandingRefused,
    RebaseRequested,
    RunRebased,
    WorkRebased,
)
from hive.orchestrator import recontract
from hive.orchestrator.context import Context
from hive.orchestrator.ownership import owned
from hive.orchestrator.schedule import Unit
from hive.orchestrator.units.collect import collected, work_ref
from hive.orchestrator.units.prepare import approved_plan, contract_ref
from hive.orchestrator.units.telling import conflicting, red_together
from hive.state import RunState, TaskState
from hive.workspaces.store import Conflicted
from hive.workspaces.worktree import Workspace

REBASES = 3
"""How often a run is made again by itself before a person is asked."""


def sent_back(state: RunState, onto: str, reason: str, red: tuple[str, ...] = ()) -> RebaseRequested | None:
    """The wish to make a changeset again; none where that is a person's to do."""
    if state.offered or state.created.reverts or state.contract is None or state.rebases >= REBASES:
        return None
    return RebaseRequested(onto=onto, reason=reason, red=red)


async def rebase(ctx: Context, unit: Unit) -> None:
    """Contract commit and work on the new base; recorded at once, so that doing it again after a crash is harmless."""
    state = ctx.state(unit.run)
    if state.rebase is None or state.contract is None:
        return
    found = await asyncio.to_thread(_rebase, ctx, state, state.rebase.onto, state.contract.commit)
    if isinstance(found, LandingRefused):
        ctx.emit(state.id, found)
        return
    ctx.log.append(
        Draft(run=state.id, event=found.run),
        *(Draft(run=state.id, service=name, event=event) for name, event in found.tasks),
        durable=True,
    )


class _Rebased(NamedTuple):
    run: RunRebased
    tasks: tuple[tuple[str, WorkRebased], ...]


def _rebase(ctx: Context, state: RunState, onto: str, old: str) -> _Rebased | LandingRefused:
    plan, graph = approved_plan(state), state.created.graph
    ctx.objects.fetch_base(onto)
    ctx.user.pin(state.id, onto)
    texts = recontract.remade(ctx.objects, plan, graph, (state.base, old, onto), state.at)
    if isinstance(texts, str):
        anew = f"start the run anew on the new {state.created.target!r}: hive run {state.created.request!r}"
        return LandingRefused(reason=texts, next_step=anew)
    new = (
        ctx.objects.commit_files(onto, dict(texts), f"contract: {plan.request}", state.at) if texts else onto
    )
    ctx.objects.keep(contract_ref(state.id), new)
    tasks = tuple(
        (t.service, _task(ctx, state, t, (state.contract_at(t.work_version) or old, new, onto)))
        for t in state.tasks.values()
    )
    run = RunRebased(
        onto=onto,
        commit=new,
        tree=ctx.objects.tree_of(new),
        owners=owned(ctx, state, [p.path for p in plan.patches]),
    )
    return _Rebased(run, tasks)


def _task(ctx: Context, state: RunState, task: TaskState, commits: tuple[str, str, str]) -> WorkRebased:
    """One service: its work replayed from the old contract commit onto the new one, and its workspace there."""
    old, new, _ = commits
    service = state.created.graph.service(task.service)
    fails = state.rebase is not None and task.service in state.rebase.red
    if task.work is None or service is None:
        _move(ctx, state, task, new, new)
        return WorkRebased(start=new)
    stand_in = ctx.objects.commit_tree(
        ctx.objects.tree_of(new), [old], "the new contract, in between", state.at
    )
    merged = ctx.objects.merge(stand_in, task.work.commit, "the work on it, in between", state.at)
    if isinstance(merged, Conflicted):
        _move(ctx, state, task, new, new)
        told = conflicting(ctx, state, task.work.commit, merged.paths, commits)
        return WorkRebased(start=new, conflicts=merged.paths, told=told)
    tree = merged.tree
    told = red_together(ctx, state, task.service, task.work.commit, commits) if fails else ""
    commit = ctx.objects.commit_tree(tree, [new], f"{task.service}: {state.created.request}", state.at)
    ctx.objects.keep(work_ref(state.id, task.service), commit)
    _move(ctx, state, task, new, commit)
    work, guard = collected(ctx, state, service, (new, commit), task.work.turn, task.unresolved)
    return WorkRebased(start=new, work=work, guard=guard, told=told)


def _move(ctx: Context, state: RunState, task: TaskState, start: str, at: str) -> None:
    """The service's workspace on the new contract commit; what was in it is kept under a ref."""
    if task.workspace:
        Workspace.open(ctx.objects, ctx.layout.workspace(state.id, task.service)).reset(
            at, state.at, start=start
        )
