"""A long list of lines of which only the visible ones are rendered: streams, diffs, outputs."""

from collections.abc import Iterable, Sequence

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding
from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from hive.dashboard.tui.ask import Ask
from hive.dashboard.tui.line import Line
from hive.dashboard.tui.place import Place

MOST_LINES = 5000
RENDERED = 256
"""Lines that are kept as they are drawn, some 8 kB each: four screens of a large terminal."""
FOUND = Style(reverse=True)


class Lines(ScrollView, can_focus=True):
    """One line has the cursor; while that is the last one, new lines are followed."""

    COMPONENT_CLASSES = {"lines--cursor"}
    BINDINGS = [
        Binding("down,j", "move(1)", "down", show=False),
        Binding("up,k", "move(-1)", "up", show=False),
        Binding("pagedown,space", "page(1)", "page down", show=False),
        Binding("pageup", "page(-1)", "page up", show=False),
        Binding("home", "to_top", "top", show=False),
        Binding("end,G", "to_end", "end", show=False),
        Binding("right_square_bracket", "head(1)", "next part", show=False),
        Binding("left_square_bracket", "head(-1)", "part before", show=False),
        Binding("slash", "search", "search", key_display="/"),
        Binding("n", "again(1)", "next match", show=False),
        Binding("N", "again(-1)", "match before", show=False),
        Binding("y", "copy", "copy line", show=False),
    ]

    class Moved(Message):
        """Another line has the cursor."""

    def __init__(self, name: str, *, most: int = MOST_LINES) -> None:
        super().__init__(id=name)
        self.lines: list[Line] = []
        self.cursor = 0
        self.needle = ""
        self._most = most
        self._first = 0
        """How many lines were let go of, so that a line's number in the cache never changes."""
        self._wide = 0
        self._strips: LRUCache[tuple[int, bool], Strip] = LRUCache(RENDERED)

    @property
    def place(self) -> Place | None:
        """What the line under the cursor stands for."""
        return self.lines[self.cursor].place if self.cursor < len(self.lines) else None

    @property
    def at_end(self) -> bool:
        """Whether new lines are followed."""
        return self.cursor >= len(self.lines) - 1

    def show(self, lines: Sequence[Line], *, end: bool = False) -> None:
        """These lines and no others."""
        self.lines = list(lines[-self._most :])
        self._first, self._wide = 0, 0
        self.cursor = max(len(self.lines) - 1, 0) if end else min(self.cursor, max(len(self.lines) - 1, 0))
        self._grown(self.lines, all_of_it=True)
        self._reveal()

    def extend(self, lines: Iterable[Line], *, instead_of_last: bool = False) -> None:
        """More lines at the end; the oldest go when there are too many."""
        following = self.at_end
        if instead_of_last and self.lines:
            self.lines.pop()
            self._forget(len(self.lines))
        new = list(lines)
        self.lines += new
        gone = max(len(self.lines) - self._most, 0)
        if gone:
            del self.lines[:gone]
            self._first += gone
            self.cursor = max(self.cursor - gone, 0)
        if following:
            self.cursor = max(len(self.lines) - 1, 0)
        self._grown(new, all_of_it=False)
        if following:
            self._reveal()
        elif gone:
            self.scroll_relative(y=-gone, animate=False, immediate=True)

    def _forget(self, index: int) -> None:
        for marked in (True, False):
            self._strips.discard((self._first + index, marked))

    def _grown(self, new: Sequence[Line], *, all_of_it: bool) -> None:
        if all_of_it:
            self._strips.clear()
        self._wide = max([self._wide, *(line.text.cell_len for line in new)])
        self.virtual_size = Size(self._wide, len(self.lines))
        self.refresh()

    # --- rendering ---------------------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """One visible line."""
        x, top = self.scroll_offset
        index, width = top + y, self.size.width
        if index >= len(self.lines):
            return Strip.blank(width, self.rich_style)
        marked = index == self.cursor and self.has_focus
        line = self.lines[index]
        fill = self.rich_style + Style.parse(line.fill) if line.fill else self.rich_style
        if marked:
            fill += self.get_component_rich_style("lines--cursor", partial=True)
        strip = self._strip(index, marked, fill)
        return strip.crop_extend(x, x + width, fill).apply_offsets(x, index)

    def _strip(self, index: int, marked: bool, fill: Style) -> Strip:
        selection = self.text_selection
        key = (self._first + index, marked)
        if selection is None and key in self._strips:
            return self._strips[key]
        text = self.lines[index].text.copy()
        text.no_wrap, text.end = True, ""
        if self.needle:
            text.highlight_words([self.needle], style=FOUND, case_sensitive=False)
        if selection is not None and (span := selection.get_span(index)):
            start, end = span
            text.stylize(
                self.screen.get_component_rich_style("screen--selection"), start, end if end >= 0 else None
            )
        segments = list(text.render(self.app.console, end=""))
        strip = Strip(Segment.apply_style(segments, fill), text.cell_len)
        if selection is None:
            self._strips[key] = strip
        return strip

    def notify_style_update(self) -> None:
        """Another theme, other strips."""
        super().notify_style_update()
        self._strips.clear()

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """What the mouse has selected, for the clipboard."""
        return selection.extract("\n".join(line.text.plain for line in self.lines)), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Show it."""
        self._strips.clear()
        self.refresh()

    # --- keys --------------------------------------------------------------------------------------------------

    def go(self, index: int) -> None:
        """Put the cursor on a line."""
        before, self.cursor = self.cursor, max(0, min(index, len(self.lines) - 1))
        self._reveal()
        self.refresh_line(before)
        self.refresh_line(self.cursor)
        self.post_message(self.Moved())

    def _reveal(self) -> None:
        self.scroll_to_region(
            Region(self.scroll_offset.x, self.cursor, 1, 1), animate=False, immediate=True, x_axis=False
        )

    def action_move(self, lines: int) -> None:
        """Up or down by lines."""
        self.go(self.cursor + lines)

    def action_page(self, pages: int) -> None:
        """Up or down by what is visible."""
        self.go(self.cursor + pages * max(self.size.height - 1, 1))

    def action_to_top(self) -> None:
        """The first line."""
        self.go(0)

    def action_to_end(self) -> None:
        """The last line; from now on new ones are followed."""
        self.go(len(self.lines) - 1)

    def action_head(self, direction: int) -> None:
        """To where the part before or after begins."""
        heads = [n for n, line in enumerate(self.lines) if line.head]
        found = [n for n in heads[::direction] if (n - self.cursor) * direction > 0]
        if found:
            self.go(found[0])

    def action_search(self) -> None:
        """Ask for words and go to the first line that has them."""

        def look(words: str | None) -> None:
            if words is not None:
                self.needle = words
                self._strips.clear()
                self.refresh()
                self.action_again(1)

        self.app.push_screen(Ask(Text("Search for"), "words; n and N go on", required=False), look)

    def action_again(self, direction: int) -> None:
        """The next line, or the one before, that has the words; around the end."""
        wanted = self.needle.casefold()
        found = [n for n, line in enumerate(self.lines) if wanted and wanted in line.text.plain.casefold()]
        if not found:
            if wanted:
                self.app.notify(f"nothing has {self.needle!r}", markup=False)
            self.refresh()
            return
        beyond = [n for n in found[::direction] if (n - self.cursor) * direction > 0]
        self.go(beyond[0] if beyond else found[::direction][0])

    def action_copy(self) -> None:
        """The line under the cursor, to the clipboard (OSC 52)."""
        if self.cursor < len(self.lines):
            self.app.copy_to_clipboard(self.lines[self.cursor].text.plain)
            self.app.notify("copied", timeout=2, markup=False)

    def on_click(self, event: events.Click) -> None:
        """The cursor goes where one clicks."""
        self.go(self.scroll_offset.y + event.y)
