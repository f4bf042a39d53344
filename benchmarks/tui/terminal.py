"""The dashboard in a real pseudo-terminal: keys go in as bytes, and the picture with their effect comes out."""

import fcntl
import os
import pty
import random
import re
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measure import Ratio
from benchmarks.tui.headless import PAUSE, SECONDS, SIZE, p99, told
from benchmarks.tui.load import (
    AGENTS,
    PAST_EVENTS,
    PAST_RUNS,
    RATE,
    RUN,
    begin,
    history,
    wait_for_person,
    writing,
)
from hive import events as e
from hive.cli.compose import open_project
from hive.events import Draft
from hive.store import Database, SqlEventLog
from hive.workspaces.newborn import start_repository

MANY, MANY_RATE = 1_000_000, 10_000
STARTS = 5
ROOT = Path(__file__).parents[2]
ROW = re.compile(rb"48;2;58;51;32m[^\x1b]*?(service-\d+)")
"""The service whose row is painted as the cursor's."""
LINE = re.compile("48;2;58;51;32m(said \\d+ |▸)".encode())
"""How the line of the stream begins that is painted so: words and calls of tools alternate."""
DOWN, UP, ENTER, HOME, PAGE = b"\x1b[B", b"\x1b[A", b"\r", b"\x1b[H", b" "
DESK, FLOOR = "benchmarks.tui.desk", "benchmarks.tui.floor"
PATIENCE = 120


class Terminal:
    """A program in a pseudo-terminal."""

    def __init__(self, *module: str, cwd: Path = ROOT, **variables: str) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
        environment = os.environ | {
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "PYTHONPATH": str(ROOT),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", *module], cwd=cwd, stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True, env=environment | variables,
        )  # fmt: skip
        os.close(slave)
        self.shown = b""

    def until(self, *patterns: re.Pattern[bytes], besides: bytes = b"") -> bytes:
        """Read until all have been painted; what the last one found in its group, if any, which is not `besides`."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            matches = [list(pattern.finditer(self.shown)) for pattern in patterns]
            last = matches[-1][-1] if matches[-1] else None
            word = last.group(last.lastindex or 0) if last else b""
            if all(matches) and word != besides:
                return word
            if select.select([self._master], [], [], 1)[0]:
                self.shown += os.read(self._master, 1 << 20)
        raise TimeoutError(f"never painted: {patterns}; the end was {self.shown[-2000:]!r}")

    def drain(self, seconds: float) -> None:
        """Take what is painted for a while."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if select.select([self._master], [], [], left)[0]:
                os.read(self._master, 1 << 20)

    def press(self, key: bytes) -> None:
        """Give it a key; what was painted before is forgotten."""
        self.shown = b""
        os.write(self._master, key)

    def latencies(self, cursor: re.Pattern[bytes], at: bytes, seconds: float) -> list[float]:
        """Down and up; each from the key to the last byte of the picture in which another line is the cursor's."""
        found, end, key = [], time.monotonic() + seconds, DOWN
        while time.monotonic() < end:
            started = time.perf_counter()
            self.press(key)
            at = self.until(cursor, besides=at)
            found.append(time.perf_counter() - started)
            key = UP if key == DOWN else DOWN
            self.drain(random.random() * PAUSE)
        return found

    def cpu(self, seconds: float) -> float:
        """The share of a core that it takes while nobody touches it."""
        before, started = self._ticks(), time.monotonic()
        self.drain(seconds)
        return (self._ticks() - before) / os.sysconf("SC_CLK_TCK") / (time.monotonic() - started)

    def _ticks(self) -> int:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    @property
    def resident(self) -> float:
        """Megabytes."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def end(self) -> None:
        """Stop it."""
        self.process.kill()
        self.process.wait()
        os.close(self._master)


@contextmanager
def opened(*module: str, cwd: Path = ROOT, **variables: str) -> Iterator[Terminal]:
    """The program, ended afterwards."""
    made = Terminal(*module, cwd=cwd, **variables)
    try:
        yield made
    finally:
        made.end()


def run() -> list[Ratio]:
    """Keys beside those of a bare Textual application, the start beside its start; the rest is printed."""
    if sys.platform != "linux":
        print("  not measured in a pseudo-terminal: it takes /proc")
        return []
    floor = _floor()
    with tempfile.TemporaryDirectory() as name:
        table, stream = _keys(Path(name))
    with tempfile.TemporaryDirectory() as name:
        _memory(Path(name))
    with tempfile.TemporaryDirectory() as name:
        start, bare = _starts(Path(name))
    what, beside = (
        f"key to paint, terminal, p99, {AGENTS} agents, {RATE} events/s",
        "a bare Textual table at rest",
    )
    return [
        Ratio("tui run", f"{what}, run", beside, p99(table), p99(floor), p99(table) / p99(floor), 1),
        Ratio("tui stream", f"{what}, stream", beside, p99(stream), p99(floor), p99(stream) / p99(floor), 1),
        Ratio(
            "tui start", f"`hive tui` to its picture, {PAST_RUNS * PAST_EVENTS:,} events",
            "a bare Textual application", start, bare, start / bare, STARTS,
        ),
    ]  # fmt: skip


def _floor() -> list[float]:
    with opened(FLOOR) as shown:
        found = shown.latencies(ROW, shown.until(ROW), SECONDS / 2)
    print(told("key to paint, terminal, bare Textual", found))
    return found


def _keys(folder: Path) -> tuple[list[float], list[float]]:
    log = SqlEventLog(Database.open(folder / "hive.db"))
    begin(log)
    with opened(DESK, str(folder), RUN) as shown:
        at = shown.until(ROW)
        shown.drain(2)
        print(told("key to paint, terminal, at rest", shown.latencies(ROW, at, SECONDS / 4)))
        print(f"  agents say nothing: {shown.cpu(10):.1%} of a core")
        with writing(folder / "hive.db", RATE, RATE * SECONDS * 5):
            shown.drain(3)
            print(f"  run, {RATE} events/s: {shown.cpu(10):.1%} of a core")
            shown.press(DOWN)
            table = shown.latencies(ROW, shown.until(ROW), SECONDS)
            shown.press(ENTER)
            shown.until(re.compile(rb"said \d+"))
            shown.drain(2)
            print(f"  stream, {RATE} events/s: {shown.cpu(10):.1%} of a core")
            shown.press(HOME)
            shown.drain(1)
            shown.press(PAGE)
            stream = shown.latencies(LINE, shown.until(LINE), SECONDS)
    print(told("key to paint, terminal, run", table))
    print(told("key to paint, terminal, stream", stream))
    return table, stream


def _memory(folder: Path) -> None:
    log = SqlEventLog(Database.open(folder / "hive.db"))
    begin(log)
    with opened(DESK, str(folder), RUN) as shown:
        shown.until(ROW)
        shown.press(ENTER)
        shown.until(re.compile(rb"turn 1"))
        marks = [shown.resident]
        with writing(folder / "hive.db", MANY_RATE, MANY) as writer:
            for share in (0.25, 0.5, 0.75, 1.0):
                while _last(log) < MANY * share and writer.poll() is None:
                    shown.drain(0.2)
                marks.append(shown.resident)
        shown.press(b"")
        log.append(Draft(run=RUN, service="service-000", event=e.StopRequested(by="b")))
        shown.until(re.compile(rb"stopped"))  # everything before it is folded too
        marks[-1] = max(marks[-1], shown.resident)
    print(
        f"  resident before and after each quarter of {MANY:,} events: "
        + ", ".join(f"{mark:.0f}" for mark in marks)
        + " MB"
    )


def _last(log: SqlEventLog) -> int:
    return max(last.seq for _, last in log.heads())


def _starts(folder: Path) -> tuple[float, float]:
    root = folder / "project"
    root.mkdir()
    (root / "README").write_text("nothing\n")
    start_repository(root, "Nothing")
    os.environ["HIVE_STATE_DIR"] = str(folder / "state")
    with open_project(root) as project:
        history(project.log)
        wait_for_person(project.log)
    wanted = (re.compile(rb"needs you \(1\)"), re.compile(rf"request {PAST_RUNS - 1}\b".encode()))
    pairs = [(_started(wanted, "hive", "tui", cwd=root), _started((ROW,), FLOOR)) for _ in range(STARTS + 1)][
        1:
    ]
    beyond = statistics.median(hive - bare for hive, bare in pairs)
    print(f"  first useful picture, {PAST_RUNS:,} past runs, {PAST_RUNS * PAST_EVENTS:,} events: "
          f"{beyond:.2f} s after a bare Textual application's")  # fmt: skip
    with opened("hive", "tui", cwd=root) as shown:
        shown.until(*wanted)
        shown.drain(5)
        print(f"  idle: {shown.cpu(20):.2%} of a core")
    return statistics.median(hive for hive, _ in pairs), statistics.median(bare for _, bare in pairs)


def _started(wanted: Sequence[re.Pattern[bytes]], *module: str, cwd: Path = ROOT) -> float:
    started = time.perf_counter()
    with opened(*module, cwd=cwd) as shown:
        shown.until(*wanted)
        return time.perf_counter() - started
