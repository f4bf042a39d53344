"""One reader of the log for all clients: it folds, and keeps the last events as frames that everybody shares."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from functools import cached_property

from hive.dashboard.feed import Feed
from hive.dashboard.web.history import History
from hive.events import Envelope
from hive.model import digest
from hive.ports import EventLog

COALESCE = 0.016
"""Seconds in which what happens becomes one message."""
KEPT_EVENTS = 20_000
"""Events kept for clients that were away or are slow; who is further behind begins anew."""
LARGEST_FRAME = 500
"""Events in one message."""
PAGE = 2_000
MOST_PENDING = 10_000
BUSY = ("preparing", "working", "landing")
OVER = ("landed", "discarded")


@dataclass(frozen=True)
class Frame:
    """Events that came at the same time; its text is made once, whoever wants it."""

    after: int
    seq: int
    events: Sequence[Envelope]
    text: str


Render = Callable[[int, Sequence[Envelope]], str]


class Hub:
    """The fold, its history, and the tail of the log."""

    def __init__(self, log: EventLog, render: Render, coalesce: float = COALESCE) -> None:
        self.log = log
        self.feed = Feed(log)
        self.history = History()
        self.ready = asyncio.Event()
        """Set once the whole log has been read."""
        self.clients = 0
        self.resyncs = 0
        self.events = 0
        self._render = render
        self._coalesce = coalesce
        self._frames: deque[Frame] = deque()
        self._kept = 0
        self._pending: deque[Envelope] = deque()
        self._came = asyncio.Event()
        self._room = asyncio.Event()
        self._news = asyncio.Event()

    @property
    def seq(self) -> int:
        """The last event that clients can have."""
        return self.feed.seq

    @cached_property
    def _identity(self) -> str:
        first = self.log.read(limit=1)
        return digest(first[0].model_dump_json())[:16] if first else ""

    @property
    def identity(self) -> str:
        """What tells this log from another one on the same address; empty while nothing has happened."""
        if not self._identity:
            del self.__dict__["_identity"]
        return self._identity

    async def run(self) -> None:
        """Read the log, then follow it, for ever."""
        await self._catch_up()
        self.ready.set()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._collect())
            group.create_task(self._publish())

    async def _catch_up(self) -> None:
        while batch := await asyncio.to_thread(self.log.read, self.feed.seq, None, PAGE):
            self._fold(batch)
            await asyncio.sleep(0)

    async def _collect(self) -> None:
        async with aclosing(self.log.follow(after=self.feed.seq)) as batches:
            async for batch in batches:
                for start in range(0, len(batch), PAGE):
                    while len(self._pending) > MOST_PENDING:
                        self._room.clear()
                        await self._room.wait()
                    self._pending.extend(batch[start : start + PAGE])
                    self._came.set()

    async def _publish(self) -> None:
        while True:
            await self._came.wait()
            self._came.clear()
            await asyncio.sleep(self._coalesce)
            while self._pending:
                count = min(len(self._pending), LARGEST_FRAME)
                self.take([self._pending.popleft() for _ in range(count)])
                self._room.set()
                await asyncio.sleep(0)

    def catch_up(self) -> None:
        """Take in what is in the log now: whoever has decided something wants to see it decided."""
        self.take(self.log.read(after=self.feed.seq, limit=PAGE))

    def take(self, batch: Iterable[Envelope]) -> None:
        """Fold events in and tell all clients; events seen before change nothing."""
        after = self.feed.seq
        fresh = self._fold(batch)
        if not fresh:
            return
        self._frames.append(Frame(after, self.feed.seq, fresh, self._render(after, fresh)))
        self._kept += len(fresh)
        while self._kept > KEPT_EVENTS and len(self._frames) > 1:
            self._kept -= len(self._frames.popleft().events)
        news, self._news = self._news, asyncio.Event()
        news.set()

    def _fold(self, batch: Iterable[Envelope]) -> list[Envelope]:
        fresh = [envelope for envelope in batch if envelope.seq > self.feed.seq]
        for envelope in fresh:
            self.feed.take((envelope,))
            if state := self.feed.runs.get(envelope.run):
                self.history.note(state, envelope)
        self.events += len(fresh)
        return fresh

    def frames_after(self, seq: int) -> list[Frame] | None:
        """Frames with later events; none when some of them are no longer kept, or `seq` is within a frame."""
        if seq == self.seq:
            return []
        found: list[Frame] = []
        for frame in reversed(self._frames):
            if frame.seq <= seq:
                break
            found.append(frame)
        return found[::-1] if found and found[-1].after == seq else None

    def busy(self) -> bool:
        """Whether anything is to be done that no person has to decide."""
        return any(
            state.phase in BUSY or (state.phase in OVER and not state.closed)
            for state in self.feed.runs.values()
        )

    async def news(self, seconds: float) -> None:
        """Wait for the next frame, for so long at most."""
        event = self._news
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            return

    @asynccontextmanager
    async def client(self) -> AsyncGenerator[None, None]:
        """Count somebody who listens."""
        self.clients += 1
        try:
            yield
        finally:
            self.clients -= 1
