"""A table whose rows have keys: only cells that changed are written, the cursor stays on its row."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rich.text import Text
from textual import events
from textual.widgets import DataTable


class Column(NamedTuple):
    """A column of fixed width, or the one that takes what is left (width 0)."""

    label: str
    width: int
    needs: int = 0
    """Columns of the table from which this one is shown."""


class Rows(DataTable[Text]):
    """Cells are `Text`, so nothing in them is markup."""

    def __init__(self, columns: Sequence[Column], name: str, *, header: bool = True) -> None:
        super().__init__(id=name, cursor_type="row", show_header=header, cell_padding=1)
        self._wanted = tuple(columns)
        self._shown: tuple[tuple[str, int], ...] = ()
        self._filled: dict[str, tuple[Text, ...]] = {}

    @property
    def key(self) -> str | None:
        """The key of the row under the cursor."""
        return self._order[self.cursor_row] if 0 <= self.cursor_row < len(self._order) else None

    @property
    def _order(self) -> list[str]:
        return list(self._filled)

    def fill(self, rows: Mapping[str, Sequence[Text]], columns: Sequence[Column] | None = None) -> None:
        """Show exactly these rows, in this order."""
        if columns is not None:
            self._wanted = tuple(columns)
        wanted = {key: tuple(cells) for key, cells in rows.items()}
        kept = self._cursor()
        if self._lay_out() or list(wanted) != self._order:
            self._rebuild(wanted, kept)
            return
        for key, cells in wanted.items():
            if cells != self._filled[key]:
                self._update(key, self._filled[key], cells)
        self._filled = wanted

    def put(self, key: str) -> None:
        """Move the cursor to a row, if it is there."""
        if key in self._filled:
            self.move_cursor(row=self._order.index(key))

    def _lay_out(self) -> bool:
        """Decide the columns for the width that there is; whether they changed."""
        width = self.size.width or 80
        there = [column for column in self._wanted if width >= column.needs]
        fixed = sum(column.width + 2 * self.cell_padding for column in there)
        rest = max(width - fixed - self.scrollbar_size_vertical, 8)
        shown = tuple((column.label, column.width or rest) for column in there)
        if shown == self._shown:
            return False
        self._shown = shown
        self.clear(columns=True)
        for label, size in shown:
            self.add_column(Text(label), width=size, key=label)
        return True

    def _cursor(self) -> tuple[str | None, int, int]:
        return self.key, self.cursor_row, self.scroll_offset.y

    def _rebuild(self, rows: dict[str, tuple[Text, ...]], kept: tuple[str | None, int, int]) -> None:
        key, at, top = kept
        self.clear()
        self._filled = rows
        for name, cells in rows.items():
            self.add_row(*(cells[n] for n in self._places), key=name)
        if rows:
            self.move_cursor(row=self._order.index(key) if key in rows else min(at, len(rows) - 1))
        self.scroll_to(y=top, animate=False, immediate=True)

    @property
    def _places(self) -> list[int]:
        labels = [column.label for column in self._wanted]
        return [labels.index(label) for label, _ in self._shown]

    def _update(self, key: str, old: tuple[Text, ...], new: tuple[Text, ...]) -> None:
        for (label, _), place in zip(self._shown, self._places, strict=True):
            if old[place] != new[place] or old[place].style != new[place].style:
                self.update_cell(key, label, new[place])

    def on_resize(self, event: events.Resize) -> None:
        """Another width, other columns; the table knows its own width only after this event."""
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        kept = self._cursor()
        if self._lay_out():
            self._rebuild(self._filled, kept)
