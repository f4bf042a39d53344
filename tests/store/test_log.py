import asyncio
import multiprocessing
import sqlite3
from pathlib import Path

import pytest

from hive.errors import HiveError, UsageError
from hive.events import Draft, StopRequested, Unknown
from hive.store import Database, SqlEventLog


def open_log(path: Path) -> SqlEventLog:
    return SqlEventLog(Database.open(path / "state" / "hive.db"))


def draft(run: str = "r1", by: str = "me") -> Draft:
    return Draft(run=run, event=StopRequested(by=by))


def append_many(path: Path, count: int) -> None:
    log = open_log(path)
    for _ in range(count):
        log.append(draft())


def test_events_come_back_in_order_with_their_place(tmp_path: Path):
    log = open_log(tmp_path)
    written = log.append(draft("a"), draft("b")) + log.append(draft("a"), durable=True)
    assert [e.seq for e in written] == [1, 2, 3]
    assert log.read() == written
    assert [e.seq for e in log.read(after=1, run="a")] == [3]
    assert [e.seq for e in log.read(limit=2)] == [1, 2]
    assert list(log.runs()) == ["a", "b"]


def test_two_writing_processes_leave_no_gap_and_no_repeat(tmp_path: Path):
    open_log(tmp_path)
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=append_many, args=(tmp_path, 50)) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [e.seq for e in open_log(tmp_path).read()] == list(range(1, 101))


def test_a_follower_gets_every_event_once(tmp_path: Path):
    log, other = open_log(tmp_path), open_log(tmp_path)
    log.append(draft())

    async def follow() -> list[int]:
        seen: list[int] = []
        async for batch in log.follow():
            seen += [e.seq for e in batch]
            if len(seen) == 4:
                return seen
            if len(seen) == 1:
                other.append(draft(), draft())
                log.append(draft())
        return seen

    assert asyncio.run(follow()) == [1, 2, 3, 4]


def test_a_follower_of_an_empty_log_is_told_so(tmp_path: Path):
    async def first() -> list[object]:
        async for batch in open_log(tmp_path).follow():
            return list(batch)
        return [None]

    assert asyncio.run(first()) == []


def test_an_event_of_a_newer_hive_is_kept_as_it_is(tmp_path: Path):
    log = open_log(tmp_path)
    log.append(draft())
    with sqlite3.connect(tmp_path / "state" / "hive.db") as raw:
        raw.execute("UPDATE event SET kind = 'moon_landed', body = '{\"kind\": \"moon_landed\"}'")
    raw.close()
    event = log.read()[0].event
    assert event == Unknown(original="moon_landed", payload='{"kind": "moon_landed"}')


def test_a_database_of_a_newer_hive_is_refused(tmp_path: Path):
    open_log(tmp_path)
    with sqlite3.connect(tmp_path / "state" / "hive.db") as raw:
        raw.execute("PRAGMA user_version = 99")
    raw.close()
    with pytest.raises(UsageError, match="newer hive"):
        open_log(tmp_path)


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path):
    path = tmp_path / "state" / "hive.db"
    path.parent.mkdir()
    path.write_bytes(b"my holiday pictures, not a database at all" * 100)
    before = path.read_bytes()
    with pytest.raises(UsageError, match="not a database"):
        open_log(tmp_path)
    assert path.read_bytes() == before


def test_a_locked_database_says_who_to_look_for(tmp_path: Path):
    log = SqlEventLog(Database.open(tmp_path / "state" / "hive.db", patience=0))
    holder = sqlite3.connect(tmp_path / "state" / "hive.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(HiveError, match="locked by another process"):
        log.append(draft())
    holder.execute("ROLLBACK")
    holder.close()
    assert [e.seq for e in log.append(draft())] == [1]


def test_the_state_is_readable_by_its_owner_alone(tmp_path: Path):
    open_log(tmp_path)
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "state" / "hive.db").stat().st_mode & 0o777 == 0o600


def test_heads_are_the_first_and_the_last_event_of_every_run_oldest_first(tmp_path: Path):
    log = open_log(tmp_path)
    assert log.heads() == []
    written = log.append(draft("b"), draft("a"), draft("b"), draft("c"), draft("a"))
    assert log.heads() == [
        (written[0], written[2]),
        (written[1], written[4]),
        (written[3], written[3]),
    ]


def test_recent_events_are_paged_from_the_end_by_run_and_by_service(tmp_path: Path):
    log = open_log(tmp_path)
    drafts = [
        Draft(run="r", service=name, event=StopRequested(by=str(n)))
        for n, name in enumerate(["users", "web"] * 3)
    ]
    written = log.append(*drafts, draft("other"))
    assert log.recent("r", limit=2) == written[4:6]
    assert log.recent("r", "users", limit=2) == [written[2], written[4]]
    assert log.recent("r", "users", before=written[2].seq) == [written[0]]
    assert log.recent("r", "users", before=1) == []
