"""The application: follows the board, draws the screen that is on top, performs what screens send."""

import asyncio
from collections.abc import Iterable
from contextlib import aclosing, nullcontext

from textual import events, on
from textual.app import App, SuspendNotSupported, SystemCommand
from textual.binding import Binding
from textual.screen import Screen

from hive.dashboard.board import Board
from hive.dashboard.tui.backend import Backend
from hive.dashboard.tui.commands import perform, told
from hive.dashboard.tui.deeds import Target
from hive.dashboard.tui.help import Help
from hive.dashboard.tui.inbox import Inbox
from hive.dashboard.tui.memory import Memory
from hive.dashboard.tui.messages import Commanded, Edited, Opened, Queueing, Reviewed, Shown
from hive.dashboard.tui.palette import Finder
from hive.dashboard.tui.queue_screen import QueueScreen
from hive.dashboard.tui.review_screen import ReviewScreen
from hive.dashboard.tui.run_screen import RunScreen
from hive.dashboard.tui.service_screen import ServiceScreen
from hive.dashboard.tui.small import Small, too_small
from hive.dashboard.tui.themes import THEMES
from hive.dashboard.tui.topbar import Standing
from hive.dashboard.tui.waiting import Waiting, desktop_note, waiting
from hive.dashboard.tui.work_screen import WorkScreen
from hive.errors import HiveError
from hive.process import collect_seldom
from hive.text import one_line

TICK_SECONDS = 1.0
LOOK_SECONDS = 3.0
"""How often it is made sure that an engine is there while something is at work."""
STARTS = 5
"""How often an engine is started before the person is told that something is wrong."""
RETRY_SECONDS = 2.0
BUSY = ("preparing", "working", "landing")


def show(backend: Backend, run: str | None) -> int:
    """The dashboard on this process's terminal until the person leaves; the code to exit with."""
    collect_seldom()
    app = HiveApp(backend, run=run)
    app.run()
    return app.return_code or 0


class HiveApp(App[None]):
    """`hive tui`. Leaving it stops nothing."""

    CSS_PATH = "hive.tcss"
    TITLE = "hive"
    COMMANDS = {Finder}
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide"), (160, "-very-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (34, "-tall")]
    BINDINGS = [
        Binding("ctrl+q", "quit", "quit", priority=True, show=False),
        Binding("ctrl+t", "next_theme", "theme", show=False),
        Binding("B", "toggle_bell", "bell", show=False),
    ]

    def __init__(self, backend: Backend, *, run: str | None = None) -> None:
        super().__init__()
        self.backend = backend
        self.board = Board(backend.log, backend.history)
        self.memory = Memory(backend.memory)
        self.trouble = ""
        """Why the log cannot be followed right now."""
        self._first = run
        self._engine = False
        self._deciding = asyncio.Lock()
        """Decisions are made one after the other, as they were given."""
        self._starts = 0
        self._needed: frozenset[str] | None = None
        for theme in THEMES:
            self.register_theme(theme)
        names = [theme.name for theme in THEMES]
        self.theme = self.memory.now.theme if self.memory.now.theme in names else names[0]

    async def on_mount(self) -> None:
        """The inbox, and everything that runs beside it."""
        await self.push_screen(Inbox(self.backend, self.board))
        self.run_worker(self._follow(), name="follow")
        self.run_worker(self._paint(), name="paint")
        self.run_worker(self._watch_engine(), name="engine")
        self.set_interval(TICK_SECONDS, self._tick)
        if self._first:
            self.post_message(Opened(Target(self._first)))

    # --- what is drawn -----------------------------------------------------------------------------------------

    async def _follow(self) -> None:
        while True:
            try:
                await self.board.follow()
            except HiveError as error:
                self._say_trouble(one_line(str(error)))
            await asyncio.sleep(RETRY_SECONDS)
            self._say_trouble("")

    def _say_trouble(self, words: str) -> None:
        self.trouble = words
        self.draw(frozenset())

    async def _paint(self) -> None:
        await self.board.ready.wait()
        self.draw(None)
        async with aclosing(self.board.changes()) as steps:
            async for changed in steps:
                self.draw(changed)

    def _tick(self) -> None:
        if self.trouble or any(run.phase in BUSY for run in self.board.runs.values()):
            self.draw(frozenset())

    def draw(self, changed: Iterable[str] | None) -> None:
        """Draw the screen on top, if it is about runs; the others are drawn when they come to the top."""
        if not self.is_running:
            return  # widgets are going away already
        needs = waiting(self.board.runs.values())
        self._notice(needs)
        if isinstance(self.screen, WorkScreen) and self.screen.drawable:
            self.screen.stand(self._standing(len(needs)))
            self.screen.draw(changed)

    @on(Shown)
    def shown(self) -> None:
        """Another screen is on top."""
        self.draw(None)

    def _standing(self, needs: int) -> Standing:
        return Standing(
            needs=needs,
            busy=sum(run.phase in BUSY for run in self.board.runs.values()),
            engine=self._engine,
            folding=self.board.folding,
            trouble=self.trouble,
        )

    def _notice(self, needs: Iterable[Waiting]) -> None:
        needed = {row.key: row for row in needs}
        if self.board.folding:
            return  # what was there before is no news
        news = [row for key, row in needed.items() if self._needed is not None and key not in self._needed]
        if news and self.memory.now.bell:
            self.bell()
            if self._driver is not None:
                self._driver.write(desktop_note(self.backend.name, news))
        self._needed = frozenset(needed)

    # --- what screens send -------------------------------------------------------------------------------------

    @on(Commanded)
    async def commanded(self, message: Commanded) -> None:
        """Perform it beside the screen, so that no key waits for it."""

        async def performed() -> None:
            try:
                async with self._deciding:
                    await asyncio.to_thread(
                        perform,
                        message.command,
                        self.backend.controls,
                        self.backend.steering,
                        self.backend.person,
                    )
            except HiveError as error:
                self.warn(error)
                return
            self.notify(one_line(told(message.command)), markup=False)
            await self._wake()

        self.run_worker(performed(), group="commands")

    async def _wake(self) -> None:
        try:
            self._say_engine(await asyncio.to_thread(self.backend.engine.wake) or self._engine)
        except (HiveError, OSError) as error:
            self.warn(error)

    def _say_engine(self, works: bool) -> None:
        if works != self._engine:
            self._engine = works
            self.draw(frozenset())

    def warn(self, error: Exception) -> None:
        """What went wrong and what to do next."""
        next_step = error.next_step if isinstance(error, HiveError) else ""
        said = error.message if isinstance(error, HiveError) else str(error)
        words = one_line(said, 400) + (f"\nnext: {one_line(next_step, 300)}" if next_step else "")
        self.notify(words, severity="error", timeout=10, markup=False)

    async def _watch_engine(self) -> None:
        while True:
            self._say_engine(await asyncio.to_thread(self.backend.engine.pid) is not None)
            busy = any(run.phase in BUSY for run in self.board.runs.values())
            if self._engine or not busy:
                self._starts = 0
            elif self._starts < STARTS:
                self._starts += 1
                await self._wake()
                if self._starts == STARTS:
                    self.warn(HiveError("the engine does not stay up", next_step="hive doctor"))
            await asyncio.sleep(LOOK_SECONDS)

    @on(Opened)
    async def opened(self, message: Opened) -> None:
        """Show a run or a service, above what is there."""
        target = message.target
        if await self._there(target):
            if target.service:
                await self.push_screen(ServiceScreen(self.backend, self.board, self.memory, target))
            else:
                await self.push_screen(RunScreen(self.backend, self.board, target.run))

    @on(Reviewed)
    async def reviewed(self, message: Reviewed) -> None:
        """Walk the diffs of a run."""
        if await self._there(message.target):
            await self.push_screen(ReviewScreen(self.backend, self.board, self.memory, message.target))

    @on(Queueing)
    async def queueing(self) -> None:
        """Show the merge queue."""
        if not isinstance(self.screen, QueueScreen):
            await self.push_screen(QueueScreen(self.backend, self.board))

    async def _there(self, target: Target) -> bool:
        try:
            run = await self.board.load(target.run)
        except HiveError as error:
            self.warn(error)
            return False
        if run is None:
            gone = HiveError(f"there is no run {target.run!r} any more", next_step="choose another: esc")
            self.warn(gone)
        return run is not None

    @on(Edited)
    def edited(self, message: Edited) -> None:
        """Give the terminal to the person's editor until it is closed."""
        run, (path, line) = self.board.runs[message.target.run], message.place
        try:
            with nullcontext() if self.is_headless else self.suspend():
                self.backend.files.edit(run, message.target.service, path, line)
        except (HiveError, SuspendNotSupported) as error:
            self.warn(error)
        self.refresh()

    # --- keys that work everywhere -----------------------------------------------------------------------------

    def action_help(self) -> None:
        """Every key on one page."""
        self.push_screen(Help())

    def action_next_theme(self) -> None:
        """Dark, light, high contrast, in turn; remembered."""
        names = [theme.name for theme in THEMES]
        at = names.index(self.theme) if self.theme in names else -1
        self.choose_theme(names[(at + 1) % len(names)])

    def choose_theme(self, name: str) -> None:
        """Use a theme and remember it."""
        self.theme = name
        self.memory.prefer(theme=name)

    def action_toggle_bell(self) -> None:
        """The bell on `needs you`: on or off; remembered."""
        self.memory.prefer(bell=not self.memory.now.bell)
        self.notify(f"bell when something needs you: {'on' if self.memory.now.bell else 'off'}", markup=False)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """None of Textual's own: all commands are the finder's."""
        return ()

    @on(events.Resize)
    async def resized(self, event: events.Resize) -> None:
        """Say when there is too little room, and go on by itself when there is enough."""
        small = self.screen if isinstance(self.screen, Small) else None
        if small is not None and not too_small(event.size):
            small.dismiss()
        elif small is not None:
            small.tell(event.size)
        elif too_small(event.size):
            self.push_screen(Small())
