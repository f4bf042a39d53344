"""Programs are started no more at a time than there are cores: twenty at once would all be slow."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

FIRST_WORD_SECONDS = 15.0
"""How long a starting program keeps others from starting, at most."""


def _cores() -> asyncio.Semaphore:
    return asyncio.Semaphore(os.cpu_count() or 1)


@dataclass
class Place:
    """One program's place among those that are starting."""

    _slots: asyncio.Semaphore
    _held: bool = True

    def over(self) -> None:
        """It has started: the next one may."""
        if self._held:
            self._held = False
            self._slots.release()


@dataclass
class Starting:
    """The gate that the programs of all adapters of a process start through."""

    slots: asyncio.Semaphore = field(default_factory=_cores)

    @asynccontextmanager
    async def place(self, seconds: float = FIRST_WORD_SECONDS) -> AsyncIterator[Place]:
        """A place, when one is free: until `over`, the end of the block, or so many seconds from now."""
        await self.slots.acquire()
        place = Place(self.slots)
        timer = asyncio.get_running_loop().call_later(seconds, place.over)
        try:
            yield place
        finally:
            timer.cancel()
            place.over()
