"""What every session of an agent has to itself: a mark on its processes, an environment, bounded words."""

import asyncio
from pathlib import Path

from hive.model import Assignment
from hive.process import MARK, reap, trimmed_environment

WORDS = 16_000
"""Characters of one report that are kept; an agent that says more in one breath is cut, and it shows."""

PATIENT_ATTEMPTS = 50
"""How often a warden is asked to end what it watches before it is killed itself."""


def mark(assignment: Assignment) -> str:
    """The mark of the session's processes: the session's home, which no other session on the machine has."""
    return agent_mark(assignment.home)


def agent_mark(home: str) -> str:
    """The same for whoever knows only the home."""
    return f"{home}/agent"


def environment(assignment: Assignment) -> dict[str, str]:
    """The environment of the session's processes: no keys, its own HOME and temporary folder (made here)."""
    home = Path(assignment.home)
    temporary = home / "tmp"
    temporary.mkdir(parents=True, exist_ok=True)
    return trimmed_environment({"HOME": str(home), "TMPDIR": str(temporary), MARK: mark(assignment)})


async def leave_nothing(assignment: Assignment) -> None:
    """Kill whatever the session left running and wait, at most about a second, until it is gone."""
    for attempt in range(100):
        if not reap(mark(assignment), wardens=attempt > PATIENT_ATTEMPTS):
            return
        await asyncio.sleep(0.01)


def bounded(text: str) -> str:
    """Words of an agent as a report may carry them: encodable and of limited length; not yet sanitized."""
    whole = text.encode("utf-8", "replace").decode()
    if len(whole) <= WORDS:
        return whole
    return f"{whole[:WORDS]}… ({len(whole) - WORDS} more characters)"
