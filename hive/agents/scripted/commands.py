"""The actions that start processes, each with the session's mark and environment."""

import shlex
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

from hive.agents.scripted.actions import Git, Run, Spawn
from hive.agents.scripted.stage import Stage
from hive.agents.session import bounded
from hive.model import Report, Said, ToolCalled
from hive.process.streaming import run_logged
from hive.text import decode

LARGEST_OUTPUT = 1 << 20
GIT_SECONDS = 60.0
DAEMON = """
import os, sys, time
away, told = os.pipe()
if os.fork() == 0:
    os.setsid()
    os.write(told, b"x")
    time.sleep(float(sys.argv[1]))
else:
    os.read(away, 1)
"""
"""Ends once its child is in a session of its own, out of reach of whoever kills the group."""


async def commanded(action: Run | Git | Spawn, stage: Stage, index: int) -> AsyncGenerator[Report, None]:
    """Run it to its end: one report of the call, one of its output. Raises HiveError when it cannot start."""
    argv, cwd, timeout = _command(action, stage)
    log = Path(stage.environment["TMPDIR"]) / f"turn-{stage.assignment.turn}-action-{index}.log"
    done = await run_logged(
        argv, cwd=cwd, env=stage.environment, timeout=timeout, output=log, limit=LARGEST_OUTPUT
    )
    ending = "timed out" if done.timed_out else f"exit {done.code}"
    shown = "a daemon" if isinstance(action, Spawn) else shlex.join(argv)
    yield ToolCalled(tool=action.do, summary=bounded(f"{shown}: {ending}"))
    if done.stdout.strip():
        yield Said(text=bounded(decode(done.stdout)))


def _command(action: Run | Git | Spawn, stage: Stage) -> tuple[tuple[str, ...], Path, float]:
    match action:
        case Run():
            return action.argv, stage.folder, action.timeout
        case Git():
            return ("git", *action.argv), stage.workspace, GIT_SECONDS
        case Spawn():
            return (sys.executable, "-c", DAEMON, str(action.seconds)), stage.workspace, GIT_SECONDS
