"""Walking the diffs of a changeset: what is new to you, a verdict for each, a comment on any line."""

from collections.abc import Iterable

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Vertical

from hive.dashboard import cells
from hive.dashboard.board import Board
from hive.dashboard.palette import DIM, GOOD, STRONG, TASK_MARKS, WARN, safe
from hive.dashboard.tui.backend import Backend
from hive.dashboard.tui.deeds import Target
from hive.dashboard.tui.diff_view import DiffView
from hive.dashboard.tui.grouping import Stop, by_element, by_service
from hive.dashboard.tui.lines import Lines
from hive.dashboard.tui.memory import Look, Memory, Seen
from hive.dashboard.tui.place import Place
from hive.dashboard.tui.rows import Column, Rows
from hive.dashboard.tui.work_screen import WorkScreen
from hive.state import RunState, TaskState

STOPS = (Column("", 1), Column("service", 0), Column("look", 7), Column("diff", 12, 46))
LOOKS = {
    "new": ("new", f"{STRONG} {WARN}"),
    "changed": ("changed", f"{STRONG} {WARN}"),
    "seen": ("seen", DIM),
}


class ReviewScreen(WorkScreen):
    """The list says what is new since you last looked; the diff under the cursor is beside it."""

    AUTO_FOCUS = "#stops"
    BINDINGS = [
        Binding("full_stop", "walk(1)", "next", key_display="."),
        Binding("comma", "walk(-1)", "before", key_display=",", show=False),
        Binding("d", "since", "changed only"),
        Binding("g", "group", "group"),
        Binding("e", "edit", "edit", show=False),
    ]

    def __init__(self, backend: Backend, board: Board, memory: Memory, target: Target) -> None:
        super().__init__(backend, board.runs)
        self.memory = memory
        self.run_id = target.run
        self._start = target.service
        self._grouped = False
        self._since = False
        self._stops: dict[str, Stop] = {}
        self._looks: dict[tuple[str, str], Look] = {}
        """What was known of each diff when this screen first showed it."""
        self._shown: dict[str, str] = {}
        """The digest of the diff that was last put on the screen, by service."""

    @property
    def state(self) -> RunState:
        """The run as it is now."""
        return self.runs[self.run_id]

    def content(self) -> ComposeResult:
        """The list and the diff."""
        with Container(id="review"):
            with Vertical(id="stops-part", classes="part") as stops:
                stops.border_title = "review"
                yield Rows(STOPS, "stops", header=False)
            with Vertical(id="diff-part", classes="part"):
                yield DiffView("diff")

    def where(self) -> str:
        """The run."""
        return f"review of {self.run_id}"

    def stop_at(self) -> Stop | None:
        """What is looked at."""
        return self._stops.get(self.query_one("#stops", Rows).key or "")

    def target(self) -> Target | None:
        """The service that is looked at; the run, for the contract and once all is approved."""
        found = self.stop_at()
        whole = found is None or not self.state.plan_approved or self.state.phase in ("approved", "refused")
        return Target(self.run_id, None if whole or found is None else found.service)

    def seen(self, target: Target) -> dict[str, str]:
        """What this screen has shown, which may be older than what is there now."""
        return super().seen(target) | self._shown

    def place(self) -> Place | None:
        """The line of the diff under the cursor."""
        return self.query_one("#diff", DiffView).place

    def draw(self, changed: Iterable[str] | None = None) -> None:
        """The list, and the diff when it is another one now."""
        if changed is not None and self.run_id not in changed:
            return
        stops = by_element(self.state) if self._grouped else by_service(self.state)
        self._stops = {stop.key: stop for stop in stops}
        rows = {stop.key: cells_ for stop, cells_ in self._rows(stops)}
        self.query_one("#stops", Rows).fill(rows, rows.__getitem__)
        if self._start:
            self.query_one("#stops", Rows).put(Stop(self._start).key)
            self._start = None
        self._show()
        self.refresh_bindings()

    def _rows(self, stops: list[Stop]) -> Iterable[tuple[Stop, tuple[Text, ...]]]:
        group = ""
        for stop in stops:
            label = safe(stop.service or "contract", STRONG if stop.service is None else "")
            if stop.group != group:
                label.append_text(safe(f"  {stop.group}", DIM))
                group = stop.group
            task = self.state.tasks.get(stop.service or "")
            if task is None:
                yield stop, (Text("◆", style=GOOD), label, Text(""), Text(""))
                continue
            mark, style = TASK_MARKS[task.phase]
            look = self._look(task)
            word = Text(*LOOKS[look.word]) if look else Text("")
            yield stop, (Text(mark, style=style), label, word, cells.diff(task))

    def _look(self, task: TaskState) -> Look | None:
        if task.work is None:
            return None
        key = (task.service, task.work.diff)
        if key not in self._looks:
            self._looks[key] = self.memory.look(self.run_id, task.service, task.work.diff)
        return self._looks[key]

    def _show(self) -> None:
        stop, run = self.stop_at(), self.state
        diff = self.query_one("#diff", DiffView)
        part = self.query_one("#diff-part")
        task = run.tasks.get(stop.service) if stop and stop.service else None
        if stop is None or task is None:
            part.border_title = "contract"
            key = ("contract", run.contract.commit if run.contract else "")
            diff.load(key, lambda: self.backend.diffs.of(run, None), empty="The contract does not change.")
            return
        work, look = task.work, self._look(task)
        before = look.before if look and look.word == "changed" and self._since else None
        part.border_title = "changed since you looked" if before else "diff"
        if work is None:
            diff.load((task.service, None), str, empty="Nothing yet: the agent is not done.")
        elif before:
            name, old = task.service, before.commit
            diff.load(
                (old, work.commit),
                lambda: self.backend.diffs.since(run, name, old),
                empty="The same as before.",
            )
        else:
            name = task.service
            diff.load((name, work.diff), lambda: self.backend.diffs.of(run, name), empty="No changes.")
        if work:
            self._shown[task.service] = work.diff
            self.memory.saw(self.run_id, task.service, Seen(diff=work.diff, commit=work.commit))

    @on(Rows.Moved)
    def moved(self) -> None:
        """Another diff."""
        if self.drawable:
            self._show()
            self.refresh_bindings()

    @on(Rows.Chosen)
    def selected(self) -> None:
        """Into the diff."""
        self.query_one("#diff", DiffView).focus()

    @on(Lines.Moved)
    def line_moved(self) -> None:
        """Other keys may apply now."""
        self.refresh_bindings()

    def action_walk(self, by: int) -> None:
        """The next diff, or the one before."""
        rows = self.query_one("#stops", Rows)
        rows.move_cursor(row=max(0, min(rows.cursor_row + by, len(self._stops) - 1)))

    def action_since(self) -> None:
        """Only what changed since you last looked, or all of it."""
        self._since = not self._since
        self._show()

    def action_group(self) -> None:
        """By contract element, or by service."""
        self._grouped = not self._grouped
        self.draw()
