"""The fold of a long log: closed runs stay closed, open ones are folded newest first, then all is followed."""

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

from hive.dashboard.feed import INTERVAL, Feed
from hive.dashboard.recall import Recall
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

    def quiet(self, run: str) -> Sequence[Envelope]:
        """All events of a run but what its agents said; in order."""
        ...


class Brief(NamedTuple):
    """A run by its first and its last event."""

    run: str
    request: str
    target: str
    agent: str
    budget_usd: float | None
    sandbox: str
    trusted: bool
    at: datetime
    updated: datetime
    seq: int
    outcome: Literal["landed", "discarded"] | None
    """How it was closed; none while it is open."""


def brief(first: Envelope, created: RunCreated, last: Envelope) -> Brief:
    """What these two events tell."""
    outcome = last.event.outcome if isinstance(last.event, RunClosed) else None
    return Brief(
        first.run, created.request, created.target, created.policy.agent, created.policy.budget_usd,
        created.sandbox, created.trusted, first.at, last.at, last.seq, outcome,
    )  # fmt: skip


class Notes(Protocol):
    """What somebody keeps beside the folded runs."""

    def note(self, state: RunState, envelope: Envelope) -> None:
        """An event has been folded in; the state is the one after it."""
        ...

    def loaded(self, run: str) -> None:
        """The run is folded now, as far as the log went."""
        ...

    def forget(self, run: str) -> None:
        """The run is no longer folded."""
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
    """All runs of a project. `briefs` has every one, oldest first; `runs` those that are folded."""

    def __init__(
        self,
        log: EventLog,
        history: History,
        *,
        interval: float = INTERVAL,
        notes: Notes | None = None,
        most_closed: int | None = None,
    ) -> None:
        super().__init__(log, interval=interval)
        self.history = history
        self.briefs: dict[str, Brief] = {}
        self.ready = asyncio.Event()
        """Set as soon as every run is known by name."""
        self._notes = notes
        self._most_closed = most_closed
        self._unfolded: list[str] = []
        self._folding: dict[str, list[Envelope]] = {}
        self._taps: set[Tap] = set()
        self._recall = Recall(history)

    @property
    def folding(self) -> int:
        """How many open runs are not folded yet."""
        return len(self._unfolded)

    @property
    def past(self) -> dict[str, Brief]:
        """Closed runs, oldest first."""
        return {name: each for name, each in self.briefs.items() if each.outcome}

    async def recall(self) -> None:
        """Fold all open runs, and look back at those closed ones that `with_past` counts."""
        await self.ready.wait()
        await self.fold_open()
        await self._recall.refresh(list(self.past), self.runs)

    def with_past(self) -> list[RunState]:
        """All that the merge queue's order, estimates and reasons are made of, oldest first."""
        return self._recall.all(self.briefs, self.runs)

    async def follow(self) -> None:
        """Take in everything, for ever. Can be called again when it failed: it goes on where it was."""
        await self.survey()
        following = asyncio.ensure_future(self._follow())
        try:
            await self.fold_open()  # to its end, even when following has failed meanwhile
            await following
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)

    async def survey(self) -> None:
        """Get to know every run by its ends; once."""
        if self.ready.is_set():
            return
        for first, last in await asyncio.to_thread(self.history.heads):
            self.seq = max(self.seq, last.seq)
            if isinstance(first.event, RunCreated):
                self.briefs[first.run] = brief(first, first.event, last)
        self._unfolded = [name for name, each in self.briefs.items() if not each.outcome]
        self.ready.set()
        self.tell(self.past)

    async def fold_open(self) -> None:
        """Fold the open runs, newest first."""
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
        event, run = envelope.event, envelope.run
        if isinstance(event, RunCreated):
            self.briefs[run] = brief(envelope, event, envelope)
        known = self.runs.get(run)
        if run in self._folding:
            self._folding[run].append(envelope)
        elif envelope.seq > known.seq if known else isinstance(event, RunCreated):
            known = self.runs[run] = self._apply(known, envelope)
        if isinstance(event, RunClosed) and run in self.briefs:
            self.briefs[run] = self.briefs[run]._replace(
                updated=envelope.at, seq=envelope.seq, outcome=event.outcome
            )
            self._forget(latest=run)
        return known is not None

    def _apply(self, known: RunState | None, envelope: Envelope) -> RunState:
        state = apply(known, envelope)
        if self._notes:
            self._notes.note(state, envelope)
        return state

    def _forget(self, latest: str) -> None:
        """Of the closed runs, keep only those that somebody looked at last: the others can be loaded again."""
        if latest in self.runs:
            self.runs[latest] = self.runs.pop(latest)
        if self._most_closed is None:
            return
        closed = [name for name, state in self.runs.items() if state.closed]
        for name in closed[: max(0, len(closed) - self._most_closed)]:
            del self.runs[name]
            if self._notes:
                self._notes.forget(name)

    async def load(self, run: str) -> RunState | None:
        """The run, folded now if it was not before; none when the log does not have it.

        Waits until the board follows: an event between reading and following would be lost.
        """
        await self.ready.wait()
        while run in self._folding:
            await asyncio.sleep(self.interval)
        if run in self.runs:
            if self.runs[run].closed:
                self._forget(latest=run)
            return self.runs[run]
        self._folding[run] = []
        try:
            state = await self._folded(run)
            for late in self._folding[run]:
                if late.seq > state.seq if state else isinstance(late.event, RunCreated):
                    state = self._apply(state, late)
        finally:
            del self._folding[run]
        if state is not None:
            self.runs[run] = state
            self._forget(latest=run)
            self.tell([run])
            if self._notes:
                self._notes.loaded(run)
        return state

    async def _folded(self, run: str) -> RunState | None:
        state: RunState | None = None
        while page := await asyncio.to_thread(self._page, run, state.seq if state else 0):
            for envelope in page:
                if state is not None or isinstance(envelope.event, RunCreated):
                    state = self._apply(state, envelope)
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
