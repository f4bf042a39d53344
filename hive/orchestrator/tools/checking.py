"""A check that a session asks for: hive's own, on the files as they are now, and never the turn's evidence."""

import asyncio

from hive.errors import UsageError
from hive.model import Evidence
from hive.orchestrator.context import Context
from hive.state import RunState, TaskState
from hive.text import sanitize
from hive.workspaces.worktree import Workspace

MOST_IN_A_TURN = 10
SHARE_OF_IDLE = 0.8
"""Of the time after which a silent agent is stopped: while its check runs, it is silent."""
LONGEST_TAIL = 8_000


def admitted(task: TaskState) -> None:
    """Raises UsageError when the session has had its checks."""
    if len(task.checks_answered) >= MOST_IN_A_TURN:
        raise UsageError(
            f"the checks were run {MOST_IN_A_TURN} times in this turn, and are not run again",
            next_step="finish: they are run after the turn",
        )


async def checked(ctx: Context, state: RunState, task: TaskState) -> Evidence:
    """The service's tests on a snapshot of its workspace."""
    service = state.created.graph.service(task.service)
    if service is None:
        raise RuntimeError(f"run {state.id!r} has no service {task.service!r}")
    from hive.orchestrator.units.testing import tests  # the units import the tools

    label = f"turn{task.turn}-asked{len(task.checks_answered) + 1}"
    commit = await asyncio.to_thread(_taken, ctx, state, task)
    patience = state.policy.idle_timeout * SHARE_OF_IDLE
    return await tests(ctx, state, service, commit, label, task.baseline, queued=None, patience=patience)


def _taken(ctx: Context, state: RunState, task: TaskState) -> str:
    place = Workspace.open(ctx.objects, ctx.layout.workspace(state.id, task.service))
    return place.snapshot(f"{task.service}: work in progress", state.at).commit


def told(evidence: Evidence) -> str:
    """What the session reads."""
    counts = f", {evidence.passed or 0} passed, {evidence.failed or 0} failed" if evidence.collected else ""
    head = f"{evidence.check}: {evidence.outcome}{counts}" + (
        f": {evidence.reason}" if evidence.reason else ""
    )
    command = f"\n$ {evidence.command}" if evidence.command else ""
    tail = f"\n{sanitize(evidence.tail)[-LONGEST_TAIL:]}" if evidence.tail else ""
    return f"{head}{command}{tail}\nThe checks are run again after your turn; only those count."
