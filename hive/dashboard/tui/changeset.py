"""A run's parts for its screen: progress, plan, graph with live states, changeset."""

from collections import Counter

from rich.console import Group, RenderableType
from rich.text import Text

from hive.dashboard import phrases
from hive.dashboard.landing import landing_lines
from hive.dashboard.live import waves
from hive.dashboard.palette import BAD, DIM, GOOD, OUTCOME_STYLES, STRONG, TASK_MARKS, WARN, safe
from hive.dashboard.show.contract import delta
from hive.dashboard.show.graph import graph
from hive.dashboard.show.layout import part, stack, table
from hive.dashboard.show.plan import by_whom
from hive.dashboard.show.queue import Queued
from hive.state import RunState, TaskPhase

BAR = 20
WEIGHT: dict[TaskPhase, float] = {
    "waiting": 0.0, "preparing": 0.1, "working": 0.3, "collecting": 0.5, "checking": 0.6, "ready": 0.8,
    "stuck": 0.6, "approved": 1.0, "rejected": 0.6, "stopped": 0.3,
}  # fmt: skip


def progress(run: RunState) -> Text:
    """`▰▰▰▰▱▱▱▱ 2/5 approved · ? 1 ready · ● 2 working`, and what it waits for."""
    tasks = run.tasks.values()
    done = len(tasks) if run.landed else sum(WEIGHT[task.phase] for task in tasks)
    full = round(done / max(len(tasks), 1) * BAR)
    counted = Counter(task.phase for task in tasks)
    parts = [
        Text(f"{TASK_MARKS[phase][0]} {count} {phase}", style=TASK_MARKS[phase][1])
        for phase, count in counted.items()
    ]
    bar = Text.assemble(("▰" * full, GOOD), ("▱" * (BAR - full), DIM), " ")
    return bar + Text(" · ", style=DIM).join(parts)


def plan_part(run: RunState) -> RenderableType:
    """The contract delta with severities, what each service is to do and why, assumptions."""
    if run.plan is None:
        return Text("Not planned yet.", style=DIM)
    why = table(
        "service", "role", "wave", "why", wrap=("why",),
        rows=(
            (safe(task.service), Text(task.role), Text(str(task.wave)), safe(task.reason))
            for task in sorted(run.plan.tasks, key=lambda task: task.wave)
        ),
    )  # fmt: skip
    return stack(
        delta(run.plan.changes),
        part("services", why),
        part("assuming", *(safe(each, WARN) for each in run.plan.assumptions))
        if run.plan.assumptions
        else None,
        by_whom(run.plan.planning),
        _left_out(run),
    )


def _left_out(run: RunState) -> RenderableType | None:
    paths = run.created.left_out
    more = [Text(f"… {len(paths) - 20} more", style=DIM)] if len(paths) > 20 else []
    return part("uncommitted, not seen", *(safe(p, WARN) for p in paths[:20]), *more) if paths else None


def graph_part(run: RunState) -> RenderableType:
    """Who needs whom, each service with its state; and in which order they deploy."""

    def named(service: str) -> Text:
        task = run.tasks.get(service)
        mark, style = TASK_MARKS[task.phase] if task else ("", DIM)
        return Text.assemble((f"{mark} " if mark else "", style), safe(service, style if task else DIM))

    drawn = graph(run.created.graph, set(run.tasks), name=named)
    return stack(
        waves(run) if run.tasks else Text("Not planned yet.", style=DIM),
        drawn or Text("These services do not call each other.", style=DIM),
    )


def changeset_part(run: RunState, queued: Queued | None) -> RenderableType:
    """Where it is in the queue, what was merged and tested, how it ended."""
    lines: list[RenderableType] = []
    if queued:
        words = f"{queued.position + 1}. in the queue of {queued.target}: {queued.status}, {queued.why}"
        lines.append(safe(words, STRONG))
    if run.contract:
        lines.append(safe(f"contract commit {phrases.short(run.contract.commit)}"))
    if run.merged:
        merged = f"merged onto {phrases.short(run.merged.onto)} as {phrases.short(run.merged.commit)}"
        lines.append(safe(merged))
    for key, evidence in run.union.items():
        said = safe(phrases.checked(evidence), OUTCOME_STYLES[evidence.outcome])
        lines.append(Text.assemble(safe(key.partition("/")[0] or "all"), "  ", said))
    if run.tested:
        lines.append(
            safe(
                f"{'passed' if run.tested.passed else 'failed'} {run.tested.reason}",
                GOOD if run.tested.passed else BAD,
            )
        )
    if run.failed:
        lines.append(safe(f"failed: {run.failed.reason}", BAD))
    rest = "It is merged and tested as one when every diff is approved and you land it: l."
    how = landing_lines(run)
    return Group(*lines, *how) if lines or len(how) > 1 else Group(Text(rest, style=DIM), *how)
