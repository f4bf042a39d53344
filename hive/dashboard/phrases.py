"""Facts in words, the same on every screen; the result is one sanitized line."""

from collections.abc import Sequence
from datetime import timedelta

from hive.model import Answer, Change, Evidence, FileStat, Interrupt, Message, Planning, Report, Words
from hive.state import Comment, TaskState
from hive.text import one_line, plural

SHORT_ID = 10


def short(commit: str) -> str:
    """A commit id as people read it; anything else is cut to the same length."""
    return one_line(commit, 200)[:SHORT_ID]


def duration(span: timedelta) -> str:
    """`0:42`, `12:03`, `1:02:03`; a clock that ran backwards reads `0:00`."""
    seconds = max(0, int(span.total_seconds()))
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def money(usd: float) -> str:
    """`$0.12`; amounts below a cent are shown as such."""
    return "<$0.01" if 0 < usd < 0.01 else f"${usd:.2f}"


def planning(made: Planning) -> str:
    """`the model M in 2 answers: 9100 tokens in, 800 out, $0.03`; empty where no model was asked."""
    cost = ""
    if made.answers or made.cost_usd:
        tokens = f"{made.input_tokens} tokens in, {made.output_tokens} out, {money(made.cost_usd)}"
        cost = f"{one_line(made.model)} in {plural(made.answers, 'answer')}: {tokens}"
    if made.fallback:
        return f"grammar, since {one_line(made.fallback, 500)}" + (f" ({cost})" if cost else "")
    return f"the model {cost}" if made.planner == "model" else ""


def place(path: str, line: int | None) -> str:
    """`path:line`, or the path alone."""
    return f"{one_line(path)}:{line}" if line else one_line(path)


def approval(task: TaskState) -> str | None:
    """Who approved the diff, whose approval is missing, or that an earlier approval is void."""
    if task.approved_by and task.lacks:
        return f"approved by {', '.join(task.approved_by)}; {'; '.join(task.lacks)}"
    if task.approved_by:
        return f"approved by {', '.join(task.approved_by)}"
    if task.approval:
        return f"the approval by {task.approval.by} is void: the diff has changed since"
    return None


def comment(found: Comment) -> str:
    """A comment with its number, its state and its place."""
    words = {
        "taken": f"taken up by turn {found.turn}",
        "claimed": f"done, says the agent of turn {found.turn}",
    }
    words["unanswered"] = f"open: turn {found.turn} failed to follow it"
    where = (
        f" at {found.place}" + (" (these lines are gone)" if found.vanished else "") if found.place else ""
    )
    status = words.get(found.status, found.status)
    return one_line(f"#{found.id} {status}: {found.said.by}{where}: {found.said.text}", 2000)


def counts(evidence: Evidence) -> str:
    """`14 passed, 1 failed, 2 skipped`; empty where nothing was counted."""
    found = ((evidence.passed, "passed"), (evidence.failed, "failed"), (evidence.skipped, "skipped"))
    return ", ".join(f"{count} {word}" for count, word in found if count or (count == 0 and word == "passed"))


def checked(evidence: Evidence) -> str:
    """`tests passed: 14 passed in 0.8s`."""
    outcome = {"timed_out": "timed out", "environment": "could not run"}.get(
        evidence.outcome, evidence.outcome
    )
    details = counts(evidence)
    if evidence.reason and evidence.outcome != "passed":
        details = f"{details}, {evidence.reason}" if details else evidence.reason
    taken = "seen before" if evidence.reused else f"in {evidence.seconds:.1f}s"
    notes = ["flaky: it failed at first"] if evidence.flaky else ["failed twice"] if evidence.retried else []
    notes += ["in quarantine, so it does not block"] if evidence.quarantined else []
    notes += [f"{len(evidence.excused)} failed in quarantine"] if evidence.excused else []
    warned = "".join(f"; {note}" for note in (*notes, *evidence.warnings))
    said = f"{evidence.check} {outcome}" + (f": {details}" if details else "")
    return one_line(f"{said} {taken}{warned}", 400)


def reported(report: Report) -> str | None:  # noqa: C901 - one case for each kind
    """What an agent reports, as a claim; none for what says nothing to a person."""
    match report.report:
        case "said":
            return one_line(report.text) or None
        case "thought":
            return one_line(f"thinks: {report.text}") if report.text.strip() else None
        case "tool_called":
            return one_line(f"{report.tool}: {report.summary}")
        case "tool_returned" if report.outcome == "ok":
            return None
        case "tool_returned":
            return one_line(f"{report.tool} {report.outcome}: {report.summary}", 300)
        case "ran":
            ending = "" if report.exit_code is None else f" (exit {report.exit_code})"
            return one_line(report.command, 300) + ending
        case "planned":
            done = sum(step.status == "done" for step in report.steps)
            doing = next((step.text for step in report.steps if step.status == "doing"), "")
            return one_line(f"{done} of {plural(len(report.steps), 'step')} done: {doing}".rstrip(": "), 300)
        case "asked":
            options = f" ({' / '.join(report.options)})" if report.options else ""
            return one_line(f"asks: {report.text}{options}", 400)
        case "answered":
            return one_line(f"is answered: {report.answer}", 300)
        case "file_edited":
            return one_line(f"edited {place(report.path, report.line)} {report.summary}", 300)
        case "unplaced":
            return one_line(f"not placed: {place(report.path, report.line)}: {report.reason}", 400)
        case "delayed":
            return one_line(f"waits for {report.reason} until {report.until.astimezone():%H:%M}", 300)
        case "spent" | "unrecognised" | "ended":
            return None


def changed(files: Sequence[FileStat]) -> str:
    """`3 files, +12 -2`."""
    if not files:
        return "no changes"
    added, removed = lines(files)
    return f"{plural(len(files), 'file')}, +{added} -{removed}"


def lines(files: Sequence[FileStat]) -> tuple[int, int]:
    """Added and removed lines; binary files count none."""
    return sum(file.added or 0 for file in files), sum(file.removed or 0 for file in files)


def severities(changes: Sequence[Change]) -> str:
    """`3 contract changes (1 breaking)`; what is merely compatible is not stressed."""
    stressed = []
    for severity in ("breaking", "dangerous", "unknown"):
        count = sum(change.severity == severity for change in changes)
        if count:
            stressed.append(f"{count} {severity}")
    text = plural(len(changes), "contract change")
    return f"{text} ({', '.join(stressed)})" if stressed else text


def element(change: Change) -> str:
    """`User.loyalty_points (users.openapi.yaml)`: what tells changes apart comes first."""
    path, _, pointer = change.element.partition("#")
    named = [part for part in pointer.split("/") if part not in _CONTAINERS]
    return one_line(f"{'.'.join(named)} ({path})" if named else path, 400)


_CONTAINERS = ("", "components", "schemas", "properties", "definitions", "$defs")


def sent(message: Message) -> str:
    """What a person sent to an agent, after the person's name."""
    match message:
        case Words(text=text):
            return f"says: {one_line(text)}"
        case Answer(id=asked, text=text):
            return f"answers {one_line(asked, 40)}: {one_line(text)}"
        case Interrupt():
            return "interrupts"
