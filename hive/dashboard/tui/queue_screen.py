"""The merge queue: lanes, what is tested on top of what, why each waits; and the keys that steer it."""

from collections.abc import Iterable

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static, TabbedContent, TabPane

from hive.dashboard.board import Board
from hive.dashboard.lanes import in_lanes
from hive.dashboard.palette import STRONG, safe
from hive.dashboard.show.queue import Queued
from hive.dashboard.tui.ask import Ask
from hive.dashboard.tui.backend import Backend
from hive.dashboard.tui.commands import Steer
from hive.dashboard.tui.confirm import Confirm
from hive.dashboard.tui.deeds import QueueDeed, Target, steered
from hive.dashboard.tui.messages import Commanded, Opened
from hive.dashboard.tui.queue_parts import detail_part, flaky_part, heading, neighbour, row
from hive.dashboard.tui.rows import Column, Rows
from hive.dashboard.tui.tabbed_screen import TabbedScreen
from hive.text import one_line

QUEUE = (
    Column("lane", 12), Column("", 2), Column("run", 6), Column("state", 8), Column("lands in", 8, 100),
    Column("on top of", 20, 110), Column("why", 0), Column("request", 34, 150),
)  # fmt: skip
EMPTY = "Nothing waits to land. Approve every diff of a run, then land it with l."
MOST_PRIORITY = 1000
TABS = ("changeset", "flakes")


class QueueScreen(TabbedScreen):
    """One row per changeset, lane by lane in landing order; below or beside it the one under the cursor in full."""

    AUTO_FOCUS = "#queue"
    BINDINGS = [
        Binding("enter", "open", "open"),
        Binding("h", "steer('hold')", "hold"),
        Binding("H", "steer('release')", "release"),
        Binding("K", "shift(-1)", "sooner"),
        Binding("J", "shift(1)", "later"),
        Binding("p", "priority", "priority", show=False),
        Binding("x", "steer('withdraw')", "take out"),
        Binding("A", "steer('accept')", "accept target"),
        Binding("1", "tab('changeset')", "changeset", show=False),
        Binding("2", "tab('flakes')", "flakes", show=False),
    ]

    def __init__(self, backend: Backend, board: Board) -> None:
        super().__init__(backend, board.runs)
        self._board = board
        self._items: list[Queued] = []

    def content(self) -> ComposeResult:
        """The table, or a word on how to fill it; what is below it."""
        with Vertical(id="queue-body"):
            with Vertical(id="queue-part", classes="part"):
                yield Static(EMPTY, id="nothing", markup=False)
                yield Rows(QUEUE, "queue")
            with Vertical(id="queued-part", classes="part"), TabbedContent(id="about"):
                for name in TABS:
                    with TabPane(name, id=name), VerticalScroll():
                        yield Static(id=f"{name}-text")

    def on_mount(self) -> None:
        """Be drawn at once, and again with what past runs teach."""
        super().on_mount()
        self.run_worker(self._recall())

    async def _recall(self) -> None:
        await self._board.recall()
        if self.drawable:
            self.draw()

    def where(self) -> str:
        """Its name."""
        return "queue"

    def target(self) -> Target | None:
        """The run under the cursor."""
        key = self.query_one("#queue", Rows).key
        return Target(key) if key else None

    @property
    def item(self) -> Queued | None:
        """The changeset under the cursor."""
        key = self.query_one("#queue", Rows).key
        return next((each for each in self._items if each.run == key), None)

    def draw(self, changed: Iterable[str] | None = None) -> None:
        """All of it: it is short."""
        items = self._items = in_lanes(self.backend.queue(self._board.with_past()))
        at = {item.run: n for n, item in enumerate(items)}
        self.query_one("#queue", Rows).fill(at, lambda run: row(items, at[run]))
        self.query_one("#queue").display = bool(items)
        self.query_one("#nothing").display = not items
        self.query_one("#queue-part").border_title = heading(items)
        self.draw_tab()
        self.refresh_bindings()

    def draw_tab(self) -> None:
        target = self.target()
        run = self.runs.get(target.run) if target else None
        if self.query_one(TabbedContent).active == "flakes":
            facts: object = tuple((run.id, run.seq) for run in self.runs.values() if run.flakes)
            self.text("flakes", facts, lambda: flaky_part(self.runs.values()))
        elif run is not None:
            self.text("changeset", (run.id, run.seq, self._items), lambda: detail_part(run, self._items))
        else:
            self.text("changeset", None, Text)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys are shown where they would do something."""
        item = self.item if self.drawable else None
        match action:
            case "open":
                return item is not None
            case "steer":
                return item is not None and parameters[0] in steered(item)
            case "priority":
                return item is not None and "move" in steered(item)
            case "shift":
                return (
                    item is not None
                    and "move" in steered(item)
                    and self._swap(item, parameters[0]) is not None
                )
            case _:
                return super().check_action(action, parameters)

    def _swap(self, item: Queued, by: object) -> Steer | None:
        other = neighbour(self._items, item.run, 1 if by == 1 else -1)
        if other is None:
            return None
        first, second = (other, item.run) if by == 1 else (item.run, other)
        return Steer("move", first, before=second)

    @on(Rows.Moved)
    def moved(self) -> None:
        """Another changeset is told of, and other keys may apply."""
        if self.drawable:
            self.draw_tab()
            self.refresh_bindings()

    @on(Rows.Chosen)
    def chosen(self) -> None:
        """Open the run."""
        self.action_open()

    def action_open(self) -> None:
        """The run under the cursor."""
        if target := self.target():
            self.post_message(Opened(target))

    def action_shift(self, by: int) -> None:
        """Sooner or later: in front of its neighbour, or its neighbour in front of it."""
        if (item := self.item) and (command := self._swap(item, by)):
            self.post_message(Commanded(command))

    def action_steer(self, deed: QueueDeed) -> None:
        """Hold, release, take out, accept the target; why is asked where it goes into the record."""
        item = self.item
        if item is None:
            return
        if deed == "release":
            self.post_message(Commanded(Steer(deed, item.run)))
            return
        if deed == "accept":
            self._accept(item)
            return

        def send(words: str | None) -> None:
            if words is not None:
                self.post_message(Commanded(Steer(deed, item.run, words)))

        who = safe(item.run, STRONG)
        question = (
            Text.assemble("Hold ", who, " in the queue? Those behind it go on.")
            if deed == "hold"
            else Text.assemble("Take ", who, " out of the queue? Its work is kept, l queues it again.")
        )
        self.app.push_screen(Ask(question, "why, for the record", required=False), send)

    def _accept(self, item: Queued) -> None:
        def send(sure: bool | None) -> None:
            if sure:
                self.post_message(Commanded(Steer("accept", item.run)))

        where = safe(item.target, STRONG)
        question = Text.assemble("Accept ", where, " as it is now? What was taken off it stays off it.")
        self.app.push_screen(Confirm(question), send)

    def action_priority(self) -> None:
        """A number: higher ones go first."""
        item = self.item
        if item is None:
            return

        def send(words: str | None) -> None:
            if words is None:
                return
            if (priority := _priority(words)) is None:
                said = f"{one_line(words, 40)!r} is no priority: -{MOST_PRIORITY} to {MOST_PRIORITY}"
                self.app.notify(said, severity="error", markup=False)
            else:
                self.post_message(Commanded(Steer("move", item.run, priority=priority)))

        who = safe(item.run, STRONG)
        question = Text.assemble("Priority of ", who, f"? It is {item.priority}; higher ones go first.")
        self.app.push_screen(Ask(question, "a number"), send)


def _priority(words: str) -> int | None:
    try:
        number = int(words)
    except ValueError:
        return None
    return number if abs(number) <= MOST_PRIORITY else None
