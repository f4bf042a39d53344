"""Marks and styles: every state has a mark of its own, so that nothing is told by colour alone."""

from rich.text import Text

from hive.model import CheckOutcome, Severity
from hive.state import RunPhase, TaskPhase
from hive.text import one_line

DIM = "dim"
STRONG = "bold"
GOOD = "green"
BAD = "bold red"
WARN = "yellow"
BUSY = "cyan"

TASK_MARKS: dict[TaskPhase, tuple[str, str]] = {
    "waiting": ("·", DIM),
    "preparing": ("○", BUSY),
    "working": ("●", BUSY),
    "collecting": ("●", BUSY),
    "checking": ("◐", BUSY),
    "ready": ("?", WARN),
    "stuck": ("!", BAD),
    "approved": ("✓", GOOD),
    "rejected": ("✗", BAD),
    "stopped": ("■", WARN),
}
RUN_MARKS: dict[RunPhase, tuple[str, str]] = {
    "planned": ("?", WARN),
    "preparing": ("○", BUSY),
    "working": ("●", BUSY),
    "paused": ("‖", WARN),
    "review": ("?", WARN),
    "approved": ("✓", GOOD),
    "refused": ("✗", BAD),
    "landing": ("◐", BUSY),
    "requested": ("⇡", WARN),
    "landed": ("✓", GOOD),
    "discarded": ("■", DIM),
    "failed": ("✗", BAD),
    "stopped": ("■", WARN),
}
SEVERITY_MARKS: dict[Severity, tuple[str, str]] = {
    "compatible": ("✓", GOOD),
    "dangerous": ("!", WARN),
    "breaking": ("✗", BAD),
    "unknown": ("?", WARN),
}
OUTCOME_STYLES: dict[CheckOutcome, str] = {
    "passed": GOOD,
    "failed": BAD,
    "unverified": WARN,
    "timed_out": BAD,
    "environment": WARN,
}


def safe(text: str, style: str = "", limit: int = 400) -> Text:
    """Outside text for a screen: one sanitized line, never markup."""
    return Text(one_line(text, limit), style=style)


def marked(mark: tuple[str, str], word: str) -> Text:
    """A mark and a word in the mark's style."""
    return Text(f"{mark[0]} {one_line(word)}", style=mark[1])
