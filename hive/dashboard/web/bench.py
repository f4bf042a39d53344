"""What the web dashboard is given besides what every dashboard is."""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from hive.dashboard.given import Given
from hive.dashboard.web.wish import Wish
from hive.model import Graph, Plan


class Proposal(NamedTuple):
    """A plan that nobody has approved yet, with what it was made from."""

    plan: Plan
    graph: Graph
    target: str


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


@dataclass(frozen=True, kw_only=True)
class Bench(Given):
    """One project, as the web dashboard reaches it."""

    starting: Starting
