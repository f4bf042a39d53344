"""Watching a run until it is over or needs a person; leaving stops nothing."""

import asyncio
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from hive.cli.compose import Project
from hive.cli.engine import first_of, work_while
from hive.cli.screens import Face, show_until_settled
from hive.errors import Exit, HiveError
from hive.orchestrator.daemon import ensure_engine
from hive.orchestrator.standstill import standstill
from hive.state import RunState
from hive.text import decode, one_line

LOOK_SECONDS = 2.0
"""How often a watcher makes sure that an engine is there."""
STARTS = 5
"""How often a watcher starts an engine before it says that something is wrong."""


def exit_code(state: RunState) -> Exit:
    """What the run's state means to whoever waits for the command."""
    if state.landed:
        return Exit.DONE
    if state.failed or state.phase == "discarded":
        return Exit.FAILED
    return Exit.NEEDS_PERSON if state.needs or state.stopped else Exit.DONE


def watch(project: Project, run: str, face: Face, *, foreground: bool) -> Exit:
    """Show a run's events from its first until it settles, with an engine in the background or in here."""
    return asyncio.run(_watch(project, run, face, foreground))


async def _watch(project: Project, run: str, face: Face, foreground: bool) -> Exit:
    why: list[str] = []

    def showing() -> Coroutine[Any, Any, None]:
        return first_of(show_until_settled(project, run, face), _until_standstill(project, run, why))

    in_here = foreground and await work_while(project, showing)
    if not in_here:
        await first_of(showing(), _keep_engine(project))
    project.runs.refresh()
    for sentence in why:
        print(f"{run}: {sentence}", file=sys.stderr)
    return Exit.NEEDS_PERSON if why else exit_code(project.runs.get(run))


async def _until_standstill(project: Project, run: str, why: list[str]) -> None:
    """Ends once nothing happens by itself to a run in the queue, seen twice; `why` gets the reason."""
    last = ""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        project.runs.refresh()
        found = standstill(project.runs.all(), run)
        if found and found == last:
            why.append(found)
            return
        last = found


async def _keep_engine(project: Project) -> None:
    """Start the engine whenever there is none; one that ends at once again and again is an error."""
    started = 0
    while True:
        started += await asyncio.to_thread(ensure_engine, project.layout, Path(project.user.root))
        if started > STARTS:
            last = decode(project.layout.engine_log.read_bytes()[-2000:]).strip().rpartition("\n")[2]
            raise HiveError(
                f"the engine ended {started} times: {one_line(last) or 'it said nothing'}",
                next_step=f"see {str(project.layout.engine_log)!r}, mend that, then `hive resume`",
            )
        await asyncio.sleep(LOOK_SECONDS)
