"""Figures for Prometheus in its text format, all derived from the fold."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse, Response

from hive.dashboard.web.access import Viewer
from hive.dashboard.web.hub import Hub
from hive.state import RunState

MEDIA = "text/plain; version=0.0.4"


def register(app: FastAPI) -> None:
    """Add the route."""
    hub: Hub = app.state.hub

    @app.get("/metrics", tags=["metrics"], response_class=PlainTextResponse)
    async def metrics(_who: Viewer) -> Response:
        """Runs, services, needs, cost, events and clients."""
        lines = [*of_runs(hub.feed.runs.values()), *of_hub(hub)]
        return PlainTextResponse("\n".join(lines) + "\n", media_type=MEDIA)


def of_runs(runs: Iterable[RunState]) -> Iterator[str]:
    """What the runs are and what they have cost."""
    known = list(runs)
    tasks = [task for state in known for task in state.tasks.values()]
    yield from _labelled("hive_runs", "gauge", "Runs by phase.", "phase", Counter(s.phase for s in known))
    yield from _labelled(
        "hive_services", "gauge", "Services of runs by phase.", "phase", Counter(t.phase for t in tasks)
    )
    needs = Counter(need.what for state in known for need in state.needs)
    yield from _labelled("hive_needs", "gauge", "What waits for a person.", "what", needs)
    checks = Counter(e.outcome for task in tasks for e in task.evidence.values())
    yield from _labelled("hive_checks", "gauge", "Checks of current turns by outcome.", "outcome", checks)
    yield from _plain(
        "hive_cost_usd_total", "counter", "Spent by all agents.", sum(s.cost_usd for s in known)
    )
    tokens = {"input": sum(t.input_tokens for t in tasks), "output": sum(t.output_tokens for t in tasks)}
    yield from _labelled("hive_tokens_total", "counter", "Tokens of all agents.", "direction", tokens)


def of_hub(hub: Hub) -> Iterator[str]:
    """What the server itself does."""
    yield from _plain("hive_events_total", "counter", "Events read from the log.", hub.events)
    yield from _plain("hive_event_seq", "gauge", "The last event's sequence number.", hub.seq)
    yield from _plain("hive_web_clients", "gauge", "Pages and programs that listen.", hub.clients)
    yield from _plain("hive_web_resyncs_total", "counter", "Clients that had to begin anew.", hub.resyncs)


def _plain(name: str, kind: str, words: str, value: float) -> Iterator[str]:
    yield from _head(name, kind, words)
    yield f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}"


def _labelled(name: str, kind: str, words: str, label: str, values: Mapping[Any, float]) -> Iterator[str]:
    yield from _head(name, kind, words)
    for key, value in sorted(values.items()):
        yield f'{name}{{{label}="{key}"}} {value}'


def _head(name: str, kind: str, words: str) -> Iterator[str]:
    yield f"# HELP {name} {words}"
    yield f"# TYPE {name} {kind}"
