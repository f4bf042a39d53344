"""The actions that only report: pure."""

from collections.abc import Iterator

from hive.agents.scripted.actions import Claim, Flood, LeaveUnplaced, Recite, Say, Spend
from hive.agents.session import WORDS, bounded
from hive.model import Assignment, FileEdited, Report, Said, Spent, Unplaced
from hive.text import decode

HOSTILE = b"\xff\xfe\x1b[2J\x1b]0;owned\x07\xc3("


def spoken(action: Say | Recite | Claim | Spend | LeaveUnplaced, assignment: Assignment) -> Report:
    """The report that the action makes."""
    match action:
        case Say():
            return Said(text=bounded(action.text))
        case Recite():
            return Said(text=bounded(_given(action, assignment)))
        case Claim():
            return FileEdited(path=bounded(action.path), summary=bounded(action.summary))
        case Spend():
            return Spent(
                input_tokens=action.input_tokens, output_tokens=action.output_tokens, cost_usd=action.cost_usd
            )
        case LeaveUnplaced():
            return Unplaced(path=bounded(action.path), line=action.line, reason=bounded(action.reason))


def _given(action: Recite, assignment: Assignment) -> str:
    match action.what:
        case "brief":
            return assignment.brief
        case "guide":
            return assignment.guide
        case "feedback":
            return "\n".join(f"{each.source}: {each.text}" for each in assignment.feedback)
        case "changes":
            return "\n".join(f"{each.kind} {each.element}" for each in assignment.changes)


def flooded(action: Flood) -> Iterator[Report]:
    """Line by line, lazily: a reader that is slow costs no memory. A line longer than a report is cut."""
    pattern = HOSTILE if action.invalid else b"x"
    width = min(action.width, WORDS)
    line = decode((pattern * (width // len(pattern) + 1))[:width])
    if action.width > width:
        line += f"… ({action.width - width} more characters)"
    for _ in range(action.lines):
        yield Said(text=line)
