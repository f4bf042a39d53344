"""What the web dashboard is given besides what every dashboard is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from hive.dashboard.given import Given
from hive.dashboard.web.wish import Offering, Question, Wish
from hive.model import Entity, Graph, Operation, Plan
from hive.state import Proposal as ContractProposal
from hive.state import RunState


class Proposal(NamedTuple):
    """A plan that nobody has approved yet, with what it was made from."""

    plan: Plan
    graph: Graph
    target: str


class AgentChoice(NamedTuple):
    """An agent that a run can be given."""

    name: str
    description: str
    missing: str | None
    """Why it cannot be used here and how to get it; none when it can."""


class Choices(NamedTuple):
    """What somebody who starts a run can choose from, and what holds when they choose nothing."""

    agents: Sequence[AgentChoice]
    agent: str
    planner: str
    settings: Mapping[str, str]
    """The person's own settings that tell no secret, by name."""


class Outline(NamedTuple):
    """What is in a contract."""

    entities: Sequence[Entity]
    operations: Sequence[Operation]


class Lookup(Protocol):
    """What a person looks up in the project; slow, so it is called in a thread."""

    def outline(self, path: str) -> Outline:
        """What is in one of the project's contracts. Raises HiveError for one that cannot be read."""
        ...

    def proposed(self, run: RunState, proposal: ContractProposal) -> str:
        """An agent's proposal against the contract that it was made for: hunks without a header of git's."""
        ...

    def choices(self) -> Choices:
        """Agents, planners and settings."""
        ...


class Starting(Protocol):
    """From a sentence to a run; slow, so it is called in a thread."""

    def graph(self) -> Graph:
        """The project's services, contracts and who needs whom, as of now."""
        ...

    def propose(self, question: Question) -> Proposal:
        """The plan alone; nothing is recorded."""
        ...

    def begin(self, wish: Wish) -> str:
        """Record a run whose plan waits for approval; its id."""
        ...


class Branches(Protocol):
    """What needs the person's repository to steer the queue; slow, so it is called in a thread."""

    def offer(self, offering: Offering, *, by: str) -> str:
        """Queue a branch, at the commit that it is at now, as the changeset of a run; its id. Raises HiveError."""
        ...


@dataclass(frozen=True, kw_only=True)
class Bench(Given):
    """One project, as the web dashboard reaches it."""

    starting: Starting
    branches: Branches
    lookup: Lookup
