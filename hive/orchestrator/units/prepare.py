"""The contract commit, and the workspaces that start from it."""

import asyncio

from hive.events import ContractCommitted, WorkspaceCreated
from hive.model import Plan
from hive.orchestrator.context import Context
from hive.orchestrator.ownership import owned
from hive.orchestrator.schedule import Unit
from hive.state import RunState
from hive.workspaces.listing import listing
from hive.workspaces.worktree import Workspace

SPARSE_ABOVE = 5000
"""Files in a project from which on a workspace holds only what its service needs."""


def contract_ref(run: str) -> str:
    """Where the contract commit is kept."""
    return f"refs/hive/runs/{run}/contract"


def approved_plan(state: RunState) -> Plan:
    """The plan of a run that is under way."""
    if state.plan is None or not state.plan_approved:
        raise RuntimeError(f"run {state.id!r} has no approved plan")
    return state.plan


async def contract(ctx: Context, unit: Unit) -> None:
    """Commit the contract change alone; equal plans make equal commits, so doing it twice is harmless."""
    state = ctx.state(unit.run)
    if state.contract:
        return
    plan = approved_plan(state)

    def commit() -> tuple[str, str]:
        ctx.objects.fetch_base(plan.base)
        ctx.user.pin(state.id, plan.base)
        oid = plan.base
        if plan.patches:
            files = {patch.path: patch.text.encode("utf-8", "surrogateescape") for patch in plan.patches}
            oid = ctx.objects.commit_files(plan.base, files, f"contract: {plan.request}", state.at)
        ctx.objects.keep(contract_ref(state.id), oid)
        return oid, ctx.objects.tree_of(oid)

    oid, tree = await asyncio.to_thread(commit)
    owners = await asyncio.to_thread(owned, ctx, state, [patch.path for patch in plan.patches])
    ctx.emit(unit.run, ContractCommitted(commit=oid, tree=tree, owners=owners))


async def workspace(ctx: Context, unit: Unit) -> None:
    """Give a service its worktree at the contract commit."""
    state = ctx.state(unit.run)
    task = state.tasks[unit.service or ""]
    if task.workspace or state.contract is None:
        return
    start = state.contract.commit
    made = await asyncio.to_thread(
        Workspace.create,
        ctx.objects,
        ctx.layout.workspace(state.id, task.service),
        start,
        await asyncio.to_thread(_sparse, ctx, state, task.service, start),
    )
    ctx.emit(unit.run, WorkspaceCreated(path=str(made.tree), start=start), service=task.service)


def _sparse(ctx: Context, state: RunState, service: str, commit: str) -> tuple[str, ...] | None:
    """Folders to check out: none for all of them, when the project is small."""
    graph = state.created.graph
    found = graph.service(service)
    if found is None or found.path == "." or len(ctx.objects.paths(commit)) <= SPARSE_ABOVE:
        return None
    others = {other.path for other in graph.services if other.name != service}
    top = [entry.name for entry in listing(ctx.objects, commit) if entry.is_folder]
    free = [
        name for name in top if not any(o == name or o.startswith(f"{name}/") for o in (*others, found.path))
    ]
    contracts = [c.path.rpartition("/")[0] for c in graph.contracts]
    return tuple(dict.fromkeys([found.path, *free, *(folder for folder in contracts if folder)]))
