"""The adapter `claude`: Claude Code as it ships in its agent SDK."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

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
    """As many sessions as there are turns."""

    means: Means
    retries: int = RETRIES

    async def work(self, assignment: Assignment, inbox: Inbox, tools: Tools) -> AsyncGenerator[Report, None]:
        """One turn; the session of the turns before is continued."""
        try:
            environ = self.means.environ
            key = self.means.settings.key(environ) or environ.get("CLAUDE_CODE_OAUTH_TOKEN", "")
            account = self.means.account(assignment.run, environ.get("ANTHROPIC_BASE_URL", ""), key)
            turn = ClaudeTurn(assignment, self.means, tools, account, self.retries)
            async with aclosing(relayed(turn, inbox, account)) as reports:
                async for report in reports:
                    yield report
        finally:
            await leave_nothing(assignment)
