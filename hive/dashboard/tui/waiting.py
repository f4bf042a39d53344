"""What needs a person, over all runs, most urgent first: pure."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from hive.dashboard.phrases import severities
from hive.state import Need, NeedKind, RunState
from hive.text import one_line, plural

URGENCY: tuple[NeedKind, ...] = (
    "asks",
    "failed",
    "budget",
    "refused",
    "stuck",
    "plan",
    "proposal",
    "review",
    "land",
    "request",
    "rejected",
    "stopped",
)


class Waiting(NamedTuple):
    """One row of the inbox."""

    run: str
    service: str | None
    what: NeedKind
    text: str
    request: str
    number: int | None = None
    """Of the proposal that it is about."""

    @property
    def key(self) -> str:
        """Tells rows apart; stays the same while the need does."""
        return f"{self.run}\0{self.service or ''}\0{self.what}\0{self.number or ''}"


def waiting(runs: Iterable[RunState]) -> Sequence[Waiting]:
    """Every need of every open run; within one urgency the newest run first."""
    newest = sorted(runs, key=lambda run: run.at, reverse=True)
    found = [row for run in newest for row in _of_run(run)]
    return sorted(found, key=lambda row: URGENCY.index(row.what))


def _of_run(run: RunState) -> Iterable[Waiting]:
    if run.closed or run.landed or run.discarded:
        return
    request = run.created.request
    for need in run.needs:
        yield Waiting(run.id, need.service, need.what, _words(run, need), request, need.number)


def _words(run: RunState, need: Need) -> str:
    if need.what == "plan" and run.plan:
        return f"approve {plural(len(run.plan.tasks), 'service')}, {severities(run.plan.changes)}"
    return need.text


def desktop_note(project: str, news: Sequence[Waiting]) -> str:
    """The control sequence (OSC 9) with which terminals show a notification on the desktop; others ignore it."""
    first, more = news[0], f" (and {len(news) - 1} more)" if len(news) > 1 else ""
    about = f"{first.service}: " if first.service else ""
    return f"\x1b]9;{one_line(f'hive {project}: {about}{first.text}{more}', 200)}\x07"
