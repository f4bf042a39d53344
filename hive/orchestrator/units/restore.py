"""The first turn of a run that takes another one back: hive's own work, no agent is asked."""

import asyncio

from hive.events import AgentReported, TurnFinished, TurnStarted
from hive.model import Said
from hive.orchestrator.context import Context
from hive.orchestrator.reverting import opposite, split
from hive.state import RunState, TaskState
from hive.text import plural
from hive.workspaces.undo import restored
from hive.workspaces.worktree import Workspace

TURN = 1
AGENT = "hive"


async def restore(ctx: Context, state: RunState, task: TaskState) -> None:
    """Put the service's files back as they were; from the same commits it is the same work, however often."""
    ctx.emit(state.id, TurnStarted(turn=TURN, agent=AGENT), service=task.service)
    count = await asyncio.to_thread(_restore, ctx, state, task)
    said = Said(text=f"{plural(count, 'file')} as before run {state.created.reverts}")
    done = TurnFinished(turn=TURN, outcome="finished")
    ctx.emit(state.id, AgentReported(turn=TURN, report=said), done, service=task.service)


def _restore(ctx: Context, state: RunState, task: TaskState) -> int:
    if state.contract is None:
        raise RuntimeError(f"run {state.id!r} has no contract commit")
    undoing = ctx.runs.get(state.created.reverts)
    found = opposite(ctx.objects, undoing, state.created.base)
    mine = split(found.changed, state.created.graph, undoing).get(task.service, [])
    start = state.contract.commit
    commit = restored(ctx.objects, start, mine, f"{task.service}: as before {undoing.id}", state.at)
    Workspace.open(ctx.objects, ctx.layout.workspace(state.id, task.service)).reset(commit)
    return len(mine)
