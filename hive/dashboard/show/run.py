"""`hive show RUN`: everything about one run that a person may want to know."""

from datetime import UTC, datetime

from rich.console import Group, RenderableType
from rich.text import Text

from hive.dashboard import cells, phrases
from hive.dashboard.landing import landing_lines
from hive.dashboard.live import header, needs
from hive.dashboard.palette import BAD, DIM, GOOD, OUTCOME_STYLES, WARN, safe
from hive.dashboard.show.contract import delta
from hive.dashboard.show.layout import part, stack, table
from hive.dashboard.show.plan import by_whom
from hive.model import Evidence
from hive.state import RunState
from hive.text import sanitize

TAIL = 15
"""Lines of a red check's output, and single tests of it."""


def run_view(state: RunState, now: datetime | None = None) -> RenderableType:
    """Header, needs, contract, services, the changeset's checks and its landing."""
    now, waiting = now or datetime.now(UTC), state.needs
    return stack(
        Group(*header(state, now)),
        Group(*needs(waiting, len(waiting))) if waiting else None,
        delta(state.plan.changes) if state.plan else None,
        part("services", _services(state, now)) if state.tasks else None,
        by_whom(state.plan.planning) if state.plan else None,
        _changeset(state),
        _left_out(state),
    )


def _services(state: RunState, now: datetime) -> RenderableType:
    return table(
        "service", "state", "now", "tests", "diff", "turns", "cost", "time",
        wrap=("now",),
        rows=(
            (
                safe(task.service),
                cells.state(task),
                cells.activity(task),
                cells.tests(task),
                cells.diff(task),
                Text(str(task.turn or "")),
                cells.cost(task),
                cells.elapsed(task, now),
            )
            for task in state.tasks.values()
        ),
    )  # fmt: skip


def _changeset(state: RunState) -> RenderableType:
    lines: list[Text] = []
    if state.merged:
        merged = f"merged onto {phrases.short(state.merged.onto)} as {phrases.short(state.merged.commit)}"
        lines.append(safe(merged))
    for key, evidence in state.union.items():
        service = key.partition("/")[0] or "all"
        lines.append(
            Text.assemble(
                safe(service), " ", safe(phrases.checked(evidence), OUTCOME_STYLES[evidence.outcome])
            )
        )
        lines += _red(evidence)
    if state.tested:
        word, style = ("passed", GOOD) if state.tested.passed else ("failed", BAD)
        lines.append(safe(f"{word} {state.tested.reason}", style))
    return part("changeset", *lines, *landing_lines(state))


def _red(evidence: Evidence) -> list[Text]:
    """What failed, in the words of the check."""
    if evidence.outcome not in ("failed", "timed_out", "environment") or not evidence.tail:
        return []
    named = [safe(f"failed: {name}", BAD) for name in evidence.failures[:TAIL]]
    said = "\n".join(sanitize(evidence.tail, 20_000).splitlines()[-TAIL:])
    return [*named, safe(f"$ {evidence.command}", DIM), Text(said, style=DIM)]


def _left_out(state: RunState) -> RenderableType | None:
    paths = state.created.left_out
    if not paths:
        return None
    more = [Text(f"… {len(paths) - 20} more", style=DIM)] if len(paths) > 20 else []
    return part("uncommitted, not seen", *(safe(path, WARN) for path in paths[:20]), *more)
