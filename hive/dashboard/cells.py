"""The cells of a service's row, for every table that shows one."""

from datetime import datetime
from typing import assert_never

from rich.text import Text

from hive.dashboard import phrases
from hive.dashboard.palette import BAD, DIM, GOOD, OUTCOME_STYLES, TASK_MARKS, WARN, marked, safe
from hive.model import Evidence
from hive.state import RunState, TaskState

OVER = ("ready", "stuck", "approved", "rejected", "stopped")


def state(task: TaskState) -> Text:
    """The phase, with the number of the turn once there was a rework."""
    word = f"{task.phase} {task.turn}" if task.turn > 1 else task.phase
    return marked(TASK_MARKS[task.phase], word)


def activity(task: TaskState) -> Text:
    """What happens in this service right now, or why nothing does."""
    match task.phase:
        case "waiting":
            return safe("waits for its turn", DIM)
        case "preparing":
            return safe("workspace ready")
        case "working":
            return safe(_last_words(task) or f"{task.agent} begins", WARN if task.delayed else "")
        case "collecting":
            return safe("its work is collected")
        case "checking":
            return safe(f"runs {task.check_running.check}" if task.check_running else "being checked")
        case "ready":
            left = f", {len(task.unplaced)} not placed" if task.unplaced else ""
            wanted = f", {'; '.join(task.lacks)}" if task.wants_person else ""
            return safe(f"ready for review{left}{wanted}", WARN)
        case "stuck":
            return safe(task.settled.reason if task.settled else "", BAD)
        case "approved":
            return safe(phrases.approval(task) or "", GOOD)
        case "rejected":
            reason = task.rejection.reason if task.rejection else ""
            return safe(reason or "rejected", BAD)
        case "stopped":
            return safe("stopped, its work is kept", WARN)
        case phase:
            assert_never(phase)


def _last_words(task: TaskState) -> str | None:
    if task.comments:
        return f"to rework: {task.comments[-1].said.text}"
    said = (phrases.reported(report) for report in reversed(task.reports))
    return next((words for words in said if words), None)


def tests(task: TaskState) -> Text:
    """`✓14 ✗1 -2`: passed, failed, skipped; in words where there is nothing to count."""
    evidence = task.evidence.get("tests")
    return Text("") if evidence is None else evidence_counts(evidence)


def evidence_counts(evidence: Evidence) -> Text:
    """The counts of one check, compactly."""
    if evidence.passed is None and evidence.failed is None:
        words = {"timed_out": "timed out", "environment": "cannot run"}
        return safe(words.get(evidence.outcome, evidence.outcome), OUTCOME_STYLES[evidence.outcome])
    parts = [Text(f"✓{evidence.passed or 0}", style=GOOD if evidence.outcome == "passed" else "")]
    if evidence.failed:
        parts.append(Text(f"✗{evidence.failed}", style=BAD))
    if evidence.skipped:
        parts.append(Text(f"-{evidence.skipped}", style=WARN))
    return Text(" ").join(parts)


def diff(task: TaskState) -> Text:
    """`+12 -2 3f`: lines and files of the work so far."""
    if task.work is None:
        return Text("")
    if not task.work.files:
        return Text("no changes", style=DIM)
    added, removed = phrases.lines(task.work.files)
    return Text.assemble(
        (f"+{added}", GOOD), " ", (f"-{removed}", BAD if removed else DIM), f" {len(task.work.files)}f"
    )


def elapsed(task: TaskState, now: datetime) -> Text:
    """Since its workspace was made, until it settled."""
    if task.started is None:
        return Text("")
    until = task.ended if task.ended and task.phase in OVER else now
    return Text(phrases.duration(until - task.started), style=DIM)


def cost(task: TaskState) -> Text:
    """Spent so far."""
    return Text(phrases.money(task.cost_usd)) if task.cost_usd else Text("")


def run_elapsed(run: RunState, now: datetime) -> str:
    """Since the request, until the last event of a run that is over."""
    over = run.phase in ("landed", "discarded", "failed", "stopped")
    return phrases.duration((run.updated or now if over else now) - run.at)
