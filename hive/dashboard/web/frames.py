"""What clients are told: events, and how their runs look after them. Several of them can be told as one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, takewhile
from typing import NamedTuple

from hive.dashboard.web.interest import EVERYTHING, Interest
from hive.events import Envelope

MOST_TOGETHER = 1_000
"""Events in one message, where several frames are told as one."""


class Shown(NamedTuple):
    """How a run looks: what it is in short, and its services that were touched, all in JSON."""

    head: str
    """Without its last field, the services."""
    services: Mapping[str, str]
    whole: bool
    """Whether these are all services."""

    def then(self, later: "Shown") -> "Shown":
        """How it looks after both."""
        if later.whole:
            return later
        return later._replace(services={**self.services, **later.services}, whole=self.whole)

    def text(self, services: Collection[str] | None = None) -> str:
        """The view, with these services or with all; with all, too, where all may have changed."""
        told = (
            text for name, text in self.services.items() if services is None or self.whole or name in services
        )
        return f"{self.head}{','.join(told)}]}}"


@dataclass(frozen=True)
class Frame:
    """Events that came at the same time, none for a run that was loaded; its texts are made once, whoever wants it."""

    after: int
    seq: int
    events: Sequence[Envelope]
    told: Sequence[str]
    """Each event in JSON."""
    shown: Mapping[str, Shown]
    """By run."""

    @cached_property
    def text(self) -> str:
        """The message that tells all of it."""
        return message(self.after, self.seq, self.told, (each.text() for each in self.shown.values()))

    @property
    def size(self) -> int:
        """Characters of it, nearly."""
        return sum(map(len, self.told)) + sum(len(each.text()) for each in self.shown.values())


def message(after: int, seq: int, events: Iterable[str], runs: Iterable[str]) -> str:
    """What a client is told at once, of parts in JSON."""
    told, shown = ",".join(events), ",".join(runs)
    return f'{{"type":"batch","after":{after},"seq":{seq},"events":[{told}],"runs":[{shown}]}}'


def together(frames: Sequence[Frame], interest: Interest = EVERYTHING) -> tuple[str, int]:
    """As many of the frames as go into one message, at least the first, and how many that are.

    Every event of interest is told; of what the runs looked like, only the last.
    """
    counts = accumulate(len(frame.events) for frame in frames)
    count = max(1, sum(1 for _ in takewhile(lambda events: events <= MOST_TOGETHER, counts)))
    taken = frames[:count]
    shown: dict[str, Shown] = {}
    for frame in taken:
        for run, each in frame.shown.items():
            shown[run] = shown[run].then(each) if run in shown else each
    told = (
        text
        for frame in taken
        for event, text in zip(frame.events, frame.told, strict=True)
        if interest.has(event)
    )
    runs = (each.text(interest.services(run)) for run, each in shown.items())
    return message(taken[0].after, taken[-1].seq, told, runs), count
