"""The adapter `anthropic`: the Messages API and tools, in this process."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Self

from hive.agents.anthropic.client import DEFAULT_MODEL, Lines
from hive.agents.anthropic.permitting import Permits
from hive.agents.anthropic.retry import USUAL_PACE, Pace
from hive.agents.anthropic.session import Conversation
from hive.agents.anthropic.toolset import Toolset
from hive.agents.means import Means
from hive.agents.relay import relayed
from hive.agents.session import leave_nothing
from hive.model import Assignment, Report
from hive.ports import Inbox, Tools


@dataclass(frozen=True)
class Anthropic:
    """Any number of sessions at the same time, over one pool of connections."""

    lines: Lines
    means: Means
    model: str
    pace: Pace = USUAL_PACE

    @classmethod
    def with_means(cls, means: Means, pace: Pace = USUAL_PACE) -> Self:
        """Raises UsageError when the user has no key."""
        lines = Lines.of(means.settings, means.environ, "the agent 'anthropic'")
        return cls(lines, means, means.settings.model or DEFAULT_MODEL, pace)

    async def work(self, assignment: Assignment, inbox: Inbox, tools: Tools) -> AsyncGenerator[Report, None]:
        """One turn; the conversation of the turns before is known."""
        try:
            async with self.lines.line() as line:
                hands = Toolset(assignment, self.means, tools)
                account = self.means.account(assignment.run, self.lines.endpoint or "", self.lines.key)
                session = Conversation(
                    assignment,
                    line.client,
                    account,
                    self.model,
                    hands,
                    Permits(self.means),
                    self.means.redactor,
                    self.pace,
                )
                async with aclosing(relayed(session, inbox, account, lockstep=True)) as reports:
                    async for report in reports:
                        yield report
        finally:
            await leave_nothing(assignment)
