"""The adapter `claude`: Claude Code as it ships in its agent SDK."""

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field

from hive.agents.claude.session import ClaudeTurn
from hive.agents.means import Means
from hive.agents.relay import relayed
from hive.agents.session import leave_nothing
from hive.model import Assignment, Report
from hive.ports import Inbox, Tools

RETRIES = 3
"""How often the program tries a failed call of the model again; its own default goes on for minutes."""


@dataclass
class Claude:
    """As many sessions as there are turns; no more programs start at the same time than there are cores."""

    means: Means
    retries: int = RETRIES
    _starting: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(os.cpu_count() or 1))

    async def work(self, assignment: Assignment, inbox: Inbox, tools: Tools) -> AsyncGenerator[Report, None]:
        """One turn; the session of the turns before is continued."""
        try:
            turn = ClaudeTurn(assignment, self.means, self._starting, self.retries)
            async with aclosing(relayed(turn, inbox)) as reports:
                async for report in reports:
                    yield report
        finally:
            await leave_nothing(assignment)
