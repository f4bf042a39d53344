"""The merge queue: order, state, and why each waits."""

from collections.abc import Iterable

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from hive.dashboard.palette import BUSY, DIM, STRONG, safe
from hive.dashboard.show.queue import STATES, Queued
from hive.dashboard.tui.deeds import Target
from hive.dashboard.tui.messages import Opened
from hive.dashboard.tui.rows import Column, Rows
from hive.dashboard.tui.work_screen import WorkScreen

QUEUE = (
    Column("", 3), Column("run", 6), Column("to", 12), Column("state", 10), Column("why", 0),
    Column("request", 34, 130),
)  # fmt: skip
EMPTY = "Nothing waits to land. Approve every diff of a run, then land it with l."


class QueueScreen(WorkScreen):
    """One row per changeset, in landing order."""

    AUTO_FOCUS = "#queue"

    def content(self) -> ComposeResult:
        """The table, or a word on how to fill it."""
        with Vertical(classes="part") as part:
            part.border_title = "merge queue"
            yield Static(EMPTY, id="nothing", markup=False)
            yield Rows(QUEUE, "queue")

    def where(self) -> str:
        """Its name."""
        return "queue"

    def target(self) -> Target | None:
        """The run under the cursor."""
        key = self.query_one("#queue", Rows).key
        return Target(key) if key else None

    def draw(self, changed: Iterable[str] | None = None) -> None:
        """All of it: it is short."""
        items = self.backend.queue(self.runs.values())
        by_run = {item.run: item for item in items}
        self.query_one("#queue", Rows).fill([item.run for item in items], lambda run: _row(by_run[run]))
        self.query_one("#queue").display = bool(items)
        self.query_one("#nothing").display = not items
        self.refresh_bindings()

    @on(Rows.Chosen)
    def selected(self) -> None:
        """Open the run."""
        if target := self.target():
            self.post_message(Opened(target))


def _row(item: Queued) -> tuple[Text, ...]:
    return (
        Text(str(item.position + 1), style=DIM),
        safe(item.run, STRONG),
        safe(item.target),
        safe(item.status, STATES.get(item.status, BUSY)),
        safe(f"{item.why} ({item.facts})" if item.facts else item.why),
        safe(item.request, DIM),
    )
