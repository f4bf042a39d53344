"""What every dashboard is given of a project: a log, controls, and the few things that only others can do."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from hive.dashboard.board import History
from hive.dashboard.show.queue import Queued
from hive.ports import Clock, Controls, EventLog
from hive.state import RunState


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


class Steering(Protocol):
    """What a person does to the merge queue; each call is checked against the run's state and becomes an event."""

    def hold(self, run: str, *, by: str, reason: str = "") -> RunState:
        """Keep a changeset from landing; those behind it go on."""
        ...

    def release(self, run: str, *, by: str) -> RunState:
        """Let a held changeset go on."""
        ...

    def cancel(self, run: str, *, by: str, reason: str = "") -> RunState:
        """Take a changeset out of the queue; it can be queued again."""
        ...

    def move(self, run: str, *, by: str, priority: int | None = None, before: str | None = None) -> RunState:
        """Another priority, or a place in front of another changeset."""
        ...

    def accept(self, run: str, *, by: str) -> RunState:
        """Let the stopped queue of a changeset's target go on, with the branch as it was found then."""
        ...


@dataclass(frozen=True, kw_only=True)
class Given:
    """One project, as a dashboard reaches it."""

    name: str
    person: str
    log: EventLog
    history: History
    controls: Controls
    steering: Steering
    diffs: DiffSource
    engine: Engine
    files: Files
    queue: Callable[[Iterable[RunState]], Sequence[Queued]]
    clock: Clock
