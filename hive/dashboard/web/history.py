"""How each service's phase and each run's cost went on over time: what the timeline is drawn from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from hive.events import AgentReported, Envelope, RunCreated
from hive.state import RunState

MOST_SPANS = 500
"""Phases remembered of one service."""
MOST_POINTS = 500
"""Points of one curve; more are thinned out."""


class Span(NamedTuple):
    """A phase from a moment on, until the next span begins; times are Unix seconds."""

    phase: str
    at: float
    turn: int


class Point(NamedTuple):
    """A value at a moment."""

    at: float
    value: float


@dataclass
class Track:
    """What happened in one run."""

    spans: dict[str, list[Span]] = field(default_factory=dict)
    cost: list[Point] = field(default_factory=list)
    tests: list[Point] = field(default_factory=list)
    """Tests that passed, over all services, as last seen."""


class History:
    """The tracks of the runs that are folded."""

    def __init__(self) -> None:
        self.tracks: dict[str, Track] = {}

    def note(self, state: RunState, envelope: Envelope) -> None:
        """Take down what an event has changed; the state is the one after it."""
        event, at = envelope.event, envelope.at.timestamp()
        if isinstance(event, RunCreated):
            self.forget(state.id)
        track = self.tracks.setdefault(state.id, Track())
        if isinstance(event, AgentReported):
            if event.report.report == "spent":
                _add(track.cost, Point(at, state.cost_usd))
            return
        task = state.tasks.get(envelope.service or "")
        for each in [task] if task else state.tasks.values():
            spans = track.spans.setdefault(each.service, [])
            if (not spans or spans[-1].phase != each.phase) and len(spans) < MOST_SPANS:
                spans.append(Span(each.phase, at, each.turn))
        if event.kind == "check_finished":
            passed = sum(e.passed or 0 for t in state.tasks.values() for e in t.evidence.values())
            _add(track.tests, Point(at, passed))

    def forget(self, run: str) -> None:
        """Drop a run's track; folding the run again makes it again."""
        self.tracks.pop(run, None)

    def of(self, run: str) -> Track:
        """What happened in a run; nothing where it is not known."""
        return self.tracks.get(run, Track())

    def spans(self, run: str) -> Mapping[str, list[Span]]:
        """The phases of a run's services."""
        return self.of(run).spans


def _add(points: list[Point], point: Point) -> None:
    points.append(point)
    if len(points) > MOST_POINTS:
        del points[1:-1:2]
