"""The terminal dashboard under load: key press to paint, memory, CPU, and first paint on a long history.

Headless, but every picture is rendered to the bytes a terminal would get. Events are written by another process.
"""

import asyncio
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from textual import events

from benchmarks.measure import Ratio
from hive import events as e
from hive.cli.screens import SystemClock
from hive.cli.tui_backend import RunsOnDemand, queued
from hive.dashboard.tui.app import HiveApp
from hive.dashboard.tui.backend import Backend
from hive.dashboard.tui.rows import Rows
from hive.dashboard.tui.stream import Stream
from hive.events import Draft
from hive.model import Graph, Plan, Policy, Report, Said, Spent, TaskPlan, ToolCalled
from hive.orchestrator.controls import LogControls
from hive.store import Database, SqlEventLog

AGENTS = 100
RATE = 2000
"""Events a second, over all agents."""
SECONDS = 20
TICKS = 20
"""Batches a second in which the writer writes."""
MANY = 200_000
PAST_RUNS, PAST_EVENTS = 1000, 1000
SIZE = (200, 60)


def run() -> list[Ratio]:
    """Keys under load against keys at rest; the other figures are printed."""
    with tempfile.TemporaryDirectory() as folder:
        busy, floor, streaming = asyncio.run(_keys(Path(folder)))
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_memory(Path(folder)))
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_first_paint(Path(folder)))
    what = f"key press to paint, p99, {AGENTS} agents, {RATE} events/s"
    rest = "the same without events"
    return [
        Ratio("tui run", f"{what}, run", rest, busy, floor, busy / floor, 1),
        Ratio("tui stream", f"{what}, stream", rest, streaming, floor, streaming / floor, 1),
    ]


class _App(HiveApp):
    """Renders what a real terminal would be sent, and tells when."""

    painted = asyncio.Event()

    def _display(self, screen: Any, renderable: Any) -> None:
        if renderable is not None and hasattr(renderable, "render_segments"):
            renderable.render_segments(self.console)
            self.painted.set()


class _Nothing:
    """Diffs, engine and files of a project that has none."""

    def of(self, run: object, service: object) -> str:
        return ""

    def since(self, old: str, new: str) -> str:
        return ""

    def pid(self) -> int:
        return 1

    def wake(self) -> bool:
        return False

    def output(self, run: str, name: str) -> str:
        return ""

    def edit(self, *_: object) -> None:
        return None


def _begin(log: SqlEventLog, name: str = "bench") -> None:
    services = [f"service-{n:03}" for n in range(AGENTS)]
    tasks = tuple(TaskPlan(service=s, role="carrier", reason="", brief="") for s in services)
    created = e.RunCreated(
        request="add a field", base="a" * 40, target="main", policy=Policy(), graph=Graph(), sandbox="none",
        trusted=True,
    )  # fmt: skip
    head: list[e.Event] = [
        created, e.RunPlanned(plan=Plan(request="add a field", base="a" * 40, tasks=tasks)),
        e.PlanApproved(by="b"), e.ContractCommitted(commit="c" * 40, tree="d" * 40),
    ]  # fmt: skip
    log.append(*(Draft(run=name, event=event) for event in head))
    for service in services:
        begun = (e.WorkspaceCreated(path="/w", start="c" * 40), e.TurnStarted(turn=1, agent="bench"))
        log.append(*(Draft(run=name, service=service, event=event) for event in begun))


def _reports(count: int) -> list[Draft]:
    kinds: Sequence[Report] = (
        Said(text="x" * 120), ToolCalled(tool="read", summary="services/users/model.py"),
        Spent(input_tokens=900, output_tokens=80, cost_usd=0.001), ToolCalled(tool="edit", summary="a line"),
    )  # fmt: skip
    return [
        Draft(
            run="bench",
            service=f"service-{n % AGENTS:03}",
            event=e.AgentReported(turn=1, report=kinds[n // AGENTS % len(kinds)]),
        )
        for n in range(count)
    ]


def _write(path: str, rate: int, count: int) -> None:
    """In another process: so many events, evenly."""
    database = Database.open(Path(path))
    log, batch = SqlEventLog(database), rate // TICKS
    drafts, started = _reports(batch * 40), time.monotonic()
    for n in range(count // batch):
        at = n % 40 * batch
        log.append(*drafts[at : at + batch])
        time.sleep(max(0.0, started + (n + 1) / TICKS - time.monotonic()))
    database.close()


@contextmanager
def _writing(path: Path, rate: int, count: int) -> Iterator[subprocess.Popen[bytes]]:
    code = f"from benchmarks.tui import _write; _write({str(path)!r}, {rate}, {count})"
    nowhere = subprocess.DEVNULL  # Textual owns the terminal
    root = Path(__file__).parent.parent
    writer = subprocess.Popen(
        [sys.executable, "-c", code], cwd=root, stdin=nowhere, stdout=nowhere, stderr=nowhere
    )
    try:
        yield writer
    finally:
        writer.terminate()
        writer.wait()


def _app(folder: Path) -> tuple[_App, SqlEventLog]:
    log = SqlEventLog(Database.open(folder / "hive.db"))
    nothing = _Nothing()
    backend = Backend(
        name="bench", person="b", log=log, history=log, controls=LogControls(log, RunsOnDemand(log)),
        diffs=nothing, engine=nothing, files=nothing, queue=queued, clock=SystemClock(),
        memory=folder / "tui.json",
    )  # fmt: skip
    return _App(backend), log


async def _keys(folder: Path) -> tuple[float, float, float]:
    app, log = _app(folder)
    _begin(log)
    async with app.run_test(size=SIZE) as pilot:
        await _until(lambda: "bench" in app.board.runs)
        await pilot.press("enter")
        await _until(lambda: bool(app.screen.query(Rows)) and app.screen.query_one(Rows).id == "services")
        table = app.screen.query_one(Rows)
        floor = await _latencies(app, lambda: table.cursor_row, 5)
        with _writing(folder / "hive.db", RATE, RATE * SECONDS * 3):
            await _until(lambda: app.board.runs["bench"].seq > 2 * RATE)
            cpu, wall, before = time.process_time(), time.monotonic(), app.board.seq
            busy = await _latencies(app, lambda: table.cursor_row, SECONDS)
            spent = time.monotonic() - wall
            print(
                f"  on the run screen: {(app.board.seq - before) / spent:.0f} events/s folded, "
                f"{(time.process_time() - cpu) / spent:.0%} of a core with the keys"
            )
            await _report("no key is pressed", app, 5)
            await pilot.press("enter")
            await _until(lambda: bool(app.screen.query(Stream)))
            stream = app.screen.query_one(Stream)
            await _until(lambda: len(stream.lines) > SIZE[1])
            stream.focus()
            stream.go(20)
            streaming = await _latencies(app, lambda: stream.cursor, SECONDS // 2)
        await asyncio.sleep(1)
        await _report("nothing happens and no key is pressed", app, 5)
    for name, found in (("at rest", floor), ("run, under load", busy), ("stream, under load", streaming)):
        print(
            f"  key to paint, {name}: median {statistics.median(found) * 1000:.1f} ms, "
            f"p99 {_p99(found) * 1000:.1f} ms, worst {max(found) * 1000:.1f} ms, {len(found)} keys"
        )
    return _p99(busy), _p99(floor), _p99(streaming)


async def _report(when: str, app: _App, seconds: float) -> None:
    cpu, wall = time.process_time(), time.monotonic()
    await asyncio.sleep(seconds)
    print(f"  while {when}: {(time.process_time() - cpu) / (time.monotonic() - wall):.1%} of a core")


async def _latencies(app: _App, where: Any, seconds: float) -> list[float]:
    """Press down and up, each as soon as a picture with the effect of the last one is out."""
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
        await asyncio.sleep(0.02)
    return found


async def _memory(folder: Path) -> None:
    app, log = _app(folder)
    _begin(log)
    async with app.run_test(size=SIZE) as pilot:
        await _until(lambda: "bench" in app.board.runs)
        await pilot.press("enter")
        await _until(lambda: bool(app.screen.query(Rows)) and app.screen.query_one(Rows).id == "services")
        await pilot.press("enter")
        await _until(lambda: bool(app.screen.query(Stream)))
        first = app.board.seq
        with _writing(folder / "hive.db", 10_000, MANY * 2) as writer:
            marks = []
            for share in (0.25, 0.5, 0.75, 1.0):
                wanted = first + round(MANY * share)
                await _until(lambda wanted=wanted: app.board.seq >= wanted or writer.poll() is not None)
                marks.append((app.board.seq - first, _resident()))
        told = ", ".join(f"{size / 1e6:.0f} MB after {count:,}" for count, size in marks)
        print(f"  resident: {told} events; {(marks[-1][1] - marks[0][1]) / 1e6:+.1f} MB from first to last")


async def _first_paint(folder: Path) -> None:
    app, log = _app(folder)
    closed = [Draft(run="", event=e.RunClosed(outcome="landed"))]
    for n in range(PAST_RUNS):
        drafts = _reports(PAST_EVENTS - 2)
        created = e.RunCreated(
            request=f"request {n}", base="a" * 40, target="main", policy=Policy(), graph=Graph(),
            sandbox="none", trusted=True,
        )  # fmt: skip
        whole = [Draft(run="", event=created), *drafts, *closed]
        log.append(*(draft.model_copy(update={"run": f"run{n:04}"}) for draft in whole))
    _begin(log)
    async with app.run_test(size=SIZE):
        started = time.perf_counter()
        await _until(lambda: len(app.board.past) == PAST_RUNS)
        await _until(
            lambda: bool(app.screen.query("#runs")) and app.screen.query_one("#runs", Rows).row_count > 0
        )
        seconds = time.perf_counter() - started
    print(
        f"  first useful paint with {PAST_RUNS:,} past runs, {PAST_RUNS * PAST_EVENTS:,} events: {seconds:.2f} s"
    )


async def _until(condition: Any) -> None:
    async with asyncio.timeout(120):
        while not condition():
            await asyncio.sleep(0.005)


def _p99(found: list[float]) -> float:
    return statistics.quantiles(found, n=100)[98] if len(found) > 1 else found[0]


def _resident() -> int:
    if sys.platform == "linux":
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
