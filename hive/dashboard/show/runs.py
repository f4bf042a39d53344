"""`hive ls`: every run, what it waits for first."""

from collections.abc import Iterable
from datetime import UTC, datetime

from rich.console import RenderableType
from rich.text import Text

from hive.dashboard import phrases
from hive.dashboard.cells import run_elapsed
from hive.dashboard.palette import DIM, RUN_MARKS, STRONG, marked, safe
from hive.dashboard.show.layout import table
from hive.state import RunState


def runs_view(states: Iterable[RunState], now: datetime | None = None) -> RenderableType:
    """One row per run, the newest first; those that need a person before all others."""
    now = now or datetime.now(UTC)
    newest = sorted(states, key=lambda state: (not state.needs, -state.at.timestamp()))
    if not newest:
        return Text('no runs yet: hive run "add a field …"', style=DIM)
    return table(
        "run",
        "state",
        "request",
        "services",
        "needs",
        "time",
        wrap=("request", "needs"),
        rows=(_row(s, now) for s in newest),
    )


def _row(state: RunState, now: datetime) -> tuple[Text, ...]:
    done = sum(task.phase == "approved" for task in state.tasks.values())
    return (
        safe(state.id, STRONG),
        marked(RUN_MARKS[state.phase], state.phase),
        safe(state.created.request, limit=80),
        Text(f"{done}/{len(state.tasks)} approved" if state.tasks else ""),
        safe(state.needs[0].command) if state.needs else Text(""),
        Text(
            " ".join(
                filter(
                    None, (run_elapsed(state, now), phrases.money(state.cost_usd) if state.cost_usd else "")
                )
            ),
            style=DIM,
        ),
    )
