"""The spans of runs, folded from their events: run, service, turn, tool call, check, merge, landing. Pure.

Names follow OpenTelemetry's semantic conventions for generative AI. A span is known by the event that began it, so
that a fold that begins anew finds the same ones. No words of persons, agents or programs are in them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hive import events as e
from hive.model import Report
from hive.text import one_line

LONGEST_NAME = 100
Value = str | int | float


@dataclass
class Span:
    """A stretch of a run; `end` is set when it is over."""

    run: str
    id: str
    """Within the run: made of the event that it begins with."""
    parent: str | None
    name: str
    start: datetime
    attributes: dict[str, Value]
    end: datetime | None = None
    error: str = ""

    def spend(self, report: Report) -> None:
        """Add what a report says was spent."""
        if report.report == "spent":
            for name, value in (
                ("gen_ai.usage.input_tokens", report.input_tokens),
                ("gen_ai.usage.output_tokens", report.output_tokens),
                ("hive.cost_usd", report.cost_usd),
            ):
                self.attributes[name] = float(self.attributes.get(name, 0)) + value
                if not name.endswith("usd"):
                    self.attributes[name] = int(self.attributes[name])


@dataclass
class _Open:
    """The open spans of a run by what they are of, outermost first."""

    spans: dict[tuple[str, ...], Span] = field(default_factory=dict)


def named(name: str) -> str:
    """A name that an agent or a project gave, fit to be shown."""
    return one_line(name)[:LONGEST_NAME]


class Traces:
    """The open spans of all runs."""

    def __init__(self) -> None:
        self._runs: dict[str, _Open] = {}

    def take(self, envelope: e.Envelope) -> list[Span]:
        """Fold an event in; the spans that are over with it, inner ones first."""
        event = envelope.event
        if isinstance(event, e.RunCreated):
            self._runs[envelope.run] = _Open()
            told = {"hive.run": envelope.run, "hive.target": named(event.target)}
            self._begin(envelope, ("run",), "run", told)
            return []
        if envelope.run not in self._runs:
            return []
        if isinstance(event, e.RunClosed):
            done = self._end(envelope, (), {"hive.outcome": event.outcome})
            del self._runs[envelope.run]
            return done
        return self._working(envelope) + self._checking(envelope) + self._landing(envelope)

    def _working(self, envelope: e.Envelope) -> list[Span]:
        event, service = envelope.event, envelope.service or ""
        whole, turn = ("service", service), ("service", service, "turn")
        match event:
            case e.WorkspaceCreated():
                self._service(envelope)
            case e.TurnStarted():
                self._service(envelope)
                done = self._end(envelope, turn, {}, error="interrupted")
                agent = named(event.agent)
                told: dict[str, Value] = {
                    "gen_ai.operation.name": "invoke_agent",
                    "gen_ai.agent.name": agent,
                    "hive.service": named(service),
                    "hive.turn": event.turn,
                }
                self._begin(envelope, turn, f"invoke_agent {agent}", told)
                return done
            case e.AgentReported():
                return self._reported(envelope, event.report, turn)
            case e.TurnFinished():
                error = "" if event.outcome == "finished" else event.outcome
                return self._end(envelope, turn, {"hive.outcome": event.outcome}, error=error)
            case e.WorkspaceRetired():
                return self._end(envelope, whole, {})
        return []

    def _service(self, envelope: e.Envelope) -> None:
        key = ("service", envelope.service or "")
        if key not in self._runs[envelope.run].spans:
            name = named(envelope.service or "")
            self._begin(envelope, key, f"service {name}", {"hive.service": name})

    def _reported(self, envelope: e.Envelope, report: Report, turn: tuple[str, ...]) -> list[Span]:
        spans = self._runs[envelope.run].spans
        match report.report:
            case "spent":
                for key in (turn, turn[:2], ("run",)):
                    if key in spans:
                        spans[key].spend(report)
            case "tool_called" if turn in spans:
                tool = named(report.tool)
                told = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": tool}
                self._begin(
                    envelope, (*turn, "tool", report.tool, str(envelope.seq)), f"execute_tool {tool}", told
                )
            case "tool_returned":
                same = (*turn, "tool", report.tool)
                first = next((key for key in spans if key[: len(same)] == same), None)
                error = "" if report.outcome == "ok" else report.outcome
                return self._end(envelope, first, {}, error=error) if first else []
        return []

    def _checking(self, envelope: e.Envelope) -> list[Span]:
        event = envelope.event
        if isinstance(event, e.CheckStarted):
            self._check(envelope, event.check)
        elif isinstance(event, e.CheckFinished):
            evidence = event.evidence
            key = _check_key(envelope, evidence.check)
            if key not in self._runs[envelope.run].spans:
                self._check(envelope, evidence.check, seconds=evidence.seconds)
            told: dict[str, Value] = {"hive.outcome": evidence.outcome, "hive.reused": str(evidence.reused)}
            error = "" if evidence.outcome in ("passed", "unverified") else evidence.outcome
            return self._end(envelope, key, told, error=error)
        return []

    def _check(self, envelope: e.Envelope, check: str, seconds: float = 0.0) -> None:
        told = {"hive.check": named(check), "hive.service": named(envelope.service or "")}
        self._begin(envelope, _check_key(envelope, check), f"check {named(check)}", told, seconds)

    def _landing(self, envelope: e.Envelope) -> list[Span]:
        match envelope.event:
            case e.LandRequested():
                done = self._end(envelope, ("landing",), {}, error="superseded")
                self._begin(envelope, ("landing",), "landing", {})
                return done
            case e.ChangesetMerged() as merged:
                done = self._end(envelope, ("landing", "test"), {}, error="superseded")
                told: dict[str, Value] = {"hive.commit": merged.commit}
                self._begin(envelope, ("landing", "merge"), "merge", told)
                done += self._end(envelope, ("landing", "merge"), {})
                self._begin(envelope, ("landing", "test"), "test changeset", told)
                return done
            case e.ChangesetTested(passed=passed):
                return self._end(envelope, ("landing", "test"), {}, error="" if passed else "failed")
            case e.LandingStarted():
                done = self._end(envelope, ("landing", "move"), {}, error="superseded")
                self._begin(envelope, ("landing", "move"), "move target", {})
                return done
            case e.Landed() as landed:
                return self._end(envelope, ("landing",), {"hive.commit": landed.new})
            case e.LandingRefused() | e.LandingWithdrawn() as over:
                return self._end(envelope, ("landing",), {}, error=over.kind)
        return []

    def _begin(
        self,
        envelope: e.Envelope,
        key: tuple[str, ...],
        name: str,
        told: Mapping[str, Value],
        seconds: float = 0.0,
    ) -> None:
        spans = self._runs[envelope.run].spans
        around = (spans[key[:length]] for length in range(len(key) - 1, 0, -1) if key[:length] in spans)
        parent = next(around, spans.get(("run",)))
        start = envelope.at - timedelta(seconds=seconds)
        own = f"{envelope.seq} {name}"
        spans[key] = Span(envelope.run, own, parent.id if parent else None, name, start, {**told})

    def _end(
        self, envelope: e.Envelope, key: tuple[str, ...], told: Mapping[str, Value], *, error: str = ""
    ) -> list[Span]:
        """End a span and all within it."""
        spans = self._runs[envelope.run].spans
        done = [each for each in reversed(spans) if each[: len(key)] == key]
        ended = [spans.pop(each) for each in done]
        for span in ended:
            span.end = envelope.at
        if ended:
            ended[-1].attributes |= told
            ended[-1].error = error
        return ended


def _check_key(envelope: e.Envelope, check: str) -> tuple[str, ...]:
    return ("service", envelope.service or "", "check", check)
