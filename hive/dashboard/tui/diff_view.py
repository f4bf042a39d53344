"""A service's diff on the screen: read and laid out beside the screen, in one column or two."""

import asyncio
from collections.abc import Callable

from rich.text import Text
from textual import events
from textual.binding import Binding

from hive.dashboard.palette import BAD, DIM, safe
from hive.dashboard.tui.diff.layout import laid_out
from hive.dashboard.tui.diff.parse import FileDiff, parse
from hive.dashboard.tui.diff.shades import Shades, shades
from hive.dashboard.tui.line import Line
from hive.dashboard.tui.lines import Lines
from hive.errors import HiveError

BESIDE = 160
"""Columns from which old and new are side by side unless one chooses otherwise."""
MOST_LINES = 200_000


class DiffView(Lines):
    """Knows which diff it shows: the same one is not read again."""

    BINDINGS = [
        Binding("w", "beside", "side by side"),
        Binding("e", "screen.edit", "edit"),
    ]

    def __init__(self, name: str) -> None:
        super().__init__(name, most=MOST_LINES)
        self._files: list[FileDiff] = []
        self._key: object = None
        self._chosen: bool | None = None
        self._empty = ""

    @property
    def beside(self) -> bool:
        """Whether old and new are side by side."""
        return self.size.width >= BESIDE if self._chosen is None else self._chosen

    def load(self, key: object, read: Callable[[], str], *, empty: str) -> None:
        """Show what `read` returns, unless the diff of this key is shown already; `read` runs in a thread."""
        if key != self._key:
            self._key, self._empty = key, empty
            self.run_worker(self._read(key, read), exclusive=True)

    async def _read(self, key: object, read: Callable[[], str]) -> None:
        try:
            files = await asyncio.to_thread(lambda: parse(read()))
        except HiveError as error:
            self.show([Line(safe(error.message, BAD)), Line(safe(f"next: {error.next_step}", DIM))])
            return
        if key == self._key:
            self._files, self.cursor = files, 0
            await self._lay_out()

    async def _lay_out(self) -> None:
        if not self._files:
            self.show([Line(Text(self._empty, style=DIM))])
            return
        columns = self.size.width - 1 if self.beside else None
        chosen: Shades = shades(self.app.theme)
        lines = await asyncio.to_thread(laid_out, self._files, chosen, columns=columns)
        self.show(lines)
        self.post_message(self.Moved())

    def again(self) -> None:
        """Lay out the same diff for another width or theme."""
        if self._files:
            self.run_worker(self._lay_out(), exclusive=True)

    def on_mount(self) -> None:
        """Another theme has other colours."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self.again())

    def on_resize(self, event: events.Resize) -> None:
        """Another width, another layout."""
        self.again()

    def action_beside(self) -> None:
        """Side by side, or below each other."""
        self._chosen = not self.beside
        self.again()
