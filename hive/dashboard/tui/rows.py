"""A table whose rows have keys: only rows that changed are drawn again, the cursor stays on its row.

Textual's own DataTable forgets every line that it has drawn at each change of a cell, which at a hundred rows that
change ten times a second costs more than all the rest (`python -m benchmarks tui`).
"""

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size, Spacing
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

PADDING = 1
"""Cells on both sides of every column."""
LEAST = 8
"""The column that takes what is left gets that much at least."""


class Column(NamedTuple):
    """A column of fixed width, or the one that takes what is left (width 0)."""

    label: str
    width: int
    needs: int = 0
    """Columns of the table from which this one is shown."""


class Rows(ScrollView, can_focus=True):
    """Cells are `Text`, so nothing in them is markup; what does not fit ends in an ellipsis."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--header", "rows--cursor"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "open", show=False),
        Binding("down,j", "move(1)", "down", show=False),
        Binding("up,k", "move(-1)", "up", show=False),
        Binding("pagedown,space", "page(1)", "page down", show=False),
        Binding("pageup", "page(-1)", "page up", show=False),
        Binding("home", "to_top", "top", show=False),
        Binding("end,G", "to_end", "end", show=False),
    ]

    class Moved(Message):
        """Another row has the cursor."""

    class Chosen(Message):
        """The row under the cursor is to be opened."""

    def __init__(self, columns: Sequence[Column], name: str, *, header: bool = True) -> None:
        super().__init__(id=name)
        self._columns = tuple(columns)
        self._head = int(header)
        self._order: list[str] = []
        self._make: Callable[[str], Sequence[Text]] = lambda _: ()
        self._cells: dict[str, tuple[Text, ...]] = {}
        """Of rows that have been in sight since the last change."""
        self._strips: dict[tuple[str | None, bool], Strip] = {}
        """By key and whether the cursor is there; the header has no key."""
        self._drawn_width = 0
        self.cursor_row = 0

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self._order)

    @property
    def key(self) -> str | None:
        """The key of the row under the cursor."""
        return self._order[self.cursor_row] if self._order else None

    def fill(
        self,
        keys: Iterable[str],
        cells: Callable[[str], Sequence[Text]],
        columns: Sequence[Column] | None = None,
    ) -> None:
        """Show exactly these rows, in this order; cells are asked for when their row is in sight."""
        if columns is not None and tuple(columns) != self._columns:
            self._columns = tuple(columns)
            self._strips.clear()
            self.refresh()
        self._make = cells
        order, before = list(keys), self.key
        if order != self._order:
            self._order = order
            last = max(len(order) - 1, 0)
            self.cursor_row = order.index(before) if before in order else min(self.cursor_row, last)
            self.virtual_size = Size(0, len(order) + self._head)
            self.refresh()
        self._look_again()
        if self.key != before:
            self.post_message(self.Moved())

    def _look_again(self) -> None:
        """Ask for the cells in sight; the others are asked for when they come into sight."""
        known, self._cells = self._cells, {}
        for key in self._in_sight:
            self._cells[key] = tuple(self._make(key))
        same = {key for key, cells in self._cells.items() if _same(known.get(key), cells)}
        self._strips = {at: strip for at, strip in self._strips.items() if at[0] is None or at[0] in same}
        self._refresh_rows([key for key in self._cells if key not in same])

    @property
    def _in_sight(self) -> list[str]:
        top = self.scroll_offset.y
        return self._order[top : top + max(self.size.height - self._head, 0)]

    def put(self, key: str) -> None:
        """Move the cursor to a row, if it is there."""
        if key in self._order:
            self.move_cursor(row=self._order.index(key))

    def move_cursor(self, *, row: int) -> None:
        """Move the cursor to the row of that number, or to the nearest that there is."""
        row = max(0, min(row, len(self._order) - 1))
        if row == self.cursor_row:
            return
        before, self.cursor_row = self.key, row
        self._refresh_rows((before, self.key))
        self._reveal()
        self.post_message(self.Moved())

    # --- rendering ---------------------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """One visible line."""
        width = self.size.width
        if width != self._drawn_width:
            self._strips.clear()
            self._drawn_width = width
        at = y - self._head + (self.scroll_offset.y if y >= self._head else 0)
        if at >= len(self._order):
            return Strip.blank(width, self.rich_style)
        key = None if at < 0 else self._order[at]
        place = (key, at == self.cursor_row)
        if place not in self._strips:
            self._strips[place] = self._strip(key, marked=place[1], width=width)
        return self._strips[place]

    def _strip(self, key: str | None, *, marked: bool, width: int) -> Strip:
        columns = self._shown(width)
        if key is None:
            cells = [Text(column.label) for _, column in columns]
            look = self.get_component_rich_style("rows--header")
        else:
            if key not in self._cells:
                self._cells[key] = tuple(self._make(key))
            cells = [self._cells[key][place] for place, _ in columns]
            look = self.get_component_rich_style("rows--cursor") if marked else Style()
        segments: list[Segment] = []
        for cell, (_, column) in zip(cells, columns, strict=True):
            shown = cell.copy()
            shown.truncate(column.width, overflow="ellipsis", pad=True)
            segments += [Segment(" " * PADDING), *shown.render(self.app.console), Segment(" " * PADDING)]
        base = self.rich_style
        return Strip(Segment.apply_style(segments, base, look)).adjust_cell_length(width, base + look)

    def _shown(self, width: int) -> list[tuple[int, Column]]:
        """The columns for which there is room, each with its place among all."""
        there = [(place, column) for place, column in enumerate(self._columns) if width >= column.needs]
        rest = max(width - sum(column.width + 2 * PADDING for _, column in there), LEAST)
        return [(place, column._replace(width=column.width or rest)) for place, column in there]

    def _refresh_rows(self, keys: Iterable[str | None]) -> None:
        wanted = set(keys)
        seen = [n for n, key in enumerate(self._in_sight) if key in wanted]
        if seen:
            self.refresh(*(Region(0, n + self._head, self.size.width, 1) for n in seen))

    def notify_style_update(self) -> None:
        """Another theme or focus, other strips."""
        super().notify_style_update()
        self._strips.clear()

    def on_resize(self) -> None:
        """The cursor stays in sight."""
        self._reveal()

    def _reveal(self) -> None:
        if self.size:
            line = Region(0, self.cursor_row + self._head, 1, 1)
            above = Spacing(top=self._head)
            self.scroll_to_region(line, spacing=above, animate=False, immediate=True, x_axis=False)

    # --- keys and clicks ---------------------------------------------------------------------------------------

    def action_move(self, rows: int) -> None:
        """Up or down by rows."""
        self.move_cursor(row=self.cursor_row + rows)

    def action_page(self, pages: int) -> None:
        """Up or down by what is visible."""
        self.action_move(pages * max(self.size.height - self._head - 1, 1))

    def action_to_top(self) -> None:
        """The first row."""
        self.move_cursor(row=0)

    def action_to_end(self) -> None:
        """The last row."""
        self.move_cursor(row=len(self._order) - 1)

    def action_choose(self) -> None:
        """Open what is under the cursor."""
        if self._order:
            self.post_message(self.Chosen())

    def on_click(self, event: events.Click) -> None:
        """The cursor goes where one clicks; a second click opens."""
        at = event.y - self._head + self.scroll_offset.y
        if event.y < self._head or at >= len(self._order):
            return
        if at == self.cursor_row:
            self.action_choose()
        self.move_cursor(row=at)


def _same(old: Sequence[Text] | None, new: Sequence[Text]) -> bool:
    """Whether they look the same; `Text` leaves the style of the whole out of its comparison."""
    return old is not None and all(a == b and a.style == b.style for a, b in zip(old, new, strict=True))
