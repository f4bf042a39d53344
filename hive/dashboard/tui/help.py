"""Every key, and what the marks mean."""

from rich.columns import Columns
from rich.console import RenderableType
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from hive.dashboard.palette import DIM, STRONG, TASK_MARKS, marked
from hive.dashboard.show.layout import part, stack, table

KEYS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "what needs you",
        (
            ("a", "approve: the plan, a diff, or all diffs that are ready"),
            ("r", "reject, with a reason; a whole run is discarded, its work kept"),
            ("c", "comment: sends the work back to its agent; on a line of a diff, with that line"),
            ("c", "or talk: while an agent works it hears you, where it asked this is the answer"),
            ("i", "interrupt an agent; its session can go on"),
            ("l", "land an approved changeset"),
            ("R", "retry a service, or go on with a stopped or failed run"),
            ("s", "stop a service or a run; its work is kept"),
        ),
    ),
    (
        "everywhere",
        (
            ("enter", "open what the cursor is on"),
            ("esc", "back"),
            ("tab", "next part of the screen"),
            ("v", "review the diffs of a run"),
            ("Q", "the merge queue"),
            ("ctrl+p", "all commands by name"),
            ("ctrl+t", "next theme: dark, light, high contrast"),
            ("B", "bell when something needs you: on or off"),
            ("?", "this page"),
            ("ctrl+q", "quit; nothing is stopped by it"),
        ),
    ),
    (
        "in the merge queue",
        (
            ("h H", "hold a changeset, with a reason; let it go on"),
            ("K J", "sooner, later: change places with its neighbour in the lane"),
            ("p", "priority: higher ones go first"),
            ("x", "take it out of the queue; its work is kept"),
            ("1 2", "the changeset in full; flaky checks and those in quarantine"),
        ),
    ),
    (
        "in streams and diffs",
        (
            ("/", "search; n and N go on"),
            ("j k, arrows", "line by line; space pages"),
            ("[ ]", "stream: the page before, the page after; diff: the file before, after"),
            ("t", "stream: tool calls folded or one by one; checks: every test"),
            ("w", "diff: side by side or below each other"),
            ("d", "review: only what changed since you last looked"),
            ("g", "review: by contract element or by service"),
            ("y", "copy the line; with the mouse, what is selected by ctrl+c"),
            ("e", "open the file in $EDITOR"),
        ),
    ),
)


class Help(ModalScreen[None]):
    """Dismissed by any key that leaves."""

    BINDINGS = [Binding("escape,q,question_mark", "dismiss", "back")]

    def compose(self) -> ComposeResult:
        """Keys in groups, then the marks."""
        with VerticalScroll(id="help"):
            yield Static(stack(*self._parts()))

    @staticmethod
    def _parts() -> list[RenderableType]:
        parts = [
            part(
                title,
                table(
                    "", " ", wrap=(" ",), rows=((Text(key, style=STRONG), Text(words)) for key, words in keys)
                ),
            )
            for title, keys in KEYS
        ]
        marks = Columns([marked(mark, phase) for phase, mark in TASK_MARKS.items()], padding=(0, 2))
        return [*parts, part("marks", marks), Text("esc: back", style=DIM)]
