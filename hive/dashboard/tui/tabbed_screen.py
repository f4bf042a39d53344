"""What screens with tabs of text have in common."""

from collections.abc import Callable

from rich.console import RenderableType
from textual import on
from textual.widgets import Static, TabbedContent

from hive.dashboard.tui.backend import Backend
from hive.dashboard.tui.work_screen import WorkScreen
from hive.state import RunState


class TabbedScreen(WorkScreen):
    """The text of a tab is made when it is looked at, and again when its facts have changed."""

    def __init__(self, backend: Backend, runs: dict[str, RunState]) -> None:
        super().__init__(backend, runs)
        self._drawn: dict[str, object] = {}

    def draw_tab(self) -> None:
        """Render the tab that is looked at."""
        raise NotImplementedError

    def text(self, name: str, facts: object, make: Callable[[], RenderableType]) -> None:
        """Show a tab's text, made anew only for other facts."""
        if self._drawn.get(name, self) != facts:
            self._drawn[name] = facts
            self.query_one(f"#{name}-text", Static).update(make())

    @on(TabbedContent.TabActivated)
    def turned(self) -> None:
        """Another tab is looked at."""
        if self.drawable:
            self.draw_tab()

    def action_tab(self, name: str) -> None:
        """Show a tab."""
        self.query_one(TabbedContent).active = name
