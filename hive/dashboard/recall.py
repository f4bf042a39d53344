"""Closed runs, as far as the merge queue learns from them: who landed when, and how long checks took."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from hive.events import Envelope
from hive.state import RunState, fold
from hive.state.queueing import awaited

MOST_RECALLED = 60
"""Closed runs that are looked back at, the newest ones; estimates and the queue's window count no more than fifty."""


class Quiet(Protocol):
    """Reading a run without reading all of it."""

    def quiet(self, run: str) -> Sequence[Envelope]:
        """All events of a run but what its agents said; in order."""
        ...


class Recall:
    """Each closed run is read once, without its agents' words, and kept as long as it is one of the newest."""

    def __init__(self, history: Quiet) -> None:
        self._history = history
        self._known: dict[str, RunState] = {}

    async def refresh(self, closed: Sequence[str], folded: Mapping[str, RunState]) -> None:
        """Read those of the closed runs, oldest first, that count and are not known yet."""
        wanted = {*closed[-MOST_RECALLED:], *(awaited(folded) & set(closed))}
        self._known = {name: state for name, state in self._known.items() if name in wanted}
        for name in sorted(wanted - self._known.keys() - folded.keys()):
            self._known |= fold(await asyncio.to_thread(self._history.quiet, name))

    def all(self, names: Collection[str], folded: Mapping[str, RunState]) -> list[RunState]:
        """The runs of these names that are folded, or else recalled."""
        found = (folded.get(name) or self._known.get(name) for name in names)
        return [state for state in found if state is not None]
