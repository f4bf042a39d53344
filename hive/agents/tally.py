"""Whether a turn that its agent calls done has done anything: an agent's own word is not enough."""

from dataclasses import dataclass

from hive.model import Ended, Report


@dataclass
class Tally:
    """Counts what a session reports."""

    edits: int = 0
    denied: int = 0
    last_denial: str = ""

    def add(self, report: Report) -> None:
        """One more report."""
        match report.report:
            case "file_edited":
                self.edits += 1
            case "ran" if report.exit_code in (0, None):
                self.edits += 1  # a command may have changed anything; the diff will tell
            case "tool_returned" if report.outcome == "denied":
                self.denied += 1
                self.last_denial = f"{report.tool}: {report.summary}"
            case _:
                pass

    def verdict(self) -> Ended:
        """`finished`, unless all that came of the turn is refusals."""
        if self.denied and not self.edits:
            times = "a tool call was" if self.denied == 1 else f"{self.denied} tool calls were"
            reason = f"{times} not allowed and nothing was changed ({self.last_denial})"
            return Ended(outcome="failed", reason=reason)
        return Ended(outcome="finished")
