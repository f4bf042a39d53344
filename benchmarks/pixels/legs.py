"""Where the time of an event goes, from the writer's call to the screen."""

import statistics
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import NamedTuple

from benchmarks.pixels.site import Folded
from benchmarks.pixels.watch import Heard, Seen
from benchmarks.pixels.writer import Sent


class Legs(NamedTuple):
    """Milliseconds of each part of an event's way to one page."""

    folded: float
    """From before it is appended until the server has it folded and made into JSON."""
    turn: float
    """Until the page has asked for more, where it had not."""
    received: float
    """Until the page has the message."""
    there: float
    """Until it is in the page's document."""
    shown: float
    """Until that is painted."""

    @property
    def whole(self) -> float:
        """All of it."""
        return sum(self)


NAMES = ("written to folded", "to the page's turn", "to received", "to the document", "to painted")


def legs_of(
    sent: Iterable[Sent], base: int, folded: Sequence[Folded], heard: Sequence[Heard], seen: Sequence[Seen]
) -> list[Legs]:
    """Of each event that was seen itself; event number 0 has the number `base` in the log."""
    shown = {each.number: each for each in seen}
    found = []
    for each in sent:
        if each.number not in shown:
            continue
        seq = base + each.number
        server = folded[bisect_left(folded, seq, key=attrgetter("seq"))]
        message = heard[bisect_left(heard, seq, key=attrgetter("seq"))]
        turn = min(max(server.at, message.asked), message.at)
        there = shown[each.number].there
        found.append(
            Legs(
                server.at - each.at,
                turn - server.at,
                message.at - turn,
                there - message.at,
                shown[each.number].at - there,
            )
        )
    return found


def table(legs: Sequence[Legs]) -> str:
    """Each part's median and 99th percentile."""
    rows = [
        f"| {name} | {_at(column, 50):.1f} | {_at(column, 99):.1f} |"
        for name, column in zip(NAMES, zip(*legs, strict=True), strict=True)
    ]
    whole = [each.whole for each in legs]
    return "\n".join(
        [
            "| part of the way, ms | p50 | p99 |",
            "|---|---|---|",
            *rows,
            f"| all of it | {_at(whole, 50):.1f} | {_at(whole, 99):.1f} |",
        ]
    )


def _at(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
