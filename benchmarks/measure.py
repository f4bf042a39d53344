"""Timing by turns: the two sides alternate, so that a machine that slows down slows both."""

import resource
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple


class Ratio(NamedTuple):
    """Medians of two sides in seconds, and the median of the ratios pair by pair."""

    name: str
    what: str
    floor: str
    seconds: float
    floor_seconds: float
    ratio: float
    rounds: int


def timed(action: Callable[[], object]) -> float:
    """Wall-clock seconds of one call."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def worked(action: Callable[[], object]) -> float:
    """Processor seconds of one call and of the processes that it waited for: a busy machine stretches them less."""
    started = _used()
    action()
    return _used() - started


def _used() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in both)


def compare(
    name: str,
    what: tuple[str, Callable[[int], float]],
    floor: tuple[str, Callable[[int], float]],
    rounds: int = 5,
) -> Ratio:
    """Run both sides alternately; each is given the round's number and returns its seconds. The first is a warm-up."""
    pairs = [(what[1](n), floor[1](n)) for n in range(rounds + 1)][1:]
    return Ratio(
        name,
        what[0],
        floor[0],
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
        statistics.median(a / b for a, b in pairs),
        rounds,
    )


def table(ratios: list[Ratio]) -> str:
    """The ratios as a Markdown table."""
    head = "| benchmark | hive | floor | hive, s | floor, s | ratio | rounds |\n|---|---|---|---|---|---|---|"
    rows = [
        f"| {r.name} | {r.what} | {r.floor} | {r.seconds:.4f} | {r.floor_seconds:.4f} | {r.ratio:.2f} | {r.rounds} |"
        for r in ratios
    ]
    return "\n".join([head, *rows])
