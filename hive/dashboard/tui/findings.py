"""A service's checks with evidence, and what a person should look at, as lines."""

from collections.abc import Mapping, Sequence

from rich.text import Text

from hive.dashboard import phrases
from hive.dashboard.palette import BAD, DIM, GOOD, OUTCOME_STYLES, STRONG, WARN, safe
from hive.dashboard.tui.line import Line
from hive.dashboard.tui.place import Place
from hive.dashboard.tui.tests_tree import tree
from hive.model import Case, Evidence
from hive.state import Comment, TaskState
from hive.text import sanitize

TAIL = 200
MARKS = {"passed": "✓", "failed": "✗", "unverified": "?", "timed_out": "✗", "environment": "!"}


def check_lines(
    task: TaskState, cases: Mapping[str, Sequence[Case]], *, unfolded: bool = False
) -> list[Line]:
    """Each check: outcome, counts, command, evidence, its tests (by file name), and the end of its output."""
    lines: list[Line] = []
    if task.check_running:
        words = f"◐ {task.check_running.check} runs: {task.check_running.command}"
        lines += [Line(safe(words, WARN), head=True), Line(Text())]
    for evidence in task.evidence.values():
        lines += _check(evidence, cases.get(evidence.cases or "", ()), unfolded=unfolded)
    if task.baseline:
        lines.append(Line(safe(f"on the unchanged base: {phrases.checked(task.baseline)}", DIM)))
    return lines or [Line(Text("No check has run yet: hive runs them when the agent is done.", style=DIM))]


def _check(evidence: Evidence, cases: Sequence[Case], *, unfolded: bool) -> list[Line]:
    facts = f"exit {evidence.exit_code} · tree {phrases.short(evidence.tree)} · sandbox {evidence.sandbox}"
    if evidence.collected is not None:
        facts += f" · {evidence.collected} tests collected"
    words = safe(f"{MARKS[evidence.outcome]} {phrases.checked(evidence)}", OUTCOME_STYLES[evidence.outcome])
    lines = [
        Line(words, head=True),
        _below(safe(f"$ {evidence.command}" if evidence.command else "no command", STRONG)),
        _below(safe(facts, DIM)),
        *(_below(safe(f"! {warning}", WARN)) for warning in evidence.warnings),
    ]
    lines += tree(cases, unfolded=unfolded)
    tail = sanitize(evidence.tail).rstrip().split("\n")[-TAIL:] if evidence.tail else []
    lines += [_below(Text(line.expandtabs(4)[:2000], style=_tint(line))) for line in tail]
    if evidence.output:
        more = "; t: every test" if cases and not unfolded else ""
        lines.append(_below(Text(f"o: the whole output{more}", style=DIM)))
    return [*lines, Line(Text())]


def _below(text: Text) -> Line:
    return Line(Text.assemble("  ", text))


def _tint(line: str) -> str:
    """Failures stand out from the rest of an output."""
    if line.startswith(("FAILED", "E  ", "not ok", "--- FAIL", "✗", "ERROR")):
        return BAD
    return GOOD if line.startswith(("ok ", "PASS")) else DIM


def output_lines(text: str) -> list[Line]:
    """A whole output, line by line."""
    return [Line(Text(line.expandtabs(4)[:2000], style=_tint(line))) for line in sanitize(text).split("\n")]


def _at(comment: Comment) -> Place | None:
    return Place(comment.said.path, comment.line) if comment.said.path else None


def note_lines(task: TaskState) -> list[Line]:
    """What needs a person's eyes first, then remarks, the agent's own list, and why it is in the run."""
    lines: list[Line] = []
    for asked in task.asked.values():
        lines.append(Line(safe(phrases.reported(asked) or "", f"{STRONG} {WARN}"), head=True))
    for violation in task.violations:
        words = f"✗ {violation.severity.replace('_', ' ')}: {violation.path}: {violation.reason} ({violation.rule})"
        lines.append(Line(safe(words, BAD), Place(violation.path, None), head=True))
    for unplaced in task.unplaced:
        words = f"! not placed: {phrases.place(unplaced.path, unplaced.line)}: {unplaced.reason}"
        lines.append(Line(safe(words, WARN), Place(unplaced.path, unplaced.line), head=True))
    if not task.is_approved and (said := phrases.approval(task)):
        lines.append(Line(safe(said, WARN)))
    for comment in task.unresolved:
        lines.append(Line(safe(phrases.comment(comment)), _at(comment)))
    told = () if task.comments else task.told
    lines += [Line(safe(f"{each.source}: {each.text}")) for each in told if each.source != "review"]
    for step in task.steps:
        mark = {"open": "·", "doing": "●", "done": "✓"}[step.status]
        lines.append(Line(safe(f"{mark} {step.text}", GOOD if step.status == "done" else "")))
    if task.denied:
        lines.append(Line(safe(f"{task.denied} tool calls were denied in this turn", WARN)))
    lines += [Line(Text()), Line(Text("why this service", style=STRONG)), Line(safe(task.plan.reason))]
    lines += [Line(Text()), Line(Text("what its agent was told", style=STRONG))]
    brief = sanitize(task.plan.brief, 20_000).split("\n")
    return lines + [Line(Text(line.expandtabs(4), style=DIM)) for line in brief]
