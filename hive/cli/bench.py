"""What the web dashboard is given, made of one project's parts."""

import threading

from hive.cli.compose import Project, graph_of, person
from hive.cli.planning import Drafted, create, draft, refuse_breaking
from hive.cli.screens import SystemClock
from hive.cli.tui_backend import BackgroundEngine, ObjectDiffs, RunFiles, RunsOnDemand, queued
from hive.dashboard.web.bench import AgentChoice, Bench, Choices, Outline, Proposal
from hive.dashboard.web.wish import Offering, Question, Wish
from hive.errors import UsageError
from hive.model import Graph
from hive.orchestrator.controls import LogControls
from hive.orchestrator.queueing import QueueControls
from hive.orchestrator.runs import Runs
from hive.state import Proposal as ContractProposal
from hive.state import RunState

TOLD = (
    "agent", "model", "planner", "permissions", "answer_timeout", "network", "check_network", "sandbox",
    "memory_limit", "process_limit", "file_limit", "push_hooks", "engine_idle",
)  # fmt: skip
"""Settings that the page shows: none of them can hold a secret."""


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
        branches=ProjectBranches(project),
        lookup=ProjectLookup(project),
        steering=QueueControls(project.log, RunsOnDemand(project.log)),
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

    def propose(self, question: Question) -> Proposal:
        """The plan alone; nothing is recorded."""
        with self._lock:
            drafted = self._draft(question, anew=True)
        return Proposal(drafted.plan, drafted.graph, drafted.target)

    def begin(self, wish: Wish) -> str:
        """Record a run whose plan waits for approval; its id."""
        from hive.cli.running import new_id

        with self._lock:
            drafted = self._draft(wish)
            refuse_breaking(drafted.plan, allowed=wish.allow_breaking)
            name = new_id()
            create(self._project, drafted, name, self._flags(wish))
        return name

    def _draft(self, asked: Question, *, anew: bool = False) -> Drafted:
        return draft(self._project, asked.request, asked.to, asked.planner, asked.budget_usd, anew=anew)

    def _flags(self, wish: Wish) -> dict[str, object]:
        return {
            "agent": wish.agent or self._project.settings.agent,
            "approve_all": wish.approve_all,
            "land": wish.land,
            "budget_usd": wish.budget_usd,
            **({"max_parallel": wish.max_parallel} if wish.max_parallel else {}),
        }


class ProjectBranches:
    """Branches of the person's repository, on their way through the queue."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._controls = QueueControls(project.log, Runs(project.log))
        self._lock = threading.Lock()

    def offer(self, offering: Offering, *, by: str) -> str:
        """Queue a branch, at the commit that it is at now, as the changeset of a run; its id."""
        from hive.cli.queueing import offered
        from hive.cli.running import new_id

        name = new_id()
        with self._lock:
            created, found = offered(self._project, name, offering.branch, by, offering.allow_breaking)
            self._controls.add(name, created, found, priority=offering.priority, after=offering.after)
        return name


class ProjectLookup:
    """Contracts, proposals and choices of a project."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def outline(self, path: str) -> Outline:
        """What is in one of the project's contracts, at the checked-out commit. Raises HiveError."""
        from hive.contracts import parse
        from hive.workspaces.tree import GitTree

        commit = self._project.user.head()
        contract = graph_of(self._project, commit).contract(path)
        tree = GitTree(self._project.user.git, commit)
        if contract is None or contract.path not in tree:
            raise UsageError(f"there is no contract {path!r}", next_step="hive graph lists them")
        document = parse(contract.kind, contract.path, tree.read(contract.path))
        return Outline(document.entities(), document.operations())

    def choices(self) -> Choices:
        """Agents with what is missing for each, and the settings that hold when nothing is chosen."""
        from hive.agents.registry import AGENTS

        mine = self._project.settings
        agents = [AgentChoice(each.name, each.description, each.available()) for each in AGENTS.values()]
        told = {name: _said(getattr(mine, name)) for name in TOLD}
        return Choices(agents, mine.agent, mine.planner, told)

    def proposed(self, run: RunState, proposal: ContractProposal) -> str:
        """An agent's proposal against the contract that it was made for."""
        from hive.cli.proposing import text_diff

        return text_diff(self._project, run, proposal)


def _said(value: object) -> str:
    match value:
        case None | ():
            return ""
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(map(str, value))
        case _:
            return str(value)
