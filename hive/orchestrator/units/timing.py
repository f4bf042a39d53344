"""hive's own time limits on an agent's turn: a stalled stream is the commonest hang."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime

from hive.model import Assignment, Ended, Report

GRACE_SECONDS = 30.0
"""Beyond the time until which a session said that it waits."""
LONGEST_DELAY = 6 * 3600.0
LONGEST_QUESTION = 8 * 3600.0


class Patience:
    """How long the next report of a turn may take; waiting for a person or for quota does not count."""

    def __init__(self, assignment: Assignment, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._idle = assignment.idle_timeout
        self._total = assignment.turn_timeout
        self._end = clock() + assignment.turn_timeout
        self._asked: set[str] = set()
        self._since = clock()
        self._granted = 0.0

    def left(self) -> float:
        """Seconds until patience ends; an adapter may have less of it with a person whom it has asked."""
        waited = self._clock() - self._since
        if self._asked:
            return max(0.0, LONGEST_QUESTION - waited)
        return max(0.0, min(self._idle + self._granted - waited, self._end + self._granted - self._clock()))

    def heard(self, report: Report) -> None:
        """A sign of life, and perhaps a reason for the next one to be late."""
        now = self._clock()
        waited = now - self._since
        self._end += waited if self._asked else min(self._granted, waited)
        self._since, self._granted = now, 0.0
        match report.report:
            case "asked":
                self._asked.add(report.id)
            case "answered":
                self._asked.discard(report.id)
            case "delayed":
                seconds = (report.until - datetime.now(UTC)).total_seconds()
                self._granted = min(max(seconds, 0.0), LONGEST_DELAY) + GRACE_SECONDS
            case _:
                pass

    def lost(self) -> Ended:
        """How a turn ends that nobody waits for any longer."""
        over = self._clock() >= self._end
        limit = self._total if over else self._idle
        what = "did not end" if over else "gave no sign of life"
        return Ended(outcome="timed_out", reason=f"{what} within {limit:g} seconds")


async def timed(
    reports: AsyncGenerator[Report, None], assignment: Assignment
) -> AsyncGenerator[Report, None]:
    """The reports; the last one is hive's own where the agent takes too long or its adapter fails."""
    patience = Patience(assignment)
    try:
        while True:
            try:
                report = await asyncio.wait_for(anext(reports), patience.left())
            except StopAsyncIteration:
                return
            except TimeoutError:
                yield patience.lost()
                return
            except (
                Exception
            ) as error:  # an adapter is outside code: whatever it raises ends its own turn only
                yield Ended(outcome="failed", reason=f"{type(error).__name__}: {error}")
                return
            patience.heard(report)
            yield report
    finally:
        await reports.aclose()
