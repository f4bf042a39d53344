"""The `propagate` agent: one turn of following an example through a service."""

import asyncio
from collections.abc import AsyncGenerator

from hive.agents.propagate.turn import Turn
from hive.errors import HiveError
from hive.model import Assignment, Ended, Report
from hive.ports import Inbox, Tools


class Propagate:
    """Adds a field wherever the fields beside it are; deterministic, without a model."""

    async def work(self, assignment: Assignment, inbox: Inbox, tools: Tools) -> AsyncGenerator[Report, None]:
        """Edit the service's files in place and report each place; messages of a person are not understood."""
        del inbox, tools
        try:
            steps = Turn(assignment).steps()
            while (reports := await asyncio.to_thread(next, steps, None)) is not None:
                for report in reports:
                    yield report
        except HiveError as error:
            yield Ended(outcome="failed", reason=str(error))
