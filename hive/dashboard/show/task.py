"""`hive show RUN SERVICE`: one service's part of a run."""

from collections.abc import Iterable
from datetime import UTC, datetime
from difflib import get_close_matches

from rich.console import RenderableType
from rich.text import Text

from hive.dashboard import cells, phrases
from hive.dashboard.palette import BAD, DIM, GOOD, OUTCOME_STYLES, STRONG, WARN, safe
from hive.dashboard.show.layout import part, stack, table
from hive.errors import UsageError
from hive.model import Evidence
from hive.state import RunState, TaskState
from hive.text import sanitize

RECENT = 12
"""Last words of the agent that are shown; `hive logs` has all of them."""
TAIL = 40
"""Lines of a check's output that are shown."""


def service_view(state: RunState, service: str, now: datetime | None = None) -> RenderableType:
    """Work, evidence, scope, what could not be placed, comments. Raises UsageError for an unknown service."""
    found = state.tasks.get(service)
    if found is None:
        raise _unknown(state, service)
    return stack(
        _title(found, now or datetime.now(UTC)),
        part("why", safe(found.plan.reason)),
        _files(found),
        part("checks", *_checks(found.evidence.values())) if found.evidence else None,
        _concerns(found),
        _comments(found),
        _recent(found),
    )


def _unknown(state: RunState, service: str) -> UsageError:
    near = get_close_matches(service, state.tasks, n=len(state.tasks) or 1, cutoff=0.4)
    known = ", ".join(near + [name for name in state.tasks if name not in near])
    return UsageError(
        f"run {state.id!r} has no service {service!r}",
        next_step=f"choose one of: {known}" if known else "wait until the run is planned",
    )


def _title(found: TaskState, now: datetime) -> Text:
    parts = [
        safe(found.service, STRONG),
        cells.state(found),
        cells.activity(found),
        Text(f"turn {found.turn}", style=DIM),
        cells.elapsed(found, now),
        cells.cost(found),
    ]
    return Text("  ").join(each for each in parts if each.plain)


def _files(found: TaskState) -> RenderableType | None:
    if found.work is None:
        return None
    counted = (
        (
            Text(file.status),
            safe(file.path),
            Text("binary" if file.added is None else f"+{file.added}", style=GOOD),
            Text("" if file.removed is None else f"-{file.removed}", style=BAD if file.removed else DIM),
        )
        for file in found.work.files
    )
    summary = f"{phrases.changed(found.work.files)}, diff {phrases.short(found.work.diff)}"
    return part("work", safe(summary, DIM), table("", "", "", "", wrap=("",), rows=counted))


def _checks(evidence: Iterable[Evidence]) -> Iterable[RenderableType]:
    for each in evidence:
        yield safe(phrases.checked(each), OUTCOME_STYLES[each.outcome])
        if each.command:
            yield safe(f"$ {each.command}", DIM)
        if each.tail and each.outcome != "passed":
            yield Text("\n".join(sanitize(each.tail, 20_000).splitlines()[-TAIL:]), style=DIM)


def _concerns(found: TaskState) -> RenderableType | None:
    lines = [
        safe(f"{v.severity.replace('_', ' ')}: {phrases.place(v.path, None)}: {v.reason} ({v.rule})", BAD)
        for v in found.violations
    ]
    lines += [safe(f"not placed: {phrases.place(u.path, u.line)}: {u.reason}", WARN) for u in found.unplaced]
    return part("for you to look at", *lines) if lines else None


def _comments(found: TaskState) -> RenderableType | None:
    lines = [safe(phrases.comment(each)) for each in found.unresolved]
    told = [remark for remark in found.told if remark.source != "review"]
    lines += [safe(f"{remark.source}: {remark.text}") for remark in (() if found.comments else told)]
    if not found.is_approved and (words := phrases.approval(found)):
        lines.append(safe(words, WARN))
    return part("remarks", *lines) if lines else None


def _recent(found: TaskState) -> RenderableType | None:
    said = [words for report in found.reports if (words := phrases.reported(report))]
    return part("the agent's last words", *(safe(words, DIM) for words in said[-RECENT:])) if said else None
