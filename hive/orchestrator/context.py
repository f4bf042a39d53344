"""What units of work are done with; put together once, by the command line."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from hive.agents.budget import Budgets
from hive.errors import UsageError
from hive.events import Draft, Envelope, Event
from hive.network.endpoints import Endpoint
from hive.orchestrator.executors import Executors
from hive.orchestrator.layout import Layout
from hive.orchestrator.queue import Place, agenda
from hive.orchestrator.runs import Runs
from hive.ports import Agent, EventLog, Sandbox
from hive.state import RunState, TaskState
from hive.store.cache import EvidenceCache
from hive.workspaces.forge import Forge
from hive.workspaces.origin import Origin
from hive.workspaces.repository import UserRepository
from hive.workspaces.store import ObjectStore


def no_forge(user: UserRepository, remote: str) -> Forge:
    """Where no forge was given."""
    raise UsageError(f"no forge is known for {remote!r} of {str(user.root)!r}", next_step="land otherwise")


@dataclass(frozen=True)
class Context:
    """The doors of one project."""

    layout: Layout
    user: Origin
    objects: ObjectStore
    log: EventLog
    runs: Runs
    evidence: EvidenceCache
    sandbox: Sandbox
    agent: Callable[[str], Agent]
    """The adapter of that name."""
    check_network: bool = False
    reach: tuple[Endpoint, ...] = ()
    """What a person lets confined commands reach."""
    pauses: tuple[float, ...] = (1.0, 5.0, 20.0, 60.0)
    """Seconds between attempts to reach a remote that did not answer; after the last one a person is asked."""
    looks: tuple[float, ...] = (15.0,) * 8 + (60.0,) * 28
    """Seconds between looks at a pull request; after half an hour a person says when to look again."""
    forge: Callable[[UserRepository, str], Forge] = no_forge
    """The forge of a repository's remote."""
    push_hooks: bool = False
    """Whether a push runs the user's own pre-push hook."""
    budgets: Budgets = field(default_factory=Budgets)
    """The same as the adapters have."""
    landing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One changeset at a time touches the target."""
    executors: Executors = field(default_factory=Executors)

    def state(self, run: str) -> RunState:
        """A run as of now."""
        self.runs.refresh()
        return self.runs.get(run)

    def place(self, run: str) -> Place | None:
        """Where a changeset stands in the merge queue, as of now."""
        self.runs.refresh()
        return agenda(self.runs.all()).get(run)

    def task(self, run: str, service: str | None) -> TaskState:
        """One service's part of a run, as of now."""
        return self.state(run).tasks[service or ""]

    def emit(
        self, run: str, *events: Event, service: str | None = None, durable: bool = False
    ) -> list[Envelope]:
        """Append events of one run."""
        drafts = (Draft(run=run, service=service, event=event) for event in events)
        return self.log.append(*drafts, durable=durable)
