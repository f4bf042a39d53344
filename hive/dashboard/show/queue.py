"""`hive queue`: the changesets on their way to a target branch, in order."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Literal, NamedTuple

from rich.console import RenderableType
from rich.text import Text

from hive.dashboard import phrases
from hive.dashboard.palette import BAD, BUSY, DIM, GOOD, STRONG, WARN, safe
from hive.dashboard.show.layout import table

STATES = {"waiting": WARN, "held": WARN, "stopped": BAD, "failing": BAD, "passed": GOOD}
"""Styles of a changeset's states; the others are busy ones."""


class Queued(NamedTuple):
    """One changeset as the merge queue sees it; 0 is the head of its target's queue."""

    position: int
    run: str
    request: str
    target: str
    status: str
    why: str
    on: tuple[str, ...] = ()
    """Runs on top of which it is merged and tested."""
    priority: int = 0
    eta_seconds: float | None = None
    """Until it is expected to land."""
    lane: int = 1
    """Changesets of one target that are in different lanes never wait for each other."""
    touches: tuple[str, ...] = ()
    """Services, contracts and shared files: changesets that have one in common are in one lane."""
    window: int = 0
    """How many changesets may stand on each other now."""
    mode: Literal["speculate", "bisect"] = "speculate"

    @property
    def facts(self) -> str:
        """What stands beside the state: a priority, whom it stands on, when it should land."""
        found = [f"priority {self.priority}"] if self.priority else []
        found += [f"on {', '.join(self.on[:3])}{' …' if len(self.on) > 3 else ''}"] if self.on else []
        if self.eta_seconds is not None and self.eta_seconds >= 1:
            found.append(f"in about {phrases.duration(timedelta(seconds=self.eta_seconds))}")
        return ", ".join(found)


def queue_view(items: Iterable[Queued]) -> RenderableType:
    """One row per changeset, in the order that the queue gives."""
    rows = [_row(item) for item in items]
    if not rows:
        return Text("nothing waits to land", style=DIM)
    return table("", "run", "to", "state", "request", wrap=("state", "request"), rows=rows)


def _row(item: Queued) -> tuple[Text, ...]:
    state = safe(item.status, STATES.get(item.status, BUSY))
    facts = Text.assemble(" (", safe(item.facts, DIM), ")") if item.facts else Text("")
    return (
        Text(str(item.position + 1), style=DIM),
        safe(item.run, STRONG),
        safe(item.target),
        Text.assemble(state, ": ", safe(item.why), facts) if item.why else state,
        safe(item.request, DIM, limit=120),
    )
