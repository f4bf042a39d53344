"""How far to speculate, learnt from how it went: one more after a success, half after a failure, as in Zuul. Pure."""

from collections.abc import Sequence

SURE, LONG = 0.97, 2
"""Odds from which on a union of many is likely green, and how many times the executors a long queue is."""
RECENT = 50
"""Outcomes that count."""


def window(outcomes: Sequence[bool], start: int, floor: int) -> int:
    """How many changesets may stand on each other; `outcomes` tells, oldest first, what landed and what failed."""
    size = start
    for landed in outcomes[-RECENT:]:
        size = size + 1 if landed else max(floor, size // 2)
    return size


def odds(outcomes: Sequence[bool]) -> float:
    """How likely the next changeset is to land: the share of those that did, drawn towards nine in ten."""
    recent = outcomes[-RECENT:]
    return (sum(recent) + 9) / (len(recent) + 10)


def bisects(*, waiting: int, slots: int, odds: float, typical: float, slow: float) -> bool:
    """Whether `auto` tests unions of many at once: checks are slow, or executors too few for a queue likely green."""
    return typical >= slow or (waiting > LONG * slots and odds >= SURE)
