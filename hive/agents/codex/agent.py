"""The adapter `codex`: the user's own Codex, one app server for each turn."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from hive.agents.codex.session import CodexTurn
from hive.agents.means import Means
from hive.agents.relay import relayed
from hive.agents.session import leave_nothing
from hive.model import Assignment, Report
from hive.ports import Inbox, Tools

RETRIES = 3
"""How often the program tries a failed call of the model again; its own default goes on for minutes."""


@dataclass(frozen=True)
class Codex:
    """As many sessions as there are turns."""

    means: Means
    command: tuple[str, ...] = ("codex",)
    retries: int = RETRIES

    async def work(self, assignment: Assignment, inbox: Inbox, tools: Tools) -> AsyncGenerator[Report, None]:
        """One turn; the thread of the turns before is continued."""
        try:
            account = self.means.account(assignment.run, "codex")
            turn = CodexTurn(assignment, self.means, tools, account, self.command, self.retries)
            async with aclosing(relayed(turn, inbox, account)) as reports:
                async for report in reports:
                    yield report
        finally:
            await leave_nothing(assignment)
