"""One limiter for all sessions of a process that call the same endpoint with the same key."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hive.agents.telling import Tell
from hive.model import Delayed, digest

MOST_CALLS = 256
FIRST_CALLS = 128
TOLD_SECONDS = 0.5
"""A shorter wait is not worth a word."""
LONGEST_SECONDS = 6 * 3600.0
"""How far ahead a reset is waited for; the model's windows of hours are, those of weeks are not."""
REASON = "the model's quota"


@dataclass
class Quota:
    """Closed to everybody while a limit holds that one has met; open for as many calls as have gone well."""

    clock: Callable[[], float] = time.monotonic
    width: float = FIRST_CALLS
    """Calls at a time: one more for a round that goes well, half as many when the model is overloaded
    (additive increase, multiplicative decrease, as TCP does)."""
    calls: int = 0
    _opens: float = 0.0
    _cut: float = 0.0
    _freed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def left(self) -> float:
        """Seconds until it opens; 0 when it is open."""
        return max(0.0, self._opens - self.clock())

    def close_for(self, seconds: float) -> None:
        """Keep everybody back for that long; a shorter wish than one before changes nothing."""
        self._opens = max(self._opens, self.clock() + min(seconds, LONGEST_SECONDS))

    def close_until(self, at: float) -> None:
        """The same, until a time of day in seconds since the epoch."""
        self.close_for(at - time.time())

    async def opened(self, tell: Tell) -> None:
        """Wait until it is open, and tell for how long."""
        told = 0.0
        while (left := self.left) > 0:
            if self._opens > told and (delayed := self.delay()):
                told = self._opens
                await tell(delayed)
                continue
            await asyncio.sleep(left)

    def delay(self) -> Delayed | None:
        """What to tell of the wait as it is now; none when there is hardly any."""
        if self.left < TOLD_SECONDS:
            return None
        return Delayed(until=datetime.now(UTC) + timedelta(seconds=self.left), reason=REASON)

    @asynccontextmanager
    async def call(self, tell: Tell) -> AsyncIterator["Call"]:
        """One call of the model, when it is its turn."""
        await self._enter(tell)
        try:
            yield Call(self, self.clock())
        finally:
            self.calls -= 1
            self._wake()

    async def _enter(self, tell: Tell) -> None:
        while True:
            await self.opened(tell)
            if self.calls < int(self.width):
                self.calls += 1
                return
            await self._freed.wait()

    def _wake(self) -> None:
        self._freed.set()
        self._freed = asyncio.Event()

    def narrow(self, begun: float) -> None:
        """Half as many calls; calls that began before the last such cut have nothing new to say."""
        if begun >= self._cut:
            self.width = max(1.0, min(self.width, float(self.calls)) / 2)
            self._cut = self.clock()

    def widen(self) -> None:
        """A call went well."""
        self.width = min(float(MOST_CALLS), self.width + 1 / self.width)


@dataclass(frozen=True)
class Call:
    """One call under way."""

    quota: Quota
    begun: float

    def throttled(self, seconds: float = 0.0) -> None:
        """The model wants fewer calls, and none at all for so many seconds."""
        self.quota.narrow(self.begun)
        self.quota.close_for(seconds)

    def answered(self) -> None:
        """It went well."""
        self.quota.widen()


@dataclass
class Quotas:
    """The limiters of a process; no key is kept in them."""

    _known: dict[tuple[str, str], Quota] = field(default_factory=dict)

    def of(self, endpoint: str, key: str) -> Quota:
        """The limiter of that key at that endpoint."""
        return self._known.setdefault((endpoint, digest(key)), Quota())
