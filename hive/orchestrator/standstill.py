"""Whether a changeset in the queue stays where it is until a person does something. Pure."""

from collections.abc import Iterable

from hive.orchestrator.queue import agenda, queue
from hive.orchestrator.schedule import due
from hive.state import RunState


def standstill(states: Iterable[RunState], run: str) -> str:
    """Why nothing happens by itself to a run in the queue, in one sentence; empty while anything goes on anywhere."""
    known = {state.id: state for state in states}
    if run not in known or known[run].phase != "landing":
        return ""
    places = agenda(known.values())
    for state in known.values():
        place = places.get(state.id)
        if not state.closed and due(state, act=place.act if place else None):
            return ""
    found = next((item for item in queue(known.values()) if item.run == run), None)
    return f"{found.status}: {found.why}" if found else ""
