"""What the web dashboard is given: a log, controls, and the few things that only others can do."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from hive.dashboard.board import History
from hive.dashboard.show.queue import Queued
from hive.dashboard.web.wish import Wish
from hive.model import Graph, Plan
from hive.ports import Clock, Controls, EventLog
from hive.state import RunState


class Proposal(NamedTuple):
    """A plan that nobody has approved yet, with what it was made from."""

    plan: Plan
    graph: Graph
    target: str


class DiffSource(Protocol):
    """Unified diffs of a run; they are read in a thread."""

    def of(self, run: RunState, service: str | None) -> str:
        """A service's work against the contract commit; without a service, the contract against the base."""
        ...

    def since(self, run: RunState, service: str, old: str) -> str:
        """What has changed in a service's work since that commit of it."""
        ...


class Engine(Protocol):
    """The process that works on the project."""

    def pid(self) -> int | None:
        """Which process that is; none while nothing works."""
        ...

    def wake(self) -> bool:
        """Start one unless one works; whether that was needed."""
        ...


class Files(Protocol):
    """Files that belong to a run, for people to look into."""

    def output(self, run: str, name: str) -> str:
        """The end of a check's whole output. Raises HiveError when it is gone."""
        ...


class Starting(Protocol):
    """From a sentence to a run; slow, so it is called in a thread."""

    def graph(self) -> Graph:
        """The project's services, contracts and who needs whom, as of now."""
        ...

    def propose(self, request: str, to: str | None) -> Proposal:
        """The plan alone; nothing is recorded."""
        ...

    def begin(self, wish: Wish) -> str:
        """Record a run whose plan waits for approval; its id."""
        ...


@dataclass(frozen=True)
class Bench:
    """One project, as the web dashboard reaches it."""

    name: str
    person: str
    log: EventLog
    history: History
    controls: Controls
    diffs: DiffSource
    engine: Engine
    files: Files
    starting: Starting
    queue: Callable[[Iterable[RunState]], Sequence[Queued]]
    clock: Clock
