"""One reader of the log for all clients: it folds, and keeps the last events as frames that everybody shares."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing, asynccontextmanager
from functools import cached_property
from itertools import islice
from typing import Protocol

from hive.dashboard import board
from hive.dashboard.board import Board
from hive.dashboard.web.frames import Frame
from hive.dashboard.web.history import History
from hive.events import AgentReported, Envelope
from hive.model import Spent, digest
from hive.ports import EventLog
from hive.state import RunState

COALESCE = 0.008
"""Seconds between two messages at the least: what happens meanwhile becomes one."""
PER_CLIENT = 0.0003
LONGEST = 0.03
"""The more clients there are, the more happens between two messages, up to this many seconds."""
KEPT_EVENTS = 20_000
"""Events kept for clients that were away or are slow; who is further behind begins anew."""
KEPT_TEXT = 32 << 20
"""Characters of their messages that are kept."""
LARGEST_FRAME = 500
"""Events in one message."""
PAGE = 2_000
MOST_CLOSED = 100
"""Closed runs that stay folded, those that somebody looked at last."""
MOST_PENDING = 10_000
BUSY = ("preparing", "working", "landing")
OVER = ("landed", "discarded")


class Render(Protocol):
    """Makes a frame."""

    def __call__(self, after: int, seq: int, events: Sequence[Envelope], loaded: Iterable[str]) -> Frame:
        """Of the events after one number up to another, and of runs that were loaded meanwhile."""
        ...


class Hub:
    """The fold, its history, and the tail of the log."""

    def __init__(
        self, log: EventLog, history: board.History, render: Render, coalesce: float = COALESCE
    ) -> None:
        self.log = log
        self.history = History()
        self.board = Board(log, history, interval=coalesce, notes=self, most_closed=MOST_CLOSED)
        self.clients = 0
        self.resyncs = 0
        self.events = 0
        """Taken in since the server began, as is what they spent."""
        self.spent = Spent()
        self._render = render
        self._coalesce = coalesce
        self._frames: deque[Frame] = deque()
        self._made = 0
        """How many frames there have been; a client's place is the number of those that it has."""
        self._kept_events = 0
        self._kept_text = 0
        self._pending: deque[Envelope] = deque()
        self._came = asyncio.Event()
        self._room = asyncio.Event()
        self._news = asyncio.Event()

    @property
    def seq(self) -> int:
        """The last event that clients can have."""
        return self.board.seq

    @property
    def ready(self) -> asyncio.Event:
        """Set once every run is known by name."""
        return self.board.ready

    @property
    def place(self) -> int:
        """Behind the last frame."""
        return self._made

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
        """Get to know the runs, fold the open ones, and follow the log, for ever."""
        await self.board.survey()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._collect())
            group.create_task(self._publish())
            group.create_task(self.board.fold_open())

    async def _collect(self) -> None:
        async with aclosing(self.log.follow(after=self.seq)) as batches:
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
            while self._pending:
                count = min(len(self._pending), LARGEST_FRAME)
                self.take([self._pending.popleft() for _ in range(count)])
                self._room.set()
                await asyncio.sleep(0)
            await asyncio.sleep(max(self._coalesce, min(LONGEST, self.clients * PER_CLIENT)))

    async def catch_up(self) -> None:
        """Take in what is in the log now: whoever has decided something wants to see it decided."""
        await self.ready.wait()
        while batch := await asyncio.to_thread(self.log.read, self.seq, None, PAGE):
            self.take(batch)

    def take(self, batch: Iterable[Envelope]) -> None:
        """Fold events in and tell all clients; events seen before change nothing."""
        after = self.seq
        fresh = [envelope for envelope in batch if envelope.seq > after]
        if not fresh:
            return
        self.board.take(fresh)
        self.events += len(fresh)
        self._count(fresh)
        self._add(after, fresh)

    def _count(self, fresh: Iterable[Envelope]) -> None:
        reports = [each.event.report for each in fresh if isinstance(each.event, AgentReported)]
        spent = [self.spent, *(report for report in reports if isinstance(report, Spent))]
        if len(spent) > 1:
            self.spent = Spent(
                input_tokens=sum(each.input_tokens for each in spent),
                output_tokens=sum(each.output_tokens for each in spent),
                cost_usd=sum(each.cost_usd for each in spent),
            )

    def _add(self, after: int, events: Sequence[Envelope], loaded: Iterable[str] = ()) -> None:
        frame = self._render(after, self.seq, events, loaded)
        self._frames.append(frame)
        self._made += 1
        self._kept_events += len(events)
        self._kept_text += frame.size
        while len(self._frames) > 1 and (self._kept_events > KEPT_EVENTS or self._kept_text > KEPT_TEXT):
            gone = self._frames.popleft()
            self._kept_events -= len(gone.events)
            self._kept_text -= gone.size
        news, self._news = self._news, asyncio.Event()
        news.set()

    def note(self, state: RunState, envelope: Envelope) -> None:
        """Of the board: a run went on."""
        self.history.note(state, envelope)

    def loaded(self, run: str) -> None:
        """Of the board: a run can be seen whole now, which no event tells."""
        self._add(self.seq, [], [run])

    def forget(self, run: str) -> None:
        """Of the board: a run is no longer folded."""
        self.history.forget(run)

    def place_at(self, seq: int) -> int | None:
        """The place of a client that has all up to this event; none when what follows is not kept as frames."""
        found = self._made if seq == self.seq else None
        for back, frame in enumerate(reversed(self._frames), 1):
            if frame.after < seq:
                break
            if frame.after == seq:
                found = self._made - back
        return found

    def frames_from(self, place: int) -> list[Frame] | None:
        """The frames behind a place; none when some of them are no longer kept."""
        count = self._made - place
        if count > len(self._frames):
            return None
        return list(islice(reversed(self._frames), count))[::-1]

    def busy(self) -> bool:
        """Whether anything is to be done that no person has to decide."""
        return any(
            state.phase in BUSY or (state.phase in OVER and not state.closed)
            for state in self.board.runs.values()
            if not state.closed
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
