"""Events appended per second, against raw sqlite3 writing the same rows."""

import sqlite3
import tempfile
from pathlib import Path

from benchmarks.measure import Ratio, compare, timed
from hive.events import EVENT, AgentReported, Draft
from hive.model import Said
from hive.store import Database, SqlEventLog

BATCH = 100
BATCHES = 100
EVENT_ROW = AgentReported(turn=1, report=Said(text="x" * 150))


def run() -> list[Ratio]:
    """In batches, as streams are written, and one by one, as decisions are."""
    return [_compare(BATCH, BATCHES), _compare(1, 1000)]


def _compare(size: int, count: int) -> Ratio:
    what = f"{size * count} events in batches of {size}"
    return compare(
        f"events by {size}",
        (f"`EventLog.append`, {what}", lambda _: _hive(size, count)),
        ("`sqlite3`, WAL and NORMAL, same rows", lambda _: _raw(size, count)),
        rounds=7,
    )


def _hive(size: int, count: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(Path(folder) / "hive.db")
        log = SqlEventLog(database)
        drafts = [Draft(run="r", service="users", event=EVENT_ROW)] * size

        def write() -> None:
            for _ in range(count):
                log.append(*drafts)

        seconds = timed(write)
        database.close()
        return seconds


def _raw(size: int, count: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "raw.db", isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("CREATE TABLE event (seq INTEGER PRIMARY KEY, run, service, at, kind, body)")
        connection.execute("CREATE INDEX event_by_run ON event (run, seq)")
        body = EVENT.dump_json(EVENT_ROW).decode()
        row = ("r", "users", "2026-01-01T00:00:00+00:00", "agent_reported", body)

        def write() -> None:
            for _ in range(count):
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany(
                    "INSERT INTO event (run, service, at, kind, body) VALUES (?, ?, ?, ?, ?)", [row] * size
                )
                connection.execute("COMMIT")

        seconds = timed(write)
        connection.close()
        return seconds
