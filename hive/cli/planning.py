"""From a sentence to a run in the log: discovery, plan, and the facts that the run begins with."""

import os
from typing import Any, Literal, NamedTuple

from hive.cli.compose import Project, graph_of, person, read_config
from hive.config import FILE
from hive.config.project import parse_project
from hive.errors import NeedsPerson, UsageError
from hive.events import Draft, RunCreated, RunPlanned
from hive.model import Graph, Plan, Policy, ReviewPolicy
from hive.ports import Planner
from hive.workspaces.origin import Origin

MANY_LEFT_OUT = 50
PlannerName = Literal["auto", "grammar", "model"]


class Drafted(NamedTuple):
    """A plan with what it was made from."""

    request: str
    plan: Plan
    graph: Graph
    target: str


def draft(
    project: Project,
    request: str,
    to: str | None,
    named: PlannerName | None = None,
    budget_usd: float | None = None,
    *,
    anew: bool = False,
) -> Drafted:
    """Plan a request on the target branch's commit. Raises UsageError for what cannot be planned.

    A model that has planned the same before is asked again only for a plan `anew`.
    """
    from hive.workspaces.tree import GitTree

    target, base = landing_target(project)
    if reasons := project.user.refuses():
        raise UsageError(reasons[0], next_step="see docs/limits.md for what hive supports")
    graph = graph_of(project, base)
    planner = _planner(project, graph, named, budget_usd, anew=anew)
    plan = planner.plan(request, base=base, tree=GitTree(project.user.git, base), graph=graph, to=to)
    return Drafted(request, plan, graph, target)


def _planner(
    project: Project, graph: Graph, named: PlannerName | None, budget_usd: float | None, *, anew: bool
) -> Planner:
    """The planner that is named, else the one of the user's settings; a model sees trusted projects only."""
    from hive.orchestrator import planner as planners
    from hive.store.trust import TrustBook

    choice = named or project.settings.planner
    if choice == "grammar":
        return planners.GrammarPlanner()
    trusted = TrustBook(project.database).trusts(graph)
    withheld = None if trusted else "nothing of this project is sent to a model before `hive trust`"
    planner = planners.ModelPlanner(planners.Means(project.settings, os.environ, budget_usd=budget_usd))
    remembering = planners.Remembering(planner, project.layout.planned, anew)
    model = planners.CarefulModel(remembering, withheld)
    if choice == "model":
        return planners.ModelFirst(model, named=named == "model")
    return planners.GrammarFirst(model)


def landing_target(project: Project) -> tuple[str, str]:
    """The branch to land on, and its commit. Raises UsageError."""
    config = read_config(project.user)
    target = (config.project.target if config else None) or project.user.current_branch()
    if target is None:
        raise UsageError(
            "no branch is checked out here, so hive does not know where to land",
            next_step='check out a branch, or set `target = "main"` under [project] in hive.toml',
        )
    base = project.user.branch_commit(target)
    if base is None:
        raise UsageError(
            f"the target branch {target!r} does not exist", next_step="create it or correct hive.toml"
        )
    return target, base


def refuse_breaking(plan: Plan, *, allowed: bool, undoing: bool = False) -> None:
    """A breaking contract change is split by a person, or allowed on purpose."""
    worst = [c for c in plan.changes if c.severity in ("breaking", "unknown")]
    if worst and not allowed:
        more = f" (and {len(worst) - 1} more)" if len(worst) > 1 else ""
        raise NeedsPerson(
            f"the plan is {worst[0].severity} for consumers: {worst[0].element}: {worst[0].message}{more}",
            next_step="; ".join((*plan.assumptions[1:], "--allow-breaking reverts it all the same"))
            if undoing
            else "split it: add the new, move the consumers, remove the old; or --allow-breaking",
        )


def review_of(user: Origin, commit: str) -> ReviewPolicy:
    """Who must approve, as the commit that a run starts from says it: no edit since then loosens its own review."""
    from hive.workspaces.tree import GitTree

    if "" not in user.repositories:  # the file lies beside the repositories, so no commit of theirs has it
        beside = read_config(user)
        return beside.review.policy() if beside else ReviewPolicy()
    try:
        raw = GitTree(user.git, commit).read(FILE)
    except KeyError:
        return ReviewPolicy()
    return parse_project(raw.decode("utf-8", "replace"), f"{FILE} of commit {commit[:10]}").review.policy()


def refuse_remote(project: Project, policy: Policy) -> None:
    """Raises UsageError when runs land on a remote that a repository does not define."""
    if policy.landing != "local":
        from hive.workspaces.remote import Remote

        for user in project.user.repositories.values():
            Remote.open(user, policy.remote)


def create(project: Project, drafted: Drafted, run: str, flags: dict[str, Any], *, reverts: str = "") -> None:
    """Record the run and its plan, for approval."""
    from hive.agents.registry import get
    from hive.store.trust import TrustBook
    from hive.workspaces.sandbox import find_sandbox

    if missing := get(flags["agent"]).available():
        raise UsageError(
            f"the agent {flags['agent']!r} cannot be used here: {missing}", next_step="hive agents"
        )
    config = read_config(project.user)
    base = config.policy() if config else Policy()
    refuse_remote(project, base)
    created = RunCreated(
        request=drafted.request,
        base=drafted.plan.base,
        target=drafted.target,
        policy=Policy.model_validate(
            base.model_dump() | flags | {"review": review_of(project.user, drafted.plan.base)}
        ),
        graph=drafted.graph,
        sandbox=find_sandbox(project.settings.sandbox).name,
        trusted=TrustBook(project.database).trusts(drafted.graph),
        left_out=project.user.dirty_paths()[:MANY_LEFT_OUT],
        repositories=tuple(name for name in project.user.repositories if name),
        reverts=reverts,
        by=person(),
    )
    project.log.append(Draft(run=run, event=created), Draft(run=run, event=RunPlanned(plan=drafted.plan)))
    project.runs.refresh()
