"""A contract delta, change by change: severity and element first, then why it is judged so."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from hive.dashboard import phrases
from hive.dashboard.palette import DIM, SEVERITY_MARKS, marked, safe
from hive.dashboard.show.layout import part
from hive.model import Change

SIGNS = {"added": "+", "removed": "-", "changed": "~"}
MOST_CHANGES = 200


def delta(changes: Sequence[Change]) -> RenderableType | None:
    """The part on the contract; none where nothing changes."""
    if not changes:
        return None
    more = len(changes) - MOST_CHANGES
    counted = [Text(f"… {more} more", style=DIM)] if more > 0 else []
    return part("contract", *(line for each in changes[:MOST_CHANGES] for line in _lines(each)), *counted)


def _lines(change: Change) -> Iterator[RenderableType]:
    mark = marked(SEVERITY_MARKS[change.severity], change.severity)
    yield Text.assemble(mark, "  ", safe(f"{SIGNS[change.kind]} {phrases.element(change)}"))
    carried = f", carried by {', '.join(change.affected)}" if change.affected else ""
    where = "" if change.direction == "none" else f" ({change.direction}{carried})"
    yield Padding(safe(f"{change.message}{where} [{change.rule}]", DIM), (0, 0, 0, 2))
