"""What is said about the merge queue: lanes in the order in which they land, one changeset in full, flaky checks."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from rich.console import Group, RenderableType
from rich.text import Text

from hive.dashboard import phrases
from hive.dashboard.lanes import Entry, entry_of
from hive.dashboard.palette import BAD, BUSY, DIM, STRONG, WARN, safe
from hive.dashboard.show.queue import STATES, Queued
from hive.dashboard.tui.changeset import changeset_part
from hive.model import Evidence
from hive.state import RunState
from hive.text import plural

MOST_FLAKES = 200
NO_FLAKES = "No check of an open changeset failed and then passed; hive queue flakes has those of past runs."
NO_QUARANTINE = "No check is in quarantine: [checks] quarantine in hive.toml lists those that do not block."
HELD = "H lets it go on."


def neighbour(items: Sequence[Queued], run: str, by: int) -> str | None:
    """Whoever is that many places behind in the same lane."""
    here = next((item for item in items if item.run == run), None)
    lane = [item.run for item in items if here and (item.target, item.lane) == (here.target, here.lane)]
    at = lane.index(run) + by if run in lane else -1
    return lane[at] if 0 <= at < len(lane) else None


def heading(items: Sequence[Queued]) -> str:
    """`merge queue: 5 changesets in 3 lanes`."""
    if not items:
        return "merge queue"
    count = len({(item.target, item.lane) for item in items})
    return f"merge queue: {plural(len(items), 'changeset')} in {plural(count, 'lane')}"


def lane_cell(items: Sequence[Queued], at: int) -> Text:
    """The lane's name where it begins, then how its changesets hang together."""
    item = items[at]
    first = at == 0 or (items[at - 1].target, items[at - 1].lane) != (item.target, item.lane)
    if first:
        return Text.assemble(safe(item.target, STRONG, limit=40), (f" {item.lane}", DIM))
    last = at + 1 == len(items) or (items[at + 1].target, items[at + 1].lane) != (item.target, item.lane)
    return Text("  └" if last else "  ├", style=DIM)


def row(items: Sequence[Queued], at: int) -> tuple[Text, ...]:
    """In the order of the table's columns."""
    item = items[at]
    return (
        lane_cell(items, at),
        Text(str(item.position + 1), style=DIM),
        safe(item.run, STRONG),
        safe(item.status, STATES.get(item.status, BUSY)),
        Text(soon(item), style=DIM),
        safe(", ".join(item.on) or item.target, DIM),
        safe(item.why),
        safe(item.request, DIM),
    )


def soon(item: Queued) -> str:
    """`0:40` until it is expected to land; empty where nothing is known."""
    if item.eta_seconds is None or item.eta_seconds < 1:
        return ""
    return phrases.duration(timedelta(seconds=item.eta_seconds))


def detail_part(run: RunState, items: Sequence[Queued]) -> RenderableType:
    """One changeset in full: what it stands on, why it waits, who held it, and what its union has shown so far."""
    entry = entry_of(run, items)
    if entry is None:
        return changeset_part(run, None)
    item = entry.queued
    state = safe(item.status, STATES.get(item.status, BUSY))
    lines: list[RenderableType] = [
        Text.assemble(safe(item.request, STRONG), "  ", state, ": ", safe(item.why)),
        _stack(entry),
    ]
    if facts := _wishes(entry):
        lines.append(safe(facts))
    if entry.held_by:
        because = f": {entry.held_because}" if entry.held_because else ""
        lines.append(safe(f"held by {entry.held_by}{because}. {HELD}", WARN))
    if entry.conflict:
        lines.append(safe(f"does not merge: {entry.conflict}", BAD))
    if under_way := [check.service or check.check for check in entry.checks if check.outcome == "running"]:
        lines.append(safe(f"under way: tests of {', '.join(under_way)}", BUSY))
    if entry.next_step:
        lines.append(safe(f"next: {entry.next_step}", BAD))
    return Group(*lines, changeset_part(run, None))


def _stack(entry: Entry) -> Text:
    """`main ← first (testing) ← other`: what it is merged and tested on top of."""
    beneath = [safe(f"{each.run} ({each.status})") for each in entry.stack]
    return Text(" ← ").join([safe(entry.queued.target), *beneath, safe(entry.queued.run, STRONG)])


def _wishes(entry: Entry) -> str:
    item = entry.queued
    said = [f"priority {item.priority}"] if item.priority else []
    said += [f"after {', '.join(entry.after)}"] if entry.after else []
    said += [f"lands in about {soon(item)}"] if soon(item) else []
    return ", ".join(said)


def flaky_part(runs: Iterable[RunState]) -> RenderableType:
    """Checks that failed and then passed on equal inputs, newest first, and those that do not block."""
    known = list(runs)
    seen = sorted(
        ((seq, run.id, told) for run in known for seq, told in run.flakes), reverse=True, key=lambda e: e[0]
    )
    flakes = [_flake(run, told) for _, run, told in seen[:MOST_FLAKES]] or [Text(NO_FLAKES, style=DIM)]
    open_runs = [run for run in known if not run.closed]
    names = sorted({name for run in open_runs for name in run.policy.quarantine})
    listed: list[Text] = [safe(f"in quarantine: {name}", WARN) for name in names]
    return Group(*flakes, Text(), *(listed or [Text(NO_QUARANTINE, style=DIM)]))


def _flake(run: str, told: Evidence) -> Text:
    name = f"{told.service}/{told.check}" if told.service else told.check
    which = "; ".join((*told.retried, *told.flaked))
    return Text.assemble(safe(run, STRONG), "  ", safe(name), "  ", safe(which, DIM))
