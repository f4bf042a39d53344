"""Runs and services by the names in a request; whoever asks for another one is told which there are."""

from difflib import get_close_matches
from typing import Annotated

from fastapi import Path, Query

from hive.dashboard.web.hub import Hub
from hive.dashboard.web.problem import Problem
from hive.state import RunState, TaskState
from hive.text import one_line

RunId = Annotated[str, Path(max_length=64, description="Id of a run, or `last`.")]
ServiceName = Annotated[str, Path(max_length=200, description="Name of a service.")]
MaybeService = Annotated[str | None, Query(max_length=200, description="Name of a service.")]


async def find_run(hub: Hub, run: str) -> RunState:
    """The run, folded now where it was not. Raises Problem 404."""
    await hub.ready.wait()
    names = hub.board.briefs
    name = next(reversed(names), run) if run == "last" else run
    if name in names and (state := await hub.board.load(name)):
        return state
    known = ", ".join(list(names)[-10:]) or "none yet"
    raise Problem(
        404, f"there is no run {one_line(run)!r}", next_step=f"choose one of: {known}; GET /api/v1/runs"
    )


def find_task(state: RunState, service: str) -> TaskState:
    """The service's part of the run. Raises Problem 404."""
    if service in state.tasks:
        return state.tasks[service]
    names = get_close_matches(service, state.tasks, n=3) or list(state.tasks)[:20]
    raise Problem(
        404,
        f"run {state.id} has no service {one_line(service)!r}",
        next_step=f"choose one of: {', '.join(names)}" if names else "wait until the run is planned",
    )
