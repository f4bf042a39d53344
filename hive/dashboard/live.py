"""The live picture of one run: a pure function of its state, the time and the size of the terminal."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from hive.dashboard import cells, phrases
from hive.dashboard.palette import DIM, RUN_MARKS, SEVERITY_MARKS, STRONG, TASK_MARKS, WARN, marked, safe
from hive.model import Change
from hive.state import Need, RunState, TaskState

WIDE = 110
"""Columns from which a row has room for everything."""
URGENCY = ("stuck", "rejected", "ready", "working", "collecting", "checking", "preparing")


class Size(NamedTuple):
    """Columns and rows of a terminal."""

    width: int
    height: int


class Room(NamedTuple):
    """How many lines each part of the picture may take."""

    needs: int
    changes: int
    rows: int


def room(height: int, needs: int, changes: int, rows: int) -> Room:
    """Share the lines: the needs first, then the services, then the contract; each keeps at least one."""
    left = max(height - 9, 3)
    of_needs = min(needs, max(1, left // 3))
    of_rows = min(rows, max(1, left - of_needs - min(changes, 2)))
    return Room(of_needs, min(changes, max(1, left - of_needs - of_rows)), of_rows)


def live(run: RunState, now: datetime, size: Size, hints: Sequence[str] = ()) -> RenderableType:
    """The whole picture, no taller than the terminal."""
    changes = run.plan.changes if run.plan else ()
    share = room(size.height, len(run.needs), len(changes), len(run.tasks))
    parts: list[RenderableType] = [*header(run, now)]
    if run.needs:
        parts += needs(run.needs, share.needs)
    if changes:
        parts += contract(run, changes, share.changes)
    if run.tasks:
        parts += [waves(run), services(run, now, size.width, share.rows)]
        if len(run.tasks) > share.rows:
            parts.append(Text(f"  … {len(run.tasks) - share.rows} more: hive show {run.id}", style=DIM))
    parts.append(
        Text(" · ".join((*hints, f"hive show {run.id}")), style=DIM, no_wrap=True, overflow="ellipsis")
    )
    return Group(*(_one_line(part) for part in parts))


def _one_line(part: RenderableType) -> RenderableType:
    if isinstance(part, Text):
        part.no_wrap, part.overflow = True, "ellipsis"
    return part


def header(run: RunState, now: datetime) -> list[RenderableType]:
    """The request and how it stands; what it starts from and how far it is confined."""
    status = Text.assemble(
        (f"run {run.id} ", DIM), marked(RUN_MARKS[run.phase], run.phase), f" {cells.run_elapsed(run, now)}"
    )
    if run.cost_usd:
        status.append(f" {phrases.money(run.cost_usd)}")
    title = Table.grid(expand=True, padding=(0, 2, 0, 0))
    title.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    title.add_column(no_wrap=True)
    title.add_row(safe(run.created.request, STRONG), status)
    return [title, _circumstances(run)]


def _circumstances(run: RunState) -> Text:
    created = run.created
    confined = (
        Text("no sandbox", style=WARN) if created.sandbox == "none" else safe(f"sandbox {created.sandbox}")
    )
    trusted = (
        Text("trusted") if created.trusted else Text("not trusted: no checks run (hive trust)", style=WARN)
    )
    parts = [
        safe(f"{phrases.short(created.base)} → {created.target}"),
        safe(f"agent {run.policy.agent}"),
        confined,
        trusted,
    ]
    if created.left_out:
        parts.append(Text(f"{len(created.left_out)} uncommitted not seen", style=WARN))
    line = Text(" · ").join(parts)
    line.stylize(DIM)
    return line


def needs(found: Sequence[Need], limit: int) -> list[Text]:
    """What waits for a person, each with the command that answers it."""
    lines = [Text("NEEDS YOU", style=f"{STRONG} {WARN}")]
    for need in found[:limit]:
        who = f"{need.service}: " if need.service else ""
        command = safe(need.command, STRONG)
        lines.append(Text.assemble(("! ", WARN), command, "  ", safe(f"{who}{need.text}")))
    if len(found) > limit:
        lines[-1].append(f"  … {len(found) - limit} more", style=DIM)
    return lines


def contract(run: RunState, changes: Sequence[Change], limit: int) -> list[Text]:
    """The contract's delta, the worst first."""
    order = ("breaking", "unknown", "dangerous", "compatible")
    worst_first = sorted(changes, key=lambda change: order.index(change.severity))
    where = f"  {phrases.short(run.contract.commit)}" if run.contract else ""
    lines = [Text.assemble(("CONTRACT", STRONG), (where, DIM))]
    for change in worst_first[:limit]:
        mark = marked(SEVERITY_MARKS[change.severity], change.severity)
        sign = {"added": "+", "removed": "-", "changed": "~"}[change.kind]
        lines.append(
            Text.assemble(
                mark, " ", safe(f"{sign} {phrases.element(change)}"), (f"  {change.direction}", DIM)
            )
        )
    if len(changes) > limit:
        lines[-1].append(f"  … {len(changes) - limit} more", style=DIM)
    return lines


def waves(run: RunState) -> Text:
    """Who deploys before whom: `users ✓ → orders ●, web ·`."""
    by_wave: dict[int, list[TaskState]] = {}
    for task in run.tasks.values():
        by_wave.setdefault(task.plan.wave, []).append(task)
    groups = [
        Text(", ").join(
            [Text.assemble(safe(task.service), " ", TASK_MARKS[task.phase]) for task in by_wave[wave]]
        )
        for wave in sorted(by_wave)
    ]
    return Text.assemble(("SERVICES  ", STRONG), Text(" → ").join(groups))


def services(run: RunState, now: datetime, width: int, limit: int) -> Table:
    """One row per service; where not all fit, those that wait for somebody and those that work."""
    table = Table(
        box=None, expand=True, padding=(0, 1), pad_edge=False, show_header=width >= WIDE, header_style=DIM
    )
    table.add_column("service", no_wrap=True, max_width=24 if width >= WIDE else 14, overflow="ellipsis")
    table.add_column("state", no_wrap=True)
    table.add_column("now", ratio=1, no_wrap=True, overflow="ellipsis")
    table.add_column("tests", no_wrap=True)
    table.add_column("diff", no_wrap=True)
    if width >= WIDE:
        table.add_column("turn", no_wrap=True, justify="right")
    if run.cost_usd:
        table.add_column("cost", no_wrap=True, justify="right")
    table.add_column("time", no_wrap=True, justify="right")
    for task in shown(list(run.tasks.values()), limit):
        row = [
            safe(task.service),
            cells.state(task),
            cells.activity(task),
            cells.tests(task),
            cells.diff(task),
        ]
        if width >= WIDE:
            row.append(Text(str(task.turn or "")))
        if run.cost_usd:
            row.append(cells.cost(task))
        table.add_row(*row, cells.elapsed(task, now))
    return table


def shown(tasks: Sequence[TaskState], limit: int) -> list[TaskState]:
    """The most urgent ones, in the plan's order."""
    if len(tasks) <= limit:
        return list(tasks)
    rank = {phase: number for number, phase in enumerate(URGENCY)}
    urgent = sorted(tasks, key=lambda task: rank.get(task.phase, len(rank)))[:limit]
    names = {task.service for task in urgent}
    return [task for task in tasks if task.service in names]
