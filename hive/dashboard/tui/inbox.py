"""The first screen: what needs a person, over all runs, and below it the runs."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Static

from hive.dashboard import cells, phrases
from hive.dashboard.board import Board, Brief
from hive.dashboard.palette import BAD, DIM, GOOD, RUN_MARKS, STRONG, WARN, marked, safe
from hive.dashboard.tui.backend import Backend
from hive.dashboard.tui.deeds import Target
from hive.dashboard.tui.messages import Opened
from hive.dashboard.tui.rows import Column, Rows
from hive.dashboard.tui.waiting import Waiting, waiting
from hive.dashboard.tui.work_screen import WorkScreen
from hive.state import NeedKind, RunState

NEEDS = (
    Column("", 10), Column("run", 6), Column("service", 14), Column("what", 0), Column("request", 34, 130),
)  # fmt: skip
RUNS = (
    Column("run", 6), Column("state", 12), Column("request", 0), Column("services", 16, 100),
    Column("cost", 8, 110), Column("time", 8),
)  # fmt: skip
MARKS: dict[NeedKind, tuple[str, str]] = {
    "asks": ("?", f"{STRONG} {WARN}"),
    "failed": ("✗", BAD),
    "budget": ("$", WARN),
    "refused": ("✗", BAD),
    "stuck": ("!", BAD),
    "plan": ("?", WARN),
    "proposal": ("?", WARN),
    "review": ("?", WARN),
    "land": ("✓", GOOD),
    "request": ("⇡", WARN),
    "rejected": ("✗", WARN),
    "stopped": ("■", WARN),
}
MOST_PAST = 1000
"""Closed runs that are listed; `hive ls` has all."""
NOTHING = "Nothing needs you."
FIRST = """No runs yet. In another terminal, in this folder:

  hive plan "add loyalty_points field"     what would change, and nothing else
  hive run  "add loyalty_points field"     plan it, approve it, watch it

It appears here as soon as it is planned. ? shows every key, ctrl+q quits and stops nothing."""


class Inbox(WorkScreen):
    """Needs first; each row takes the keys that are shown below."""

    BINDINGS = [
        Binding("enter", "open", "open", priority=False),
        Binding("q", "app.quit", "quit"),
    ]

    def __init__(self, backend: Backend, board: Board) -> None:
        super().__init__(backend, board.runs)
        self.board = board
        self._needs: dict[str, Waiting] = {}
        self._steered = False

    def content(self) -> ComposeResult:
        """Two tables, each with a word for when it is empty."""
        with Vertical(id="needs-part", classes="part"):
            yield Static(NOTHING, id="nothing", markup=False)
            yield Rows(NEEDS, "needs", header=False)
        with Vertical(id="runs-part", classes="part"):
            yield Static(FIRST, id="first", markup=False)
            yield Rows(RUNS, "runs", header=False)

    def draw(self, changed: Iterable[str] | None = None) -> None:
        """Both tables; keys follow what is under the cursor."""
        self._draw_needs()
        self._draw_runs()
        self._aim()
        self.refresh_bindings()

    def _aim(self) -> None:
        """Until a person moves, the focus is on the needs as soon as there are some."""
        needs, runs = self.query_one("#needs", Rows), self.query_one("#runs", Rows)
        if self._needs and not (self._steered and runs.has_focus):
            self.set_focus(needs)
            if not self._steered:
                needs.move_cursor(row=0)
        elif not self._needs:
            self.set_focus(runs)

    def on_key(self) -> None:
        """From now on the focus is the person's."""
        self._steered = True

    def _draw_needs(self) -> None:
        self._needs = {row.key: row for row in waiting(self.runs.values())}
        self.query_one("#needs", Rows).fill(self._needs, lambda key: _need(self._needs[key]))
        self.query_one("#needs").display = bool(self._needs)
        self.query_one("#nothing").display = not self._needs and not self.board.folding
        count = len(self._needs)
        self.query_one("#needs-part").border_title = f"needs you ({count})" if count else "needs you"

    def _draw_runs(self) -> None:
        rows, now = list(_listed(self.board)), self.backend.clock.now()
        self.query_one("#runs", Rows).fill(rows, lambda name: _run(self.board, name, now))
        self.query_one("#runs").display = bool(rows)
        self.query_one("#first").display = not rows and self.board.ready.is_set() and not self.board.folding
        self.query_one("#runs-part").border_title = f"runs ({len(rows)})" if rows else "runs"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing below the inbox to go back to, and where nothing is listed nothing to open."""
        if action == "open":
            return self.drawable and self.target() is not None
        return action != "back" and super().check_action(action, parameters)

    def target(self) -> Target | None:
        """The need or the run under the cursor of the table that has the focus."""
        focused = self.focused
        if not isinstance(focused, Rows) or focused.key is None:
            return None
        if focused.id == "runs":
            return Target(focused.key)
        row = self._needs.get(focused.key)
        return Target(row.run, row.service, row.number) if row else None

    @on(Rows.Moved)
    def moved(self) -> None:
        """Other keys may apply now."""
        self.refresh_bindings()

    @on(Rows.Chosen)
    def selected(self) -> None:
        """Open it."""
        self.action_open()

    def action_open(self) -> None:
        """The run, or the service, under the cursor."""
        if target := self.target():
            self.post_message(Opened(target))


def _need(row: Waiting) -> tuple[Text, ...]:
    return (
        marked(MARKS[row.what], row.what),
        safe(row.run, STRONG),
        safe(row.service or ""),
        safe(row.text),
        safe(row.request, DIM),
    )


def _listed(board: Board) -> Iterator[str]:
    """Runs that are folded, then past ones; the newest first."""
    for run in sorted(board.runs.values(), key=lambda run: run.at, reverse=True):
        yield run.id
    past = (name for name in reversed(board.past) if name not in board.runs)
    yield from islice(past, MOST_PAST)


def _run(board: Board, name: str, now: datetime) -> tuple[Text, ...]:
    run = board.runs.get(name)
    return _past(board.briefs[name]) if run is None else _folded(run, now)


def _folded(run: RunState, now: datetime) -> tuple[Text, ...]:
    return (
        safe(run.id, STRONG),
        marked(RUN_MARKS[run.phase], run.phase),
        safe(run.created.request),
        _services(run),
        Text(phrases.money(run.cost_usd) if run.cost_usd else "", style=DIM),
        Text(cells.run_elapsed(run, now), style=DIM),
    )


def _past(run: Brief) -> tuple[Text, ...]:
    return (
        safe(run.run, DIM),
        marked(RUN_MARKS[run.outcome], run.outcome) if run.outcome else Text(""),
        safe(run.request, DIM),
        Text(""),
        Text(""),
        Text(phrases.duration(run.updated - run.at), style=DIM),
    )


def _services(run: RunState) -> Text:
    done = sum(task.phase == "approved" for task in run.tasks.values())
    return Text(f"{done}/{len(run.tasks)} approved" if run.tasks else "", style=DIM)
