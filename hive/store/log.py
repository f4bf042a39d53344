"""The append-only event log on SQLAlchemy core; sequence numbers have no gap and no repeat."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import (
    Connection,
    RowMapping,
    func,
    insert,
    select,
)

from hive import faults
from hive.events import EVENT, Draft, Envelope, Event, Unknown
from hive.redaction import Redactor
from hive.store.database import Database
from hive.store.schema import EVENTS

POLL_SECONDS = 0.03
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
            last = connection.scalar(select(func.max(EVENTS.c.seq))) or 0
            envelopes = [
                Envelope(seq=last + n, run=draft.run, service=draft.service, at=at, event=event)
                for n, (draft, event) in enumerate(zip(drafts, events, strict=True), 1)
            ]
            connection.execute(insert(EVENTS), [_row(envelope) for envelope in envelopes])
        faults.point("event.after")
        return envelopes

    def _redacted(self, event: Event) -> Event:
        """The event without secrets, where it carries words of agents and of programs."""
        if event.kind not in WORDS:
            return event
        body = EVENT.dump_json(event).decode()
        without = self._redactor.text(body)
        return event if without == body else EVENT.validate_json(without)

    def read(self, after: int = 0, run: str | None = None, limit: int | None = None) -> list[Envelope]:
        """Events with a greater sequence number, in order."""
        query = select(EVENTS).where(EVENTS.c.seq > after).order_by(EVENTS.c.seq).limit(limit)
        if run is not None:
            query = query.where(EVENTS.c.run == run)
        with self._database.read() as connection:
            return [_envelope(row) for row in connection.execute(query).mappings()]

    async def follow(self, after: int = 0, run: str | None = None) -> AsyncGenerator[list[Envelope], None]:
        """Batches of events as they come, for ever; the first may be empty, when there is nothing yet."""
        first = True
        with self._database.read() as watcher:
            seen = None
            while True:
                # data_version changes when any other connection commits: far cheaper than asking the table
                version = watcher.connection.dbapi_connection.execute("PRAGMA data_version").fetchone()  # type: ignore[union-attr]
                if version != seen:
                    while batch := await asyncio.to_thread(self.read, after, run, BATCH):
                        after, first = batch[-1].seq, False
                        yield batch
                    seen = version
                if first:
                    first = False
                    yield []
                await asyncio.sleep(POLL_SECONDS)

    def heads(self) -> list[tuple[Envelope, Envelope]]:
        """The first and the last event of every run, oldest run first: what lists need, without its events."""
        names = select(func.min(EVENTS.c.run).label("run")).cte("names", recursive=True)
        following = select(func.min(EVENTS.c.run)).where(EVENTS.c.run > names.c.run).scalar_subquery()
        names = names.union_all(select(following).where(names.c.run.is_not(None)))
        # Two seeks in the index for each run: grouping would walk through every event.
        first, last = (
            select(edge(EVENTS.c.seq)).where(EVENTS.c.run == names.c.run).scalar_subquery()
            for edge in (func.min, func.max)
        )
        query = select(first.label("first"), last.label("last")).where(names.c.run.is_not(None))
        with self._database.read() as connection:
            pairs = sorted((row.first, row.last) for row in connection.execute(query))
            return [(self._at(connection, first), self._at(connection, last)) for first, last in pairs]

    @staticmethod
    def _at(connection: Connection, seq: int) -> Envelope:
        found = connection.execute(select(EVENTS).where(EVENTS.c.seq == seq))
        return _envelope(found.mappings().one())

    def recent(
        self, run: str, service: str | None = None, *, before: int | None = None, limit: int = 1000
    ) -> list[Envelope]:
        """The last events of a run, or of one service of it, older than `before`; in order."""
        query = select(EVENTS).where(EVENTS.c.run == run).order_by(EVENTS.c.seq.desc()).limit(limit)
        if service is not None:
            query = query.where(EVENTS.c.service == service)
        if before is not None:
            query = query.where(EVENTS.c.seq < before)
        with self._database.read() as connection:
            return [_envelope(row) for row in connection.execute(query).mappings()][::-1]

    def runs(self) -> Sequence[str]:
        """Ids of all runs, oldest first."""
        query = select(EVENTS.c.run).group_by(EVENTS.c.run).order_by(func.min(EVENTS.c.seq))
        with self._database.read() as connection:
            return list(connection.scalars(query))


def _row(envelope: Envelope) -> dict[str, Any]:
    return {
        "seq": envelope.seq,
        "run": envelope.run,
        "service": envelope.service,
        "at": envelope.at.isoformat(),
        "kind": envelope.event.kind,
        "body": EVENT.dump_json(envelope.event).decode(),
    }


def _envelope(row: RowMapping) -> Envelope:
    try:
        parsed = EVENT.validate_json(row["body"])
    except ValidationError:
        parsed = Unknown(original=row["kind"], payload=row["body"])
    return Envelope(
        seq=row["seq"],
        run=row["run"],
        service=row["service"],
        at=datetime.fromisoformat(row["at"]),
        event=parsed,
    )
