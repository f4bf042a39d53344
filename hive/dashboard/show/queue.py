"""`hive queue`: the changesets on their way to a target branch, in order."""

from collections.abc import Iterable
from typing import NamedTuple

from rich.console import RenderableType
from rich.text import Text

from hive.dashboard.palette import BUSY, DIM, STRONG, WARN, safe
from hive.dashboard.show.layout import table


class Queued(NamedTuple):
    """One changeset as the merge queue sees it; 0 is the head of its target's queue."""

    position: int
    run: str
    request: str
    target: str
    status: str
    why: str


def queue_view(items: Iterable[tuple[int, str, str, str, str, str]]) -> RenderableType:
    """One row per changeset, in the order that the queue gives."""
    rows = [_row(Queued(*item)) for item in items]
    if not rows:
        return Text("nothing waits to land", style=DIM)
    return table("", "run", "to", "state", "request", wrap=("state", "request"), rows=rows)


def _row(item: Queued) -> tuple[Text, ...]:
    state = safe(item.status, WARN if item.status == "waiting" else BUSY)
    return (
        Text(str(item.position + 1), style=DIM),
        safe(item.run, STRONG),
        safe(item.target),
        Text.assemble(state, ": ", safe(item.why)) if item.why else state,
        safe(item.request, DIM, limit=120),
    )
