"""The adapter for agents that speak the Agent Client Protocol."""

import shlex
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Self

from hive.agents.acp.session import AcpTurn
from hive.agents.catalog import CatalogEntry, catalog
from hive.agents.means import Means
from hive.agents.relay import relayed
from hive.agents.session import leave_nothing
from hive.errors import UsageError
from hive.model import Assignment, Report
from hive.ports import Inbox, Tools


@dataclass
class Acp:
    """One process for each turn."""

    means: Means
    entry: CatalogEntry

    @classmethod
    def named(cls, name: str, means: Means) -> Self:
        """One of the catalogue."""
        return cls(means, catalog()[name])

    @classmethod
    def own(cls, means: Means) -> Self:
        """The one that the user's own settings name. Raises UsageError when there is none."""
        try:
            words = shlex.split(means.settings.acp_command or "")
        except ValueError as error:
            raise UsageError(
                f"the setting 'acp_command' cannot be split into words: {error}",
                next_step="correct it in your own settings",
            ) from error
        if not words:
            raise UsageError(
                "the agent 'acp' has no command", next_step="set `acp_command` in your own settings"
            )
        return cls(means, CatalogEntry(name="acp", description="", command=tuple(words), install=""))

    async def work(self, assignment: Assignment, inbox: Inbox, tools: Tools) -> AsyncGenerator[Report, None]:
        """One turn."""
        try:
            turn = AcpTurn(assignment, self.means, tools, self.entry)
            account = self.means.account(assignment.run, self.entry.name)
            async with aclosing(relayed(turn, inbox, account)) as reports:
                async for report in reports:
                    yield report
        finally:
            await leave_nothing(assignment)
