"""The append-only event log; sequence numbers have no gap and no repeat."""

from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import UTC, datetime
from sqlite3 import Connection

from hive import faults
from hive.events import Draft, Envelope, Event, parse
from hive.redaction import Redactor
from hive.store.database import Database

Row = tuple[int, str, str | None, str, str, str]
INSERT = "INSERT INTO event (seq, run, service, at, kind, body) VALUES (?, ?, ?, ?, ?, ?)"
SELECT = "SELECT seq, run, service, at, kind, body FROM event"
EDGES = """
WITH RECURSIVE names(run) AS (
    SELECT min(run) FROM event
    UNION ALL SELECT (SELECT min(run) FROM event WHERE run > names.run) FROM names WHERE names.run IS NOT NULL
)
SELECT (SELECT min(seq) FROM event WHERE run = names.run), (SELECT max(seq) FROM event WHERE run = names.run), run
FROM names WHERE names.run IS NOT NULL
ORDER BY 1
"""
"""Of every run its first and its last number, oldest run first.

Two seeks in the index for each: grouping would walk through every event.
"""
POLL_SECONDS = 0.06
"""Between two looks at a log to which nothing comes: looking is most of what a screen at rest does."""
QUICK_SECONDS = 0.008
"""Between two looks just after something came: more is likely to follow."""
SLOWER = 1.05
"""From one look to the next; after half a second they are 30 ms apart."""
AT_ONCE = 100
"""Events that are read without a thread: to wait for one takes longer where the processors are busy."""
BATCH = 5000
WORDS = frozenset(
    {
        "agent_reported", "turn_started", "turn_finished", "check_finished", "work_returned", "task_settled",
        "changeset_tested", "landing_refused", "note_posted", "run_failed",
    }
)  # fmt: skip
"""Kinds that carry what agents and programs say; plans, digests and a person's own words stay as they are."""


class SqlEventLog:
    """Implements `ports.EventLog` on a project's database."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        redactor: Redactor | None = None,
    ) -> None:
        self._database = database
        self._now = now
        self._redactor = redactor or Redactor()

    def append(self, *drafts: Draft, durable: bool = False) -> list[Envelope]:
        """Add events in one transaction; `durable` waits until the disk has them."""
        if not drafts:
            return []
        faults.point("event.before")
        at = self._now()
        events = [self._redacted(draft.event) for draft in drafts]
        with self._database.write(durable=durable) as connection:
            (last,) = connection.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()
            envelopes = [
                Envelope(seq=last + n, run=draft.run, service=draft.service, at=at, event=event)
                for n, (draft, event) in enumerate(zip(drafts, events, strict=True), 1)
            ]
            connection.executemany(INSERT, map(_row, envelopes))
        faults.point("event.after")
        return envelopes

    def _redacted(self, event: Event) -> Event:
        """The event without secrets, where it carries words of agents and of programs."""
        if event.kind not in WORDS:
            return event
        body = event.model_dump_json()
        without = self._redactor.text(body)
        return event if without == body else type(event).model_validate_json(without)

    def read(
        self, after: int = 0, run: str | None = None, limit: int | None = None, *, without: Sequence[str] = ()
    ) -> list[Envelope]:
        """Events with a greater sequence number, in order; those of some kinds may be left out."""
        where = "seq > ?"
        values: list[int | str] = [after]
        if run is not None:
            where, values = f"{where} AND run = ?", [*values, run]
        if without:
            where, values = f"{where} AND kind NOT IN ({', '.join('?' * len(without))})", [*values, *without]
        query = f"{SELECT} WHERE {where} ORDER BY seq LIMIT ?"
        with self._database.read() as connection:
            return [
                _envelope(row) for row in connection.execute(query, (*values, -1 if limit is None else limit))
            ]

    async def follow(self, after: int = 0, run: str | None = None) -> AsyncGenerator[list[Envelope], None]:
        """Batches of events as they come, for ever; the first may be empty, when there is nothing yet."""
        import asyncio  # slow to import, and whoever only reads needs none of it

        first = True
        with self._database.connection() as watcher:
            seen, wait = None, POLL_SECONDS
            while True:
                # data_version changes when any other connection commits: far cheaper than asking the table
                version = watcher.execute("PRAGMA data_version").fetchone()
                if version != seen:
                    limit, batch = AT_ONCE, self.read(after, run, AT_ONCE)
                    while batch:
                        after, first, full = batch[-1].seq, False, len(batch) == limit
                        yield batch
                        limit = BATCH
                        batch = await asyncio.to_thread(self.read, after, run, limit) if full else []
                    seen, wait = version, QUICK_SECONDS
                if first:
                    first = False
                    yield []
                await asyncio.sleep(wait)
                wait = min(POLL_SECONDS, wait * SLOWER)

    def heads(self) -> list[tuple[Envelope, Envelope]]:
        """The first and the last event of every run, oldest run first: what lists need, without its events."""
        with self._database.read() as connection:
            edges = connection.execute(EDGES).fetchall()
            return [(self._at(connection, first), self._at(connection, last)) for first, last, _ in edges]

    @staticmethod
    def _at(connection: Connection, seq: int) -> Envelope:
        return _envelope(connection.execute(f"{SELECT} WHERE seq = ?", (seq,)).fetchone())

    def recent(
        self, run: str, service: str | None = None, *, before: int | None = None, limit: int = 1000
    ) -> list[Envelope]:
        """The last events of a run, or of one service of it, older than `before`; in order."""
        where = "run = ?"
        values: list[int | str] = [run]
        if service is not None:
            where, values = f"{where} AND service = ?", [*values, service]
        if before is not None:
            where, values = f"{where} AND seq < ?", [*values, before]
        query = f"{SELECT} WHERE {where} ORDER BY seq DESC LIMIT ?"
        with self._database.read() as connection:
            return [_envelope(row) for row in connection.execute(query, (*values, limit))][::-1]

    def quiet(self, run: str) -> list[Envelope]:
        """All events of a run but what its agents said, which is most of them; in order."""
        return self.read(run=run, without=("agent_reported",))

    def runs(self) -> Sequence[str]:
        """Ids of all runs, oldest first."""
        with self._database.read() as connection:
            return [run for _, _, run in connection.execute(EDGES)]


def _row(envelope: Envelope) -> Row:
    body = envelope.event.model_dump_json()
    at = envelope.at.isoformat()
    return envelope.seq, envelope.run, envelope.service, at, envelope.event.kind, body


def _envelope(row: Row) -> Envelope:
    seq, run, service, at, kind, body = row
    event, when = parse(kind, body), datetime.fromisoformat(at)
    return Envelope.model_construct(seq=seq, run=run, service=service, at=when, event=event)
