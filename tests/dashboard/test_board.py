"""The board of all runs: what it folds, what it reads when, and what the queue learns from it."""

import asyncio

import pytest

from hive import events as e
from hive.cli.tui_backend import queued
from hive.dashboard import board as module
from hive.dashboard import recall
from hive.dashboard.board import Board
from hive.events import Draft
from hive.store import Database, SqlEventLog


@pytest.fixture
def log(tmp_path):
    database = Database.open(tmp_path / "hive.db")
    yield SqlEventLog(database)
    database.close()


def write(log, *stories):
    for story in stories:
        log.append(*(Draft(run=x.run, service=x.service, event=x.event) for x in story.envelopes))


def followed(board, until, during=lambda: None):
    """Follow until it holds."""

    async def together():
        following = asyncio.create_task(board.follow())
        try:
            async with asyncio.timeout(60):
                during()
                while not until():
                    await asyncio.sleep(0.001)
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)

    asyncio.run(together())


def test_closed_runs_are_known_without_their_events_and_open_ones_are_folded(log, story, monkeypatch):
    monkeypatch.setattr(module, "PAGE", 3)
    write(log, story("done1").landed(), story("open1").middle(), story("open2").begun())
    read = []
    whole = log.read
    log.read = lambda after=0, run=None, limit=None: read.append(run) or whole(after, run, limit)
    board = Board(log, log, interval=0)
    followed(board, lambda: board.ready.is_set() and not board.folding)
    assert set(board.runs) == {"open1", "open2"}
    assert set(board.past) == {"done1"}
    assert "done1" not in read
    assert [run for run in dict.fromkeys(read) if run] == ["open2", "open1"]
    assert board.runs["open1"].needs == story("open1").middle().state.needs


def test_what_comes_while_a_run_is_folded_is_in_it_once(log, story):
    told = story().middle()
    write(log, told)
    board = Board(log, log, interval=0)
    followed(
        board,
        lambda: "r7f3" in board.runs and board.runs["r7f3"].tasks["users"].phase == "approved",
        lambda: log.append(Draft(run="r7f3", service="users", event=e.Approved(diff="diff-1", by="ann"))),
    )
    assert board.runs["r7f3"].cost_usd == pytest.approx(told.state.cost_usd)


def test_a_past_run_is_folded_when_somebody_opens_it(log, story):
    write(log, story("done1").landed(), story("open1").begun())
    board = Board(log, log, interval=0)

    async def opened():
        following = asyncio.create_task(board.follow())
        try:
            async with asyncio.timeout(20):
                return await asyncio.gather(*map(board.load, ("done1", "done1", "open1", "none")))
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)

    first, second, other, none = asyncio.run(opened())
    assert first is second
    assert first.phase == "landed"
    assert other is board.runs["open1"]
    assert none is None


def test_a_run_that_is_opened_before_its_turn_is_folded_once(log, story):
    write(log, *(story(f"run{n}").begun() for n in range(5)))
    board = Board(log, log, interval=0)
    opened = []

    async def all_of_it():
        following = asyncio.create_task(board.follow())
        try:
            async with asyncio.timeout(20):
                opened.extend(await asyncio.gather(*map(board.load, [f"run{n}" for n in range(5)])))
                while board.folding:
                    await asyncio.sleep(0)
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)

    asyncio.run(all_of_it())
    assert all(state is board.runs[state.id] for state in opened)


def test_a_tap_hears_its_service_and_forgets_the_oldest_when_nobody_drains_it(log, story, monkeypatch):
    monkeypatch.setattr(module, "TAP_EVENTS", 4)
    board = Board(log, log, interval=0)
    told = story().middle().envelopes
    with board.tap("r7f3", "web") as web, board.tap("r7f3", "users") as users:
        board.take(told)
        assert [x.service for x in web.drain()[0]] == ["web"] * 4
        kept, dropped = users.drain()
        assert kept == [x for x in told if x.service == "users"][-4:]
        assert dropped == len([x for x in told if x.service == "users"]) - 4
    board.take(story(first=1000).working("web").envelopes)
    assert web.drain() == ([], 0)


class Kept:
    """What is kept beside the fold, by run."""

    def __init__(self):
        self.events = {}
        self.whole = []

    def note(self, state, envelope):
        self.events.setdefault(state.id, []).append(envelope.seq)

    def loaded(self, run):
        self.whole.append(run)

    def forget(self, run):
        del self.events[run]


def test_of_closed_runs_only_those_looked_at_last_stay_folded(log, story):
    write(log, *(story(f"done{n}").landed() for n in range(5)), story("open1").begun())
    kept = Kept()
    board = Board(log, log, interval=0, notes=kept, most_closed=2)

    async def opened():
        await board.survey()
        await board.fold_open()
        for name in ("done0", "done1", "done0", "done2"):
            assert await board.load(name)

    asyncio.run(opened())
    assert set(board.runs) == {"open1", "done0", "done2"} == set(kept.events)
    assert kept.whole == ["open1", "done0", "done1", "done2"]
    assert list(board.briefs) == [*(f"done{n}" for n in range(5)), "open1"]
    closed = log.append(Draft(run="open1", event=e.RunClosed(outcome="discarded")))
    board.take(closed)
    assert board.briefs["open1"].outcome == "discarded"
    assert set(board.runs) == {"open1", "done2"}
    assert kept.events["open1"] == [each.seq for each in log.read(run="open1")]


def test_the_queue_knows_the_newest_closed_runs_and_those_that_somebody_waits_for(log, story, monkeypatch):
    monkeypatch.setattr(recall, "MOST_RECALLED", 1)
    waiting = story("open1").landed().envelopes[:-7]
    write(
        log, story("old").landed(), story("older").landed(), story("newest").landed(), story("open2").begun()
    )
    log.append(*(Draft(run="open1", service=x.service, event=x.event) for x in waiting))
    log.append(Draft(run="open1", event=e.LandRequested(by="ann", after=("old",))))
    read = []
    quiet = log.quiet
    log.quiet = lambda run: read.append(run) or quiet(run)
    board = Board(log, log, interval=0)

    async def look():
        await board.survey()
        await board.recall()
        await board.recall()

    asyncio.run(look())
    assert sorted(read) == ["newest", "old"]
    assert [state.id for state in board.with_past()] == ["old", "newest", "open2", "open1"]
    assert board.with_past()[0].landed
    assert set(board.runs) == {"open1", "open2"}
    item = queued(board.with_past())[0]
    assert (item.run, "needs" in item.why) == ("open1", False)
