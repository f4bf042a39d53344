"""The fold of a long log: closed runs stay closed, open ones are folded newest first, then all is followed."""

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from typing import Protocol

from hive.dashboard.feed import INTERVAL, Feed
from hive.events import Envelope, RunClosed, RunCreated
from hive.ports import EventLog
from hive.state import RunState, apply

PAGE = 2000
"""Events that are folded at a time; between two pages the screen is served."""
TAP_EVENTS = 5000
"""Events kept for a reader that does not take them; older ones are dropped, it can read them in the log."""


class History(Protocol):
    """Reading a log without reading all of it."""

    def heads(self) -> Sequence[tuple[Envelope, Envelope]]:
        """The first and the last event of every run, oldest run first."""
        ...

    def recent(
        self, run: str, service: str | None = None, *, before: int | None = None, limit: int = 1000
    ) -> Sequence[Envelope]:
        """The last events of a run or of one service, older than `before`; in order."""
        ...


class Tap:
    """What happens in one service of a run, for a reader that takes it in steps."""

    def __init__(self, run: str, service: str | None) -> None:
        self.run = run
        self.service = service
        self.dropped = 0
        self._events: deque[Envelope] = deque()

    def add(self, envelope: Envelope) -> None:
        """Keep the event, and the oldest no longer when there are too many."""
        self._events.append(envelope)
        if len(self._events) > TAP_EVENTS:
            self._events.popleft()
            self.dropped += 1

    def drain(self) -> tuple[list[Envelope], int]:
        """What came since the last time, and how many older ones were dropped."""
        taken, dropped = list(self._events), self.dropped
        self._events.clear()
        self.dropped = 0
        return taken, dropped


class Board(Feed):
    """All runs of a project. `runs` are folded, `past` are closed and known by their first and last event."""

    def __init__(self, log: EventLog, history: History, *, interval: float = INTERVAL) -> None:
        super().__init__(log, interval=interval)
        self.history = history
        self.past: dict[str, tuple[Envelope, Envelope]] = {}
        self.ready = asyncio.Event()
        """Set as soon as every run is known by name."""
        self._unfolded: list[str] = []
        self._folding: dict[str, list[Envelope]] = {}
        self._taps: set[Tap] = set()

    @property
    def folding(self) -> int:
        """How many open runs are not folded yet."""
        return len(self._unfolded)

    async def follow(self) -> None:
        """Take in everything, for ever. Can be called again when it failed: it goes on where it was."""
        if not self.ready.is_set():
            await self._survey()
        following = asyncio.ensure_future(self._follow())
        try:
            await self._fold_open()  # to its end, even when following has failed meanwhile
            await following
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)

    async def _survey(self) -> None:
        for first, last in await asyncio.to_thread(self.history.heads):
            self.seq = max(self.seq, last.seq)
            if isinstance(last.event, RunClosed):
                self.past[first.run] = (first, last)
            elif isinstance(first.event, RunCreated):
                self._unfolded.append(first.run)
        self.ready.set()
        self.tell(self.past)

    async def _fold_open(self) -> None:
        while self._unfolded:
            newest = self._unfolded[-1]
            await self.load(newest)
            self._unfolded = [name for name in self._unfolded if name != newest]

    async def _follow(self) -> None:
        async with aclosing(self.log.follow(after=self.seq)) as batches:
            async for batch in batches:
                for start in range(0, len(batch), PAGE):
                    self.take(batch[start : start + PAGE])
                    await asyncio.sleep(0)

    def take(self, batch: Iterable[Envelope]) -> frozenset[str]:
        """Fold a batch into the runs that are folded; the others get it when they are."""
        changed = set()
        for envelope in batch:
            if envelope.seq <= self.seq:
                continue
            self.seq = envelope.seq
            if self._fold_in(envelope):
                changed.add(envelope.run)
            for tap in self._taps:
                if tap.run == envelope.run and tap.service in (None, envelope.service):
                    tap.add(envelope)
        self.tell(changed)
        return frozenset(changed)

    def _fold_in(self, envelope: Envelope) -> bool:
        known = self.runs.get(envelope.run)
        if known is None and not isinstance(envelope.event, RunCreated):
            self._folding.get(envelope.run, []).append(envelope)
            return False
        if known is None or envelope.seq > known.seq:
            self.runs[envelope.run] = apply(known, envelope)
        return True

    async def load(self, run: str) -> RunState | None:
        """The run, folded now if it was not before; none when the log does not have it.

        Waits until the board follows: an event between reading and following would be lost.
        """
        await self.ready.wait()
        if run not in self.runs and run not in self._folding:
            self._folding[run] = []
            try:
                state = await self._folded(run)
                for late in self._folding[run]:
                    if state is not None and late.seq > state.seq:
                        state = apply(state, late)
            finally:
                del self._folding[run]
            if state is not None:
                self.runs.setdefault(run, state)
                self.tell([run])
        while run in self._folding:
            await asyncio.sleep(self.interval)
        return self.runs.get(run)

    async def _folded(self, run: str) -> RunState | None:
        state: RunState | None = None
        while page := await asyncio.to_thread(self._page, run, state.seq if state else 0):
            for envelope in page:
                if state is not None or isinstance(envelope.event, RunCreated):
                    state = apply(state, envelope)
            if len(page) < PAGE or state is None:
                break
        return state

    def _page(self, run: str, after: int) -> list[Envelope]:
        return self.log.read(after=after, run=run, limit=PAGE)

    @contextmanager
    def tap(self, run: str, service: str | None) -> Iterator[Tap]:
        """Listen to a service, from now on."""
        made = Tap(run, service)
        self._taps.add(made)
        try:
            yield made
        finally:
            self._taps.discard(made)
