"""Figures for Prometheus in its text format, all derived from the fold."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse, Response

from hive.dashboard.board import Board
from hive.dashboard.web.access import Viewer
from hive.dashboard.web.hub import Hub

MEDIA = "text/plain; version=0.0.4"


def register(app: FastAPI) -> None:
    """Add the route."""
    hub: Hub = app.state.hub

    @app.get("/metrics", tags=["metrics"], response_class=PlainTextResponse)
    async def metrics(_who: Viewer) -> Response:
        """Runs, services, needs, cost, events and clients."""
        lines = [*of_runs(hub.board), *of_hub(hub)]
        return PlainTextResponse("\n".join(lines) + "\n", media_type=MEDIA)


def of_runs(board: Board) -> Iterator[str]:
    """What the runs are: all by phase, the rest of those that are open."""
    phases = Counter(
        board.runs[name].phase if name in board.runs else brief.outcome or "reading"
        for name, brief in board.briefs.items()
    )
    yield from _labelled("hive_runs", "gauge", "Runs by phase.", "phase", phases)
    known = [state for state in board.runs.values() if not state.closed]
    tasks = [task for state in known for task in state.tasks.values()]
    services = Counter(t.phase for t in tasks)
    yield from _labelled("hive_services", "gauge", "Services of open runs by phase.", "phase", services)
    needs = Counter(need.what for state in known for need in state.needs)
    yield from _labelled("hive_needs", "gauge", "What waits for a person.", "what", needs)
    checks = Counter(e.outcome for task in tasks for e in task.evidence.values())
    words = "Checks of current turns of open runs by outcome."
    yield from _labelled("hive_checks", "gauge", words, "outcome", checks)
    cost = float(sum(state.cost_usd for state in known))
    yield from _plain("hive_open_cost_usd", "gauge", "Spent on open runs.", cost)


def of_hub(hub: Hub) -> Iterator[str]:
    """What the server itself does and has seen since it began."""
    spent = hub.spent
    yield from _plain(
        "hive_cost_usd_total", "counter", "Spent by all agents while the server ran.", spent.cost_usd
    )
    tokens = {"input": spent.input_tokens, "output": spent.output_tokens}
    words = "Tokens of all agents while the server ran."
    yield from _labelled("hive_tokens_total", "counter", words, "direction", tokens)
    yield from _plain("hive_events_total", "counter", "Events that came while the server ran.", hub.events)
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
