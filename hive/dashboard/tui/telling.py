"""An agent's events as lines: words in full, tool calls folded into one line, commands with their output's end."""

import textwrap
from collections import Counter
from typing import NamedTuple

from rich.text import Text

from hive import events as e
from hive.dashboard import phrases
from hive.dashboard.lines import line as in_words
from hive.dashboard.palette import BAD, BUSY, DIM, GOOD, OUTCOME_STYLES, STRONG, WARN, safe
from hive.dashboard.tui.line import Line
from hive.dashboard.tui.place import Place
from hive.text import sanitize

MOST_WORDS = 20_000
"""Characters of one report that are shown."""
MOST_OUTPUT_LINES = 12
FOLDED = ("tool_called", "tool_returned", "file_edited")


class Told(NamedTuple):
    """Lines to add; the first may take the place of the last one on the screen."""

    lines: list[Line]
    instead_of_last: bool = False


class Telling:
    """Turns events into lines, one after the other; remembers only the group of tool calls that is open."""

    def __init__(self, *, width: int = 100, folded: bool = True) -> None:
        self.width = max(width, 20)
        self.folded = folded
        self._tools: Counter[str] = Counter()

    def tell(self, envelope: e.Envelope) -> Told:
        """The lines of one event."""
        event = envelope.event
        if isinstance(event, e.AgentReported):
            return self._report(event)
        self._tools.clear()
        clock = f"{envelope.at.astimezone():%H:%M:%S}"
        if isinstance(event, e.TurnStarted):
            return Told(_turn(event, clock))
        said = in_words(event)
        if said is None:
            return Told([])
        style = DIM
        if isinstance(event, e.CheckFinished):
            style = OUTCOME_STYLES[event.evidence.outcome]
        elif isinstance(event, e.Commented | e.Rejected | e.Approved | e.TaskSettled | e.WorkReturned):
            style = STRONG
        return Told([Line(Text.assemble((f"{clock} ", DIM), ("■ ", DIM), safe(said, style)))])

    def _report(self, event: e.AgentReported) -> Told:
        report = event.report
        if self.folded and report.report in FOLDED:
            return self._fold(event)
        if report.report == "spent":
            return Told([])
        self._tools.clear()
        match report.report:
            case "said":
                return Told(self._words(report.text, "", ""))
            case "thought":
                return Told(self._words(report.text, "│ ", DIM))
            case "ran":
                return Told(self._ran(report.command, report.exit_code, report.output))
            case "asked":
                return Told(self._words(phrases.reported(report) or "", "? ", f"{STRONG} {WARN}"))
            case "unplaced":
                where = Place(report.path, report.line)
                return Told([Line(safe(f"✗ {phrases.reported(report)}", WARN), where)])
            case "file_edited":
                where = Place(report.path, report.line)
                return Told([Line(safe(f"▸ {phrases.reported(report)}", BUSY), where)])
            case _:
                words = phrases.reported(report)
                return Told([Line(safe(f"▸ {words}", DIM))] if words else [])

    def _fold(self, event: e.AgentReported) -> Told:
        report = event.report
        more = bool(self._tools)
        match report.report:
            case "tool_called":
                self._tools[report.tool] += 1
            case "file_edited":
                self._tools["edited"] += 1
            case "tool_returned" if report.outcome != "ok":
                self._tools[f"{report.tool} {report.outcome}"] += 1
            case _:
                return Told([])
        last = phrases.reported(report) or ""
        counted = ", ".join(f"{name} ×{count}" if count > 1 else name for name, count in self._tools.items())
        total = sum(self._tools.values())
        head = f"▸ {counted}" if total > 1 else "▸"
        text = Text.assemble(safe(head, BUSY, limit=160), " ", safe(last, DIM, limit=200))
        return Told([Line(text)], instead_of_last=more)

    def _words(self, text: str, mark: str, style: str) -> list[Line]:
        found: list[Line] = []
        for raw in sanitize(text, MOST_WORDS).strip().split("\n"):
            for part in textwrap.wrap(raw.expandtabs(4), self.width - len(mark)) or [""]:
                found.append(Line(Text(f"{mark}{part}", style=style)))
        return found

    def _ran(self, command: str, code: int | None, output: str) -> list[Line]:
        ending = "" if code is None else f"  (exit {code})"
        lines = [Line(Text.assemble(("$ ", GOOD), safe(command, STRONG), (ending, BAD if code else DIM)))]
        tail = sanitize(output[-MOST_WORDS:]).rstrip().split("\n")
        if len(tail) > MOST_OUTPUT_LINES:
            lines.append(Line(Text(f"  … {len(tail) - MOST_OUTPUT_LINES} lines before", style=DIM)))
        shown = [line for line in tail[-MOST_OUTPUT_LINES:] if line or len(tail) > 1]
        return lines + [Line(Text(f"  {line.expandtabs(4)[:2000]}", style=DIM)) for line in shown]


def _turn(event: e.TurnStarted, clock: str) -> list[Line]:
    head = Text.assemble(
        ("── ", DIM), (f"turn {event.turn}", STRONG), (" · ", DIM), safe(event.agent), (f" · {clock} ──", DIM)
    )
    told = [Line(Text.assemble("   ", safe(f"{each.source}: {each.text}", WARN))) for each in event.feedback]
    return [Line(Text()), Line(head, head=True), *told]
