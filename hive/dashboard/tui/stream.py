"""A service's stream: the newest page is live, older ones are read from the log."""

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack

from rich.text import Text
from textual import events
from textual.binding import Binding

from hive.dashboard.board import Board, Tap
from hive.dashboard.palette import DIM
from hive.dashboard.tui.backend import Backend
from hive.dashboard.tui.line import Line
from hive.dashboard.tui.lines import Lines
from hive.dashboard.tui.telling import Telling, Told
from hive.events import Envelope

PAGE = 1000
"""Events of a page."""
MOST_LINES = 2 * PAGE
"""Lines that are kept: what is older is read from the log again."""


class Stream(Lines):
    """Drained at most ten times a second, however fast events come."""

    BINDINGS = [
        Binding("left_square_bracket", "older", "older", show=False),
        Binding("right_square_bracket", "newer", "newer", show=False),
        Binding("t", "fold", "tools"),
    ]

    def __init__(self, backend: Backend, board: Board, run: str, service: str) -> None:
        super().__init__("stream", most=MOST_LINES)
        self._backend = backend
        self._board = board
        self._run = run
        self._service = service
        self._tap: Tap | None = None
        self._listening = ExitStack()
        self._telling = Telling()
        self._folded = True
        self._last = 0
        """The last event that is on the live page."""
        self._pages: list[int] = []
        """Where the pages begin that were left on the way back; empty while live."""
        self._first_seq = 0
        """The first event that is shown; what was before it is on the page before."""

    @property
    def live(self) -> bool:
        """Whether the newest page is shown."""
        return not self._pages

    def on_mount(self) -> None:
        """Listen first, then read what was before: nothing falls between."""
        self._tap = self._listening.enter_context(self._board.tap(self._run, self._service))
        self.run_worker(self._open(None), exclusive=True)

    def on_unmount(self) -> None:
        """Listen no longer."""
        self._listening.close()

    def drain(self) -> None:
        """Add what came."""
        if self._tap is None or not self.live or not self._last:
            return
        came, dropped = self._tap.drain()
        if dropped:
            self.extend([Line(Text(f"… {dropped} events more than fit: [ pages back", style=DIM))])
        self._add([each for each in came if each.seq > self._last])

    def _add(self, envelopes: Sequence[Envelope]) -> None:
        new: list[Line] = []
        instead = False
        for envelope in envelopes:
            self._last = envelope.seq
            told = self._telling.tell(envelope)
            if told.instead_of_last and new:
                new.pop()
            elif told.instead_of_last:
                instead = True
            new += _lines(told, envelope)
        if new:
            self.extend(new, instead_of_last=instead)
            self._note_first()

    async def _open(self, before: int | None) -> None:
        page = await asyncio.to_thread(
            self._backend.history.recent, self._run, self._service, before=before, limit=PAGE
        )
        self._telling = Telling(width=self.size.width - 1, folded=self._folded)
        self._first_seq = page[0].seq if page else 0
        lines: list[Line] = []
        if len(page) == PAGE:
            lines.append(Line(Text("… there is more before this: [", style=DIM)))
        for envelope in page:
            told = self._telling.tell(envelope)
            if told.instead_of_last and lines:
                lines.pop()
            lines += _lines(told, envelope)
        if before is None:
            self._last = page[-1].seq if page else max(self._last, 1)
        else:
            lines.append(Line(Text("… a page from the log: ] goes on", style=DIM)))
        if not lines:
            lines = [Line(Text("Nothing yet: the agent's words appear here as they come.", style=DIM))]
        self.show(lines, end=True)
        self._note_first()
        self.drain()

    def _note_first(self) -> None:
        if len(self.lines) == self._most:  # older ones were let go of
            self._first_seq = next((line.seq for line in self.lines if line.seq), self._first_seq)

    def action_older(self) -> None:
        """The page before."""
        if self._first_seq > 1:
            self._pages.append(self._first_seq)
            self.run_worker(self._open(self._first_seq), exclusive=True)

    def action_newer(self) -> None:
        """The page after; the last one is live again."""
        if self._pages:
            self._pages.pop()
            self.run_worker(self._open(self._pages[-1] if self._pages else None), exclusive=True)

    def action_to_end(self) -> None:
        """The last line there is: live again."""
        if self._pages:
            self._pages.clear()
            self.run_worker(self._open(None), exclusive=True)
        else:
            super().action_to_end()

    def action_fold(self) -> None:
        """Tool calls in one line, or one by one."""
        self._folded = not self._folded
        self.run_worker(self._open(self._pages[-1] if self._pages else None), exclusive=True)

    def on_resize(self, event: events.Resize) -> None:
        """Words are wrapped for the new width."""
        if self._last and event.size.width - 1 != self._telling.width:
            self.run_worker(self._open(self._pages[-1] if self._pages else None), exclusive=True)


def _lines(told: Told, envelope: Envelope) -> list[Line]:
    return [line._replace(seq=envelope.seq) for line in told.lines]
