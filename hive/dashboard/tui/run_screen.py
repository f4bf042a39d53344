"""One run: how far it is, every service at a glance, and tabs for the plan, the graph and the changeset."""

from collections.abc import Iterable

from rich.console import Group
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static, TabbedContent, TabPane

from hive.dashboard.board import Board
from hive.dashboard.cells import run_elapsed
from hive.dashboard.live import header
from hive.dashboard.tui.backend import Backend
from hive.dashboard.tui.changeset import changeset_part, graph_part, plan_part, progress
from hive.dashboard.tui.deeds import Deed, Target, offered
from hive.dashboard.tui.messages import Opened
from hive.dashboard.tui.rows import Rows
from hive.dashboard.tui.said import Said
from hive.dashboard.tui.tabbed_screen import TabbedScreen
from hive.dashboard.tui.table import columns, row
from hive.state import RunState

TABS = ("plan", "graph", "changeset")


class RunScreen(TabbedScreen):
    """Deeds are about the service under the cursor; about the run where only that makes sense."""

    AUTO_FOCUS = "#services"
    BINDINGS = [
        Binding("enter", "open", "open"),
        Binding("v", "review", "review"),
        Binding("A", "whole('approve')", "approve all"),
        Binding("S", "whole('stop')", "stop all", show=False),
        Binding("1", "tab('plan')", "plan", show=False),
        Binding("2", "tab('graph')", "graph", show=False),
        Binding("3", "tab('changeset')", "changeset", show=False),
    ]

    def __init__(self, backend: Backend, board: Board, run: str) -> None:
        super().__init__(backend, board.runs)
        self.run_id = run
        self._board = board

    @property
    def state(self) -> RunState:
        """The run as it is now."""
        return self.runs[self.run_id]

    def content(self) -> ComposeResult:
        """The title, then services and tabs: below each other, or side by side where there is room."""
        yield Said(id="title", classes="two")
        yield Said(id="progress")
        with Vertical(id="body"):
            with Vertical(id="services-part", classes="part") as services:
                services.border_title = "services"
                yield Static("The plan is being made.", id="unplanned", markup=False)
                yield Rows(columns(self.state), "services")
            with Vertical(id="about-part", classes="part"), TabbedContent(id="about"):
                for name in TABS:
                    with TabPane(name, id=name), VerticalScroll():
                        yield Static(id=f"{name}-text")

    def where(self) -> str:
        """The run's id."""
        return f"run {self.run_id}"

    def target(self) -> Target | None:
        """The service under the cursor, or the run where no service can be decided on."""
        if not self.state.plan_approved or self.state.phase in (
            "approved",
            "refused",
            "failed",
            "stopped",
            "paused",
        ):
            return Target(self.run_id)
        service = self.query_one("#services", Rows).key
        return Target(self.run_id, service)

    def draw(self, changed: Iterable[str] | None = None) -> None:
        """What changed; texts are made again only when they would say something else."""
        run, now = self.state, self.backend.clock.now()
        title = (run.phase, run_elapsed(run, now), run.cost_usd)
        self.query_one("#title", Said).say(Group(*header(run, now)), title)
        self.query_one("#progress", Said).say(progress(run))
        table = self.query_one("#services", Rows)
        table.fill(run.tasks, lambda name: row(run.tasks[name], now), columns(run))
        table.display = bool(run.tasks)
        self.query_one("#unplanned").display = not run.tasks
        self.draw_tab()
        self.refresh_bindings()

    def draw_tab(self) -> None:
        run = self.state
        phases = tuple((task.service, task.phase) for task in run.tasks.values())
        match self.query_one(TabbedContent).active:
            case "plan":
                self.text("plan", id(run.plan), lambda: plan_part(run))
            case "graph":
                self.text("graph", phases, lambda: graph_part(run))
            case _:
                queued = {item.run: item for item in self.backend.queue(self._board.with_past())}.get(run.id)
                facts = (
                    queued,
                    run.merged,
                    run.tested,
                    run.landed,
                    run.refused,
                    run.failed,
                    tuple(run.union),
                )
                self.text("changeset", facts, lambda: changeset_part(run, queued))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Also for deeds on the whole run, where they differ from those on a service."""
        if action != "whole":
            return super().check_action(action, parameters)
        target = self.target() if self.drawable else None
        if target is None or target.service is None:
            return False
        return parameters[0] in offered(self.state, None)

    def action_whole(self, deed: Deed) -> None:
        """The same deed, about the whole run."""
        self.act(deed, Target(self.run_id))

    @on(Rows.Moved)
    def moved(self) -> None:
        """Other keys may apply now."""
        self.refresh_bindings()

    @on(Rows.Chosen)
    def selected(self) -> None:
        """Open the service."""
        self.action_open()

    def action_open(self) -> None:
        """The service under the cursor."""
        if service := self.query_one("#services", Rows).key:
            self.post_message(Opened(Target(self.run_id, service)))
