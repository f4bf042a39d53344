"""Keys under load without a terminal: every picture is rendered to the bytes that one would get."""

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from textual import events
from textual.widget import Widget

from benchmarks.measure import Ratio
from benchmarks.tui.desk import backend
from benchmarks.tui.load import AGENTS, RATE, RUN, begin, writing
from hive.dashboard.tui.app import HiveApp
from hive.dashboard.tui.rows import Rows
from hive.dashboard.tui.stream import Stream
from hive.store import SqlEventLog

W = TypeVar("W", bound=Widget)
SECONDS = 20
SIZE = (200, 60)
PAUSE = 0.1
"""Seconds between a picture and the next key, at the most: keys come at any moment between two redraws."""


class _App(HiveApp):
    """Renders what a real terminal would be sent, and tells when."""

    CSS_PATH = Path(sys.modules[HiveApp.__module__].__file__ or "").with_name("hive.tcss")

    def __init__(self, folder: Path) -> None:
        super().__init__(backend(folder), run=RUN)
        self.painted = asyncio.Event()

    def _display(self, screen: Any, renderable: Any) -> None:
        if renderable is not None and hasattr(renderable, "render_segments"):
            renderable.render_segments(self.console)
            self.painted.set()


def run() -> list[Ratio]:
    """Keys under load beside keys at rest."""
    with tempfile.TemporaryDirectory() as folder:
        rest, table, stream = asyncio.run(_keys(Path(folder)))
    what = f"key to paint, headless, p99, {AGENTS} agents, {RATE} events/s"
    floor = "hive tui at rest"
    for name, found in (("at rest", rest), ("run", table), ("stream", stream)):
        print(told(f"key to paint, headless, {name}", found))
    return [
        Ratio("tui run", f"{what}, run", floor, p99(table), p99(rest), p99(table) / p99(rest), 1),
        Ratio("tui stream", f"{what}, stream", floor, p99(stream), p99(rest), p99(stream) / p99(rest), 1),
    ]


async def _keys(folder: Path) -> tuple[list[float], list[float], list[float]]:
    app = _App(folder)
    log = app.backend.log
    assert isinstance(log, SqlEventLog)
    begin(log)
    async with app.run_test(size=SIZE) as pilot:
        table = await _found(app, Rows, "services")
        await _until(lambda: table.row_count == AGENTS)
        rest = await _latencies(app, lambda: table.cursor_row, SECONDS / 4)
        with writing(folder / "hive.db", RATE, RATE * SECONDS * 3):
            await _until(lambda: app.board.runs[RUN].seq > 2 * RATE)
            busy = await _latencies(app, lambda: table.cursor_row, SECONDS)
            await pilot.press("enter")
            stream = await _found(app, Stream, "stream")
            await _until(lambda: len(stream.lines) > SIZE[1])
            stream.focus()
            stream.go(20)
            streaming = await _latencies(app, lambda: stream.cursor, SECONDS)
    return rest, busy, streaming


async def _found(app: HiveApp, kind: type[W], name: str) -> W:
    await _until(lambda: bool(app.screen.query(f"#{name}")))
    return app.screen.query_one(f"#{name}", kind)


async def _latencies(app: _App, where: Callable[[], int], seconds: float) -> list[float]:
    found, until, down = [], time.monotonic() + seconds, True
    driver = app._driver
    assert driver is not None
    while time.monotonic() < until:
        at, started = where(), time.perf_counter()
        driver.send_message(events.Key("down" if down else "up", None))
        app.painted.clear()
        while where() == at or not app.painted.is_set():
            if where() == at:
                app.painted.clear()  # a picture from before the key took effect
            await asyncio.sleep(0)
        found.append(time.perf_counter() - started)
        down = not down
        await asyncio.sleep(random.random() * PAUSE)
    return found


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(120):
        while not condition():
            await asyncio.sleep(0.005)


def told(what: str, found: list[float]) -> str:
    """A line for a list of seconds."""
    return (
        f"  {what}: median {statistics.median(found) * 1000:.1f} ms, p99 {p99(found) * 1000:.1f} ms, "
        f"worst {max(found) * 1000:.1f} ms of {len(found)}"
    )


def p99(found: list[float]) -> float:
    """The 99th percentile."""
    return statistics.quantiles(found, n=100, method="inclusive")[98]
