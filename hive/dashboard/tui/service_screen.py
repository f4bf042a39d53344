"""One service of a run: its stream, its diff, its checks, its notes, and a line to talk to its agent."""

import asyncio
from collections.abc import Iterable

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Input, TabbedContent, TabPane

from hive.dashboard import cells
from hive.dashboard.board import Board
from hive.dashboard.palette import DIM, STRONG, safe
from hive.dashboard.tui.backend import Backend
from hive.dashboard.tui.commands import spoken
from hive.dashboard.tui.deeds import Target
from hive.dashboard.tui.diff_view import DiffView
from hive.dashboard.tui.findings import check_lines, note_lines, output_lines
from hive.dashboard.tui.line import Line
from hive.dashboard.tui.lines import Lines
from hive.dashboard.tui.memory import Memory, Seen
from hive.dashboard.tui.messages import Commanded
from hive.dashboard.tui.place import Place
from hive.dashboard.tui.said import Said
from hive.dashboard.tui.stream import Stream
from hive.dashboard.tui.work_screen import WorkScreen
from hive.errors import HiveError
from hive.model import CASES, Case
from hive.state import TaskState
from hive.text import one_line

TABS = ("stream", "diff", "checks", "notes")


class ServiceScreen(WorkScreen):
    """Only the tab that is looked at is drawn."""

    AUTO_FOCUS = "#stream"
    BINDINGS = [
        Binding("1", "tab('stream')", "stream", show=False),
        Binding("2", "tab('diff')", "diff", show=False),
        Binding("3", "tab('checks')", "checks", show=False),
        Binding("4", "tab('notes')", "notes", show=False),
        Binding("right", "turn(1)", "next tab", show=False),
        Binding("left", "turn(-1)", "tab before", show=False),
        Binding("o", "output", "output", show=False),
        Binding("t", "tests", "tests", show=False),
        Binding("e", "edit", "edit", show=False),
    ]

    def __init__(self, backend: Backend, board: Board, memory: Memory, target: Target) -> None:
        super().__init__(backend, board.runs)
        self.board = board
        self.memory = memory
        self.run_id = target.run
        self.service = target.service or ""
        self._whole_output = False
        self._unfolded = False
        """Whether tests that passed are listed one by one."""
        self._cases: dict[str, tuple[Case, ...]] = {}
        """The tests of each check that has been looked at, by the name of their file."""

    @property
    def state(self) -> TaskState | None:
        """The service as it is now; none before it is planned or when a new plan leaves it out."""
        return self.runs[self.run_id].tasks.get(self.service)

    def content(self) -> ComposeResult:
        """One line on how it stands, the tabs, the line to talk."""
        yield Said(id="title")
        with TabbedContent(id="parts"):
            with TabPane("stream", id="stream-tab"):
                yield Stream(self.backend, self.board, self.run_id, self.service)
            with TabPane("diff", id="diff-tab"):
                yield DiffView("diff")
            with TabPane("checks", id="checks-tab"):
                yield Lines("checks")
            with TabPane("notes", id="notes-tab"):
                yield Lines("notes")
        yield Input(id="say")

    def where(self) -> str:
        """The run and the service."""
        return f"run {self.run_id} · {self.service}"

    def target(self) -> Target | None:
        """This service; while the plan waits, the run."""
        approved = self.runs[self.run_id].plan_approved
        return Target(self.run_id, self.service if approved else None)

    def place(self) -> Place | None:
        """The line under the cursor of a diff or a note."""
        if self.part == "stream":
            return self.query_one("#stream", Lines).place
        return self.query_one(f"#{self.part}", Lines).place

    @property
    def part(self) -> str:
        """Which tab is looked at."""
        return self.query_one(TabbedContent).active.removesuffix("-tab") or "stream"

    def draw(self, changed: Iterable[str] | None = None) -> None:
        """The title, and the tab that is looked at."""
        for stream in self.query(Stream):  # none yet while the tabs are being made
            stream.drain()
        if changed is not None and self.run_id not in changed and changed:
            return
        task = self.state
        if task is None:
            self.query_one("#title", Said).say(Text("This service is not in the plan.", style=DIM))
            return
        self.query_one("#title", Said).say(self._title(task))
        self.query_one("#say", Input).placeholder = _invitation(task)
        match self.part:
            case "diff":
                self._draw_diff(task)
            case "checks" if not self._whole_output:
                self._read_cases(task)
                self._fill("checks", check_lines(task, self._cases, unfolded=self._unfolded))
            case "notes":
                self._fill("notes", note_lines(task))
            case _:
                pass
        self.refresh_bindings()

    def _title(self, task: TaskState) -> Text:
        parts = [
            safe(f" {task.service}", STRONG),
            cells.state(task),
            cells.tests(task),
            cells.diff(task),
            cells.cost(task),
            cells.elapsed(task, self.backend.clock.now()),
            cells.activity(task),
        ]
        return Text("  ").join(each for each in parts if each.plain)

    def _fill(self, name: str, lines: list[Line]) -> None:
        widget = self.query_one(f"#{name}", Lines)
        if [line.text for line in widget.lines] != [line.text for line in lines]:
            widget.show(lines)

    def _draw_diff(self, task: TaskState) -> None:
        run, work = self.runs[self.run_id], task.work
        diff = self.query_one("#diff", DiffView)
        empty = "No changes." if work else "Nothing yet: the diff is there when the agent has worked."
        diff.load(work.diff if work else None, lambda: self.backend.diffs.of(run, self.service), empty=empty)
        if work:
            self.memory.saw(self.run_id, self.service, Seen(diff=work.diff, commit=work.commit))

    @on(TabbedContent.TabActivated)
    def turned(self) -> None:
        """Draw what is looked at now, and let its keys work."""
        if self.drawable and self.focused is not self.query_one("#say", Input):
            self.draw()
            self.query_one(f"#{self.part}", Lines).focus()

    @on(Lines.Moved)
    def moved(self) -> None:
        """Other keys may apply now."""
        self.refresh_bindings()

    def action_tab(self, name: str) -> None:
        """Show a tab."""
        self.query_one(TabbedContent).active = f"{name}-tab"

    def action_turn(self, by: int) -> None:
        """The tab beside."""
        self.action_tab(TABS[(TABS.index(self.part) + by) % len(TABS)])

    def ask_comment(self, run: str, service: str) -> None:
        """The line to talk is always there."""
        self.query_one("#say", Input).focus()

    @on(Input.Submitted, "#say")
    def said(self, event: Input.Submitted) -> None:
        """Send it, with the line that the cursor is on in a diff."""
        words = event.value.strip()
        if not words:
            return
        place = self.place() if self.part in ("diff", "notes") else None
        if task := self.state:
            self.post_message(Commanded(spoken(self.run_id, task, words, place)))
        event.input.clear()
        self.query_one(f"#{self.part}", Lines).focus()

    def action_back(self) -> None:
        """From the line to talk, and from a whole output, first to the tab; then to the screen below."""
        if self.focused is self.query_one("#say", Input):
            self.query_one(f"#{self.part}", Lines).focus()
        elif self._whole_output and self.part == "checks":
            self._whole_output = False
            self.draw()
        else:
            super().action_back()

    def action_tests(self) -> None:
        """Every test of the checks, or only those that did not pass."""
        if self.part == "checks" and not self._whole_output:
            self._unfolded = not self._unfolded
            self.draw()

    def _read_cases(self, task: TaskState) -> None:
        for evidence in task.evidence.values():
            if evidence.cases and evidence.cases not in self._cases:
                self._cases[evidence.cases] = ()
                self.run_worker(self._open_cases(evidence.cases))

    async def _open_cases(self, name: str) -> None:
        try:
            text = await asyncio.to_thread(self.backend.files.output, self.run_id, name)
            self._cases[name] = CASES.validate_json(text)
        except (HiveError, ValueError):
            return  # the counts and the end of the output tell enough
        self.draw()

    def action_output(self) -> None:
        """The whole output of the first check that has one and did not pass, else of the first."""
        evidence = [each for each in (self.state.evidence.values() if self.state else ()) if each.output]
        worst_first = sorted(evidence, key=lambda each: each.outcome == "passed")
        if self.part == "checks" and worst_first:
            self.run_worker(self._open_output(worst_first[0].output or ""), exclusive=True)

    async def _open_output(self, name: str) -> None:
        try:
            text = await asyncio.to_thread(self.backend.files.output, self.run_id, name)
        except HiveError as error:
            self.app.notify(error.message, severity="error", markup=False)
            return
        self._whole_output = True
        self.query_one("#checks", Lines).show(output_lines(text), end=True)


def _invitation(task: TaskState) -> str:
    """What words would do now."""
    if asked := next(iter(task.asked.values()), None):
        options = f" ({' | '.join(asked.options)})" if asked.options else ""
        return one_line(f"c: answer: {asked.text}{options}", 300)
    if task.phase == "working":
        return "c: talk to the agent while it works; i: interrupt it"
    return "c: say what should change; the agent works again"
