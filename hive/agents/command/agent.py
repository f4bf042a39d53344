"""The adapter `command`: whatever the user's own settings name."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Self

from hive.agents.command.session import CommandTurn
from hive.agents.command.template import parse
from hive.agents.means import Means
from hive.agents.relay import relayed
from hive.agents.session import leave_nothing
from hive.errors import UsageError
from hive.model import Assignment, Report
from hive.ports import Inbox, Tools


@dataclass(frozen=True)
class Command:
    """One process for each turn."""

    means: Means
    words: tuple[str, ...]

    @classmethod
    def with_means(cls, means: Means) -> Self:
        """Raises UsageError when the user has set no command, or one that cannot be filled."""
        if not means.settings.command:
            raise UsageError(
                "the agent 'command' has no command",
                next_step="set `command` in your own settings, such as `my-agent --task {brief_file}`",
            )
        return cls(means, parse(means.settings.command))

    async def work(self, assignment: Assignment, inbox: Inbox, tools: Tools) -> AsyncGenerator[Report, None]:
        """One turn."""
        turn = CommandTurn(assignment, self.means, tools, self.words)
        account = self.means.account(assignment.run, self.words[0])
        try:
            async with aclosing(relayed(turn, inbox, account)) as reports:
                async for report in reports:
                    yield report
        finally:
            await leave_nothing(assignment)
