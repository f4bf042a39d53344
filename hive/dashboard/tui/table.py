"""One row per service of a run."""

from datetime import datetime

from rich.text import Text

from hive.dashboard import cells
from hive.dashboard.palette import DIM, safe
from hive.dashboard.tui.rows import Column
from hive.state import RunState, TaskState

WIDEST = 24


def columns(run: RunState) -> tuple[Column, ...]:
    """Widths follow the longest name; the less important columns come with room."""
    name = min(max((len(name) for name in run.tasks), default=7), WIDEST)
    return (
        Column("service", max(name, 7)), Column("state", 12), Column("now", 0), Column("tests", 10),
        Column("diff", 12), Column("turn", 4, 100), Column("tokens", 11, 130), Column("cost", 7, 90),
        Column("time", 7),
    )  # fmt: skip


def row(task: TaskState, now: datetime) -> tuple[Text, ...]:
    """In the order of the columns."""
    return (
        safe(task.service, limit=WIDEST),
        cells.state(task),
        cells.activity(task),
        cells.tests(task),
        cells.diff(task),
        Text(str(task.turn or ""), style=DIM),
        _tokens(task),
        cells.cost(task),
        cells.elapsed(task, now),
    )


def _tokens(task: TaskState) -> Text:
    if not task.input_tokens and not task.output_tokens:
        return Text("")
    return Text(f"{_short(task.input_tokens)}+{_short(task.output_tokens)}", style=DIM)


def _short(count: int) -> str:
    """`950`, `12k`, `3.4M`."""
    if count < 1000:
        return str(count)
    return f"{count / 1000:.0f}k" if count < 1_000_000 else f"{count / 1_000_000:.1f}M"
