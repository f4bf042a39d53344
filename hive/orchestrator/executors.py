"""A project's executors: so many checks of unions at a time, the surest first, and equal checks only once."""

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Executors:
    """Shared by all units of the merge queue; used by one event loop."""

    def __init__(self) -> None:
        self._busy = 0
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._turns = itertools.count()
        self._locks: dict[str, asyncio.Lock] = {}

    @asynccontextmanager
    async def slot(self, place: int, size: int) -> AsyncIterator[None]:
        """One of `size` executors, as soon as none with a smaller place waits for it."""
        if self._busy < size:
            self._busy += 1
        else:
            await self._turn(place)
        try:
            yield
        finally:
            self._release()

    @asynccontextmanager
    async def alone(self, inputs: str) -> AsyncIterator[None]:
        """Nobody else checks these inputs meanwhile; afterwards the evidence may be there."""
        lock = self._locks.setdefault(inputs, asyncio.Lock())
        try:
            async with lock:
                yield
        finally:
            if not lock.locked():
                self._locks.pop(inputs, None)

    async def _turn(self, place: int) -> None:
        turn = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (place, next(self._turns), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it was its turn already: the next one's now
                self._release()
            raise

    def _release(self) -> None:
        """Hand the executor on, or leave it free."""
        while self._waiting:
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():
                turn.set_result(None)
                return
        self._busy -= 1
