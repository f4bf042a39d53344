"""`hive revert RUN`: a run that takes a landed one back, through the same review, checks, queue and landing."""

from typing import TYPE_CHECKING, Annotated

import typer

from hive.cli.options import AsJson, RunId

if TYPE_CHECKING:
    from hive.cli.compose import Project
    from hive.cli.planning import Drafted
    from hive.state import RunState


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(revert)


def revert(
    run: RunId,
    agent: Annotated[str | None, typer.Option(help="Agent that remarks go to (hive agents).")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Approve the plan without asking.")] = False,
    approve_all: Annotated[bool, typer.Option(help="Approve every diff that is proven by checks.")] = False,
    land: Annotated[bool, typer.Option(help="Land as soon as everything is approved.")] = False,
    allow_breaking: Annotated[
        bool, typer.Option(help="Take it back though that breaks consumers of a contract.")
    ] = False,
    as_json: AsJson = False,
    plain: Annotated[bool, typer.Option(help="Plain lines, no live screen.")] = False,
    foreground: Annotated[bool, typer.Option(help="Work in this process, for CI.")] = False,
    detach: Annotated[bool, typer.Option(help="Start it and return at once.")] = False,
) -> None:
    """Take a landed run back: the opposite changeset as a run of its own."""
    from hive.cli.compose import open_project
    from hive.cli.planning import create, refuse_breaking
    from hive.cli.running import Shown, new_id, set_going

    with open_project() as project:
        project.runs.refresh()
        undoing = project.runs.get(run)
        drafted = draft_revert(project, undoing)
        refuse_breaking(drafted.plan, allowed=allow_breaking, undoing=True)
        flags = {"agent": agent or project.settings.agent, "approve_all": approve_all, "land": land}
        name = new_id()
        create(project, drafted, name, flags, reverts=undoing.id)
        shown = Shown(as_json=as_json, plain=plain, foreground=foreground, detach=detach)
        set_going(project, drafted, name, shown, yes=yes)


def draft_revert(project: "Project", undoing: "RunState") -> "Drafted":
    """The plan that takes a run back from the target branch as it is now. Raises when that cannot be done."""
    from hive.cli.compose import graph_of
    from hive.cli.planning import Drafted
    from hive.errors import UsageError
    from hive.orchestrator.reverting import opposite, plan, refuse
    from hive.workspaces.store import ObjectStore
    from hive.workspaces.tree import GitTree

    refuse(undoing, project.runs.all())
    target = undoing.created.target
    base = project.user.branch_commit(target)
    if base is None:
        raise UsageError(
            f"the branch {target!r}, on which run {undoing.id} landed, does not exist", next_step="create it"
        )
    objects = ObjectStore.open(project.layout.objects, project.user)
    found = opposite(objects, undoing, base)
    graph = graph_of(project, base)
    before, after = GitTree(objects, base), GitTree(objects, found.commit)
    drafted = plan(undoing, found, graph, before, after)
    return Drafted(drafted.request, drafted, graph, target)
