"""Everything by name: what the screen can do now, every run, every theme."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from hive.dashboard.tui.deeds import Target
from hive.dashboard.tui.messages import Opened
from hive.dashboard.tui.themes import THEMES
from hive.text import one_line

if TYPE_CHECKING:
    from hive.dashboard.tui.app import HiveApp

MOST_RUNS = 200


class Entry(NamedTuple):
    """One line of the palette."""

    words: str
    help: str
    call: Callable[[], object]


class Finder(Provider):
    """Names are sanitized and never markup."""

    async def discover(self) -> Hits:
        """All of it, before anything is typed."""
        for entry in self._entries():
            yield DiscoveryHit(Content(entry.words), entry.call, text=entry.words, help=entry.help)

    async def search(self, query: str) -> Hits:
        """What matches, best first."""
        matcher = self.matcher(query)
        for entry in self._entries():
            if (score := matcher.match(entry.words)) > 0:
                shown = Content(entry.words).stylize_before("not bold")
                yield Hit(score, shown, entry.call, text=entry.words, help=entry.help)

    def _entries(self) -> Iterator[Entry]:
        yield from self._keys()
        yield Entry("Help", "every key", partial(self._act, "app.help"))
        yield from self._runs()
        for theme in THEMES:
            choose = partial(self._app.choose_theme, theme.name)
            yield Entry(f"Theme: {theme.name.removeprefix('hive-')}", "remembered", choose)
        yield Entry(
            "Bell when something needs you: on or off", "remembered", partial(self._act, "app.toggle_bell")
        )
        yield Entry("Quit", "stops nothing", partial(self._act, "app.quit"))

    def _keys(self) -> Iterator[Entry]:
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if binding.show and binding.description and active.enabled:
                words = binding.description.capitalize()
                yield Entry(words, f"key {binding.key}", partial(self._act, binding.action))

    def _runs(self) -> Iterator[Entry]:
        board = self._app.board
        known = {name: run.created.request for name, run in board.runs.items()}
        for name in list(reversed(known))[:MOST_RUNS]:
            opened = Opened(Target(name))
            words = one_line(f"Open run {name}: {known[name]}", 120)
            yield Entry(words, "", partial(self.app.post_message, opened))

    async def _act(self, action: str) -> None:
        await self.screen.run_action(action)

    @property
    def _app(self) -> "HiveApp":
        from hive.dashboard.tui.app import HiveApp

        assert isinstance(self.app, HiveApp)  # noqa: S101
        return self.app
