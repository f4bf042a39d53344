import asyncio
from io import StringIO

import pytest
from rich.console import Console

from hive import events as e
from hive.dashboard.feed import Feed
from hive.dashboard.screen import Screen


class MemoryLog:
    """An event log in memory whose followers a test feeds."""

    def __init__(self, envelopes=()):
        self.envelopes = list(envelopes)
        self.more = asyncio.Event()

    def append(self, *drafts, durable=False):
        raise NotImplementedError

    def add(self, envelopes):
        self.envelopes += envelopes
        self.more.set()

    def read(self, after=0, run=None, limit=None):
        return [each for each in self.envelopes if each.seq > after and run in (None, each.run)][:limit]

    async def follow(self, after=0, run=None):
        while True:
            self.more.clear()
            if batch := self.read(after, run):
                after = batch[-1].seq
                yield batch
            else:
                await self.more.wait()


class Still:
    def __init__(self, at):
        self.at = at

    def now(self):
        return self.at


@pytest.fixture
def console():
    def make(**how):
        return Console(file=StringIO(), width=80, height=24, _environ={}, **how)

    return make


def watch(console, envelopes, now, enough):
    async def to_the_end():
        screen = Screen(console, Still(now), "r7f3")
        state = await screen.watch(Feed(MemoryLog(envelopes), interval=0), enough)
        return screen, state

    return asyncio.run(to_the_end())


def test_a_run_is_shown_until_it_is_over_and_its_last_picture_stays(console, story):
    told = story().landed()
    terminal = console(force_terminal=True)
    screen, state = watch(terminal, told.envelopes, told.now, lambda run: run.closed is not None)
    assert state.phase == "landed"
    assert screen.drawn >= 1
    assert "✓ landed" in terminal.file.getvalue()


def test_without_colour_there_are_no_colour_sequences(console, story, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    told = story().middle()
    terminal = Console(file=StringIO(), width=80, height=24, force_terminal=True)
    watch(terminal, told.envelopes, told.now, lambda run: True)
    shown = terminal.file.getvalue()
    assert "? ready" in shown
    assert "\x1b[32m" not in shown
    assert "\x1b[36m" not in shown


def test_events_of_other_runs_draw_nothing(console, story):
    other = story("other", first=1).middle()
    mine = story("r7f3", first=1000).created()
    screen, _ = watch(console(), [*other.envelopes, *mine.envelopes], mine.now, lambda run: True)
    assert screen.drawn == 1


def test_an_idle_run_is_not_drawn_again(console, story):
    async def idle():
        told = story().created().planned()
        log = MemoryLog(told.envelopes)
        screen = Screen(console(), Still(told.now), "r7f3")
        watching = asyncio.create_task(screen.watch(Feed(log, interval=0), lambda run: run.plan_approved))
        while not screen.drawn:
            await asyncio.sleep(0)
        for _ in range(100):
            await asyncio.sleep(0)
        drawn = screen.drawn
        log.add(story(first=3).tell(e.PlanApproved(by="ann")).envelopes)
        await watching
        return drawn, screen.drawn

    assert asyncio.run(idle()) == (1, 2)


def test_leaving_early_leaves_no_task_behind(console, story):
    async def cancelled():
        told = story().created()
        watching = asyncio.create_task(
            Screen(console(), Still(told.now), "r7f3").watch(
                Feed(MemoryLog(told.envelopes)), lambda run: False
            )
        )
        await asyncio.sleep(0)
        watching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await watching
        return asyncio.all_tasks() - {asyncio.current_task()}

    assert not asyncio.run(cancelled())
