"""Which face a run is shown with: the live screen, plain lines, or JSON lines."""

import sys
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from hive.cli.compose import Project
from hive.orchestrator.schedule import by_policy
from hive.state import RunState
from hive.store.log import BATCH

if TYPE_CHECKING:
    from rich.console import Console

    from hive.dashboard.jsonlines import JsonLinesWriter
    from hive.dashboard.plain import PlainWriter


Face = Literal["live", "plain", "json"]


class SystemClock:
    """Implements `ports.Clock`."""

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return datetime.now(UTC)


def choose(*, as_json: bool, plain: bool) -> Face:
    """The live screen for people at a terminal, lines for everything else."""
    if as_json:
        return "json"
    return "plain" if plain or not sys.stdout.isatty() else "live"


@contextmanager
def busy(doing: str) -> Iterator[None]:
    """Says on a terminal's standard error what is being done, for as long as it takes."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True, highlight=False, markup=False, emoji=False).status(doing):
        yield


def console() -> "Console":
    """A console on standard output that takes no text for markup."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False)


def settled(state: RunState) -> bool:
    """Whether nothing more happens by itself."""
    if state.closed or state.failed or state.stopped:
        return True
    if state.phase == "requested":
        return bool(state.needs)  # without any, all are merged, and the landing is about to be recorded
    return state.phase in ("planned", "paused", "review", "approved", "refused") and not by_policy(state)


async def show_until_settled(project: Project, run: str, face: Face) -> None:
    """Show a run's events, from its first one, until it settles."""
    if face == "live":
        from hive.dashboard.feed import Feed
        from hive.dashboard.screen import Screen

        screen = Screen(console(), SystemClock(), run, hints=("Ctrl-C leaves, the run goes on",))
        await screen.watch(Feed(project.log, run=run), settled)
        return
    await print_lines(project, run, face)


def _writer(face: Face) -> "JsonLinesWriter | PlainWriter":
    if face == "json":
        from hive.dashboard.jsonlines import JsonLinesWriter

        return JsonLinesWriter(sys.stdout)
    from hive.dashboard.plain import PlainWriter

    return PlainWriter(sys.stdout)


def print_past(project: Project, run: str, face: Face, *, service: str | None = None) -> None:
    """Print as lines what has happened in a run until now."""
    writer, seq = _writer(face), 0
    while batch := project.log.read(seq, run, BATCH):
        writer.write(e for e in batch if service in (None, e.service))
        seq = batch[-1].seq


async def print_lines(project: Project, run: str, face: Face, *, service: str | None = None) -> None:
    """Print a run's events as lines, from its first one, until it settles."""
    from hive.dashboard.feed import Feed

    writer, feed = _writer(face), Feed(project.log, run=run)
    async with aclosing(project.log.follow(run=run)) as batches:
        async for batch in batches:
            feed.take(batch)
            writer.write(e for e in batch if service in (None, e.service))
            if settled(feed.runs[run]):
                return
