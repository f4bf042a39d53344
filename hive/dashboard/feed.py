"""The fold of an event log, kept up to date and told on in coalesced steps."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing

from hive.events import Envelope
from hive.ports import EventLog
from hive.state import RunState, advance

INTERVAL = 0.1
"""Seconds between two steps at the least: ten redraws a second are as many as anybody can read."""


class _Reader:
    def __init__(self, pending: Iterable[str]) -> None:
        self.pending = set(pending)
        self.news = asyncio.Event()
        self.tell(())

    def tell(self, changed: Iterable[str]) -> None:
        self.pending.update(changed)
        if self.pending:
            self.news.set()

    def taken(self) -> frozenset[str]:
        taken = frozenset(self.pending)
        self.pending.clear()
        self.news.clear()
        return taken


class Feed:
    """What every screen stands on: `runs` is the fold so far, `changes` says when to look again."""

    def __init__(self, log: EventLog, *, run: str | None = None, interval: float = INTERVAL) -> None:
        self.log = log
        self.run = run
        self.interval = interval
        self.runs: dict[str, RunState] = {}
        self.seq = 0
        """The last event that is folded in."""
        self._readers: set[_Reader] = set()

    def take(self, batch: Iterable[Envelope]) -> frozenset[str]:
        """Fold a batch in; the ids of the runs that it changed. Events seen before change nothing."""
        fresh = [envelope for envelope in batch if envelope.seq > self.seq]
        self.seq = fresh[-1].seq if fresh else self.seq
        changed = advance(self.runs, fresh)
        self.tell(changed)
        return changed

    def tell(self, changed: Iterable[str]) -> None:
        """Let every reader look at these runs again."""
        for reader in self._readers:
            reader.tell(changed)

    def catch_up(self) -> frozenset[str]:
        """Fold in everything that the log has now."""
        return self.take(self.log.read(after=self.seq, run=self.run))

    async def follow(self) -> None:
        """Fold in what comes, for ever; whoever owns the feed runs this beside its readers, once."""
        async with aclosing(self.log.follow(after=self.seq, run=self.run)) as batches:
            async for batch in batches:
                self.take(batch)

    async def changes(self) -> AsyncGenerator[frozenset[str], None]:
        """Ids of the runs that changed since this reader's last step, for ever; first, every known run.

        A reader that is slow gets fewer and larger steps: nothing queues up behind it, and no other waits.
        """
        reader = _Reader(self.runs)
        self._readers.add(reader)
        try:
            while True:
                await reader.news.wait()
                yield reader.taken()
                await asyncio.sleep(self.interval)
        finally:
            self._readers.discard(reader)
