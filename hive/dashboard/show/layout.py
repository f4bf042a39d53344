"""The look that the reading commands share: quiet tables and titled parts."""

from collections.abc import Collection, Iterable, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from hive.dashboard.palette import DIM, STRONG

MOST_ROWS = 500
"""Rows of one table at the most; the rest is counted."""


def table(*columns: str, rows: Iterable[Sequence[Text]], wrap: Collection[str] = ()) -> Table:
    """A table without lines; cells are Text, so nothing in them is markup. Only columns in `wrap` wrap."""
    made = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style=DIM, show_header=any(columns))
    for column in columns:
        if column in wrap:
            made.add_column(Text(column), overflow="fold")
        else:
            made.add_column(Text(column), overflow="ellipsis", no_wrap=True)
    count = 0
    for count, row in enumerate(rows, 1):
        if count <= MOST_ROWS:
            made.add_row(*row)
    if count > MOST_ROWS:
        made.add_row(Text(f"… {count - MOST_ROWS} more", style=DIM))
    return made


def part(title: str, *content: RenderableType) -> RenderableType:
    """A title and, indented below it, what belongs to it."""
    return Group(Text(title.upper(), style=STRONG), *(Padding(each, (0, 0, 0, 2)) for each in content))


def stack(*parts: RenderableType | None) -> RenderableType:
    """Parts under each other, an empty line between them; none is left out."""
    there = [each for each in parts if each is not None]
    spaced: list[RenderableType] = []
    for number, each in enumerate(there):
        spaced += [Text(""), each] if number else [each]
    return Group(*spaced)
