"""The first line of every screen: where one is, what needs a person, whether an engine works."""

from typing import NamedTuple

from rich.text import Text

from hive.dashboard.palette import BAD, BUSY, DIM, GOOD, STRONG, WARN, safe
from hive.dashboard.tui.said import Said


class Standing(NamedTuple):
    """How the whole project stands."""

    needs: int
    busy: int
    engine: bool
    folding: int
    trouble: str


def standing_line(project: str, where: str, standing: Standing) -> Text:
    """`hive · shop · run r7f3      ! 3 need you · ● 2 work · engine works`."""
    parts = []
    if standing.trouble:
        parts.append(safe(standing.trouble, BAD))
    if standing.folding:
        parts.append(Text(f"reading {standing.folding} runs", style=DIM))
    if standing.needs:
        parts.append(Text(f"! {standing.needs} need you", style=f"{STRONG} {WARN}"))
    if standing.busy:
        parts.append(Text(f"● {standing.busy} at work", style=BUSY))
    parts.append(Text("engine works", style=GOOD) if standing.engine else Text("engine rests", style=DIM))
    place = Text.assemble((" hive", STRONG), (" · ", DIM), safe(project))
    if where:
        place.append(" · ", style=DIM).append_text(safe(where, limit=60))
    return Text.assemble(place, "   ", Text(" · ", style=DIM).join(parts))


class TopBar(Said):
    """Shows the standing."""
