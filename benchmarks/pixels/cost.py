"""Processor time of a process and all of its children, read from Linux's /proc."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Cost:
    """Milliseconds of processor time a second."""

    server: float = 0.0
    browser: float = 0.0
    seconds: float = 0.0


@contextmanager
def spent(server: int, browser: int) -> Iterator[Cost]:
    """What the two have used until the block ends."""
    cost, begun = Cost(), time.monotonic()
    before = _used(server), _used(browser)
    yield cost
    cost.seconds = time.monotonic() - begun
    cost.server, cost.browser = (
        (_used(pid) - known) * 1000 / cost.seconds
        for pid, known in zip((server, browser), before, strict=True)
    )


def _used(pid: int) -> float:
    """Seconds, by the process and by its children that live."""
    parents: dict[int, list[int]] = {}
    seconds: dict[int, float] = {}
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = each.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        number = int(each.parent.name)
        parents.setdefault(int(fields[1]), []).append(number)
        seconds[number] = (int(fields[11]) + int(fields[12])) / TICKS
    found, todo = 0.0, [pid]
    while todo:
        number = todo.pop()
        found += seconds.get(number, 0.0)
        todo += parents.get(number, [])
    return found
