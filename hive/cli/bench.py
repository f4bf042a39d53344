"""What the web dashboard is given, made of one project's parts."""

import secrets
import threading

from hive.cli.compose import Project, graph_of, person
from hive.cli.planning import Drafted, create, draft, refuse_breaking
from hive.cli.screens import SystemClock
from hive.cli.tui_backend import BackgroundEngine, ObjectDiffs, RunFiles, RunsOnDemand, queued
from hive.dashboard.web.bench import Bench, Proposal
from hive.dashboard.web.wish import Wish
from hive.model import Graph
from hive.orchestrator.controls import LogControls


def make_bench(project: Project) -> Bench:
    """The project, as the web dashboard reaches it."""
    return Bench(
        name=project.name,
        person=person(),
        log=project.log,
        history=project.log,
        controls=LogControls(project.log, RunsOnDemand(project.log)),
        diffs=ObjectDiffs(project),
        engine=BackgroundEngine(project),
        files=RunFiles(project),
        starting=Planning(project),
        queue=queued,
        clock=SystemClock(),
    )


class Planning:
    """Plans and begins runs, one at a time."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._lock = threading.Lock()

    def graph(self) -> Graph:
        """Services, contracts and who needs whom, at the checked-out commit."""
        with self._lock:
            return graph_of(self._project, self._project.user.head())

    def propose(self, request: str, to: str | None) -> Proposal:
        """The plan alone; nothing is recorded."""
        with self._lock:
            drafted = self._draft(request, to, anew=True)
        return Proposal(drafted.plan, drafted.graph, drafted.target)

    def begin(self, wish: Wish) -> str:
        """Record a run whose plan waits for approval; its id."""
        from hive.cli.running import ALPHABET

        with self._lock:
            drafted = self._draft(wish.request, wish.to)
            refuse_breaking(drafted.plan, allowed=wish.allow_breaking)
            name = "".join(secrets.choice(ALPHABET) for _ in range(5))
            create(self._project, drafted, name, self._flags(wish))
        return name

    def _draft(self, request: str, to: str | None, *, anew: bool = False) -> Drafted:
        return draft(self._project, request, to, anew=anew)

    def _flags(self, wish: Wish) -> dict[str, object]:
        return {
            "agent": wish.agent or self._project.settings.agent,
            "approve_all": wish.approve_all,
            "land": wish.land,
            "budget_usd": wish.budget_usd,
            **({"max_parallel": wish.max_parallel} if wish.max_parallel else {}),
        }
