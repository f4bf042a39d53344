"""What the sessions of a run may spend together: reserved before a call, told after it."""

import asyncio
import math
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Budget:
    """One run's money in this process; the event log is what it is made from again after a restart."""

    limit: float = math.inf
    spent: float = 0.0
    reserved: float = 0.0
    _holders: int = 0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def restate(self, limit: float | None, spent: float) -> None:
        """Take what the log says; money that was spent since does not come back."""
        self.limit = math.inf if limit is None else limit
        self.spent = max(self.spent, spent)
        self._wake()

    @property
    def left(self) -> float:
        """US dollars that are not spent, reserved or not; endless without a limit."""
        return max(0.0, self.limit - self.spent)

    @property
    def exhausted(self) -> bool:
        """Whether no call may begin any more."""
        return self.spent > 0 and self.spent >= self.limit

    def spend(self, usd: float) -> None:
        """A session has spent that much."""
        self.spent += usd

    @asynccontextmanager
    async def reservation(self, usd: float) -> AsyncIterator[None]:
        """Hold so much while a call may cost it; waits until it is free, and for ever where nothing is left.

        The last money may be less than a call could cost: then one call is made with it, and no other beside it.
        So all sessions together overspend by one call at most.
        """
        while not self._has_room(usd):
            await self._changed.wait()
        held = min(usd, self.left)
        self.reserved += held
        self._holders += 1
        try:
            yield
        finally:
            self._holders -= 1
            self.reserved = self.reserved - held if self._holders else 0.0  # no crumbs of rounding
            self._wake()

    def _has_room(self, usd: float) -> bool:
        if self.exhausted:
            return False
        return not self._holders or self.left - self.reserved >= usd

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


@dataclass
class Budgets:
    """The budgets of all runs that this process works on."""

    _runs: defaultdict[str, Budget] = field(default_factory=lambda: defaultdict(Budget))

    def of(self, run: str) -> Budget:
        """The run's budget; without a limit as long as nobody has stated one."""
        return self._runs[run]
