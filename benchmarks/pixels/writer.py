"""Another process, as the engine is, that appends events at a steady rate or as fast as it can."""

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from benchmarks.pixels.site import RUN, names, open_log
from benchmarks.pixels.watch import mark
from hive import events as e
from hive.model import Asked, Said, Spent, ToolCalled

TICKS = 100
"""Appends a second, each of the events that are due."""
BATCH = 500
"""Events of one append when it writes as fast as it can."""


class Sent(NamedTuple):
    """An event by its number, and the Unix time, in ms, just before it was appended."""

    number: int
    service: str
    kind: str
    at: float


def event_of(number: int) -> tuple[str, e.Event]:
    """What agents tell: words, calls of tools, now and then a question, a note to another one, a cost."""
    text = mark(number)
    match number % 100:
        case 10:
            return "note", e.NotePosted(turn=1, text=text, to=None)
        case 20 | 70:
            return "asked", e.AgentReported(turn=1, report=Asked(id="q", about="question", text=text))
        case n if n % 10 == 9:
            spent = Spent(input_tokens=900, output_tokens=80, cost_usd=0.0001)
            return "spent", e.AgentReported(turn=1, report=spent)
        case n if n % 3 == 0:
            return "tool", e.AgentReported(turn=1, report=ToolCalled(tool="edit", summary=text))
        case _:
            return "said", e.AgentReported(turn=1, report=Said(text=text))


class Writer(NamedTuple):
    """Writes when it is told to."""

    pipe: Connection

    def steadily(self, rate: int, seconds: float) -> None:
        """Begin to append so many events a second."""
        self.pipe.send((rate, int(rate * seconds)))

    def at_once(self, count: int) -> None:
        """Begin to append as fast as it can."""
        self.pipe.send((0, count))

    def done(self) -> list[Sent]:
        """Wait until it has; what was sent steadily."""
        return [Sent(*each) for each in self.pipe.recv()]


@contextmanager
def writer(folder: Path, services: int) -> Iterator[Writer]:
    """A process that has opened the log."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    child = context.Process(target=_write, args=(folder, services, there), daemon=True)
    child.start()
    here.recv()
    try:
        yield Writer(here)
    finally:
        child.terminate()
        child.join()


def _write(folder: Path, services: int, pipe: Connection) -> None:
    log, known = open_log(folder), names(services)
    pipe.send("ready")
    number = 0
    while True:
        rate, count = pipe.recv()
        sent: list[Sent] = []
        begun, end = time.monotonic(), number + count
        first = number
        while number < end:
            due = BATCH if not rate else int((time.monotonic() - begun) * rate) - (number - first)
            part = range(number, min(end, number + due))
            now = time.time() * 1000
            drafts = []
            for each in part:
                service = known[(each * 7 + each // services) % services]
                kind, event = event_of(each)
                drafts.append(e.Draft(run=RUN, service=service, event=event))
                if rate:
                    sent.append(Sent(each, service, kind, now))
            log.append(*drafts)
            number = part.stop
            if rate:
                time.sleep(1 / TICKS)
        pipe.send(sent)
