"""Keeps the live picture of one run on a terminal until the caller has seen enough."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing

from rich.console import Console
from rich.live import Live

from hive.dashboard.feed import Feed
from hive.dashboard.live import Size, live
from hive.ports import Clock
from hive.state import RunState

TICK_SECONDS = 1.0
BUSY = ("preparing", "working", "landing")


class Screen:
    """Draws a run when it changes, and once a second while something works: an idle run costs nothing."""

    def __init__(self, console: Console, clock: Clock, run: str, hints: Sequence[str] = ()) -> None:
        self.console = console
        self.clock = clock
        self.run = run
        self.hints = hints
        self.drawn = 0
        """How often the picture was drawn."""

    async def watch(self, feed: Feed, enough: Callable[[RunState], bool]) -> RunState:
        """Show the run until `enough` says so; the last picture stays on the terminal."""
        with Live(console=self.console, auto_refresh=False, vertical_overflow="ellipsis") as picture:
            async with asyncio.TaskGroup() as group:
                owned = [
                    group.create_task(feed.follow()),
                    group.create_task(self._tick(feed, picture)),
                ]
                try:
                    return await self._until(feed, picture, enough)
                finally:
                    for task in owned:
                        task.cancel()

    async def _until(self, feed: Feed, picture: Live, enough: Callable[[RunState], bool]) -> RunState:
        async with aclosing(feed.changes()) as changes:
            async for changed in changes:
                if self.run in changed:
                    self.draw(feed.runs[self.run], picture)
                    if enough(feed.runs[self.run]):
                        break
        return feed.runs[self.run]

    async def _tick(self, feed: Feed, picture: Live) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            run = feed.runs.get(self.run)
            if run is not None and run.phase in BUSY:
                self.draw(run, picture)

    def draw(self, run: RunState, picture: Live) -> None:
        """Draw one picture now."""
        size = Size(self.console.width, self.console.height)
        picture.update(live(run, self.clock.now(), size, self.hints), refresh=True)
        self.drawn += 1
