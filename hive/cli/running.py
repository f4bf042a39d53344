"""`hive plan`, `hive run`, `hive resume`: from a sentence to a run that is watched."""

import json
import sys
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer

from hive.cli.options import AsJson, interactive
from hive.errors import Exit, NeedsPerson, UsageError

if TYPE_CHECKING:
    from hive.cli.compose import Project
    from hive.cli.planning import Drafted

ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
Request = Annotated[
    str, typer.Argument(metavar="REQUEST", help='The change in words: "add loyalty_points field".')
]
To = Annotated[
    str | None, typer.Option("--to", metavar="ENTITY", help="The entity, when the words do not say it.")
]
PlannerOption = Annotated[
    Literal["auto", "grammar", "model"] | None,
    typer.Option("--planner", help="What plans: grammar, model, or auto (your settings decide)."),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("run")(run)
    app.command("plan")(plan)
    app.command("resume")(resume)
    app.command("engine", hidden=True)(engine)


def plan(request: Request, to: To = None, planner: PlannerOption = None, as_json: AsJson = False) -> None:
    """Show the plan alone: contract change, services, order, cost."""
    from hive.cli.compose import open_project
    from hive.cli.planning import draft
    from hive.cli.screens import busy

    with open_project() as project:
        with busy("planning"):
            drafted = draft(project, request, to, planner, anew=True)
        if as_json:
            print(json.dumps(drafted.plan.model_dump(mode="json")))
            return
        from hive.cli.screens import console
        from hive.dashboard.show import plan_view

        console().print(plan_view(drafted.plan, drafted.graph))


def run(
    request: Request,
    to: To = None,
    planner: PlannerOption = None,
    agent: Annotated[str | None, typer.Option(help="Agent that works (hive agents).")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Approve the plan without asking.")] = False,
    approve_all: Annotated[bool, typer.Option(help="Approve every diff that is proven by checks.")] = False,
    land: Annotated[bool, typer.Option(help="Land as soon as everything is approved.")] = False,
    max_parallel: Annotated[int | None, typer.Option(min=1, help="Agents and checks at a time.")] = None,
    budget: Annotated[
        float | None, typer.Option(min=0.0, metavar="USD", help="Most that may be spent.")
    ] = None,
    allow_breaking: Annotated[
        bool, typer.Option(help="Run a plan that breaks consumers of a contract.")
    ] = False,
    as_json: AsJson = False,
    plain: Annotated[bool, typer.Option(help="Plain lines, no live screen.")] = False,
    foreground: Annotated[bool, typer.Option(help="Work in this process, for CI.")] = False,
    detach: Annotated[bool, typer.Option(help="Start it and return at once.")] = False,
    tui: Annotated[bool, typer.Option("--tui", help="Watch it in the dashboard.")] = False,
) -> None:
    """Plan a change, have it made in every affected service, check it, and land it together."""
    from hive.cli.compose import open_project
    from hive.cli.planning import create, draft, refuse_breaking
    from hive.cli.screens import busy

    with open_project() as project:
        with busy("planning"):
            drafted = draft(project, request, to, planner, budget)
        refuse_breaking(drafted.plan, allowed=allow_breaking)
        flags = {
            "agent": agent or project.settings.agent,
            "approve_all": approve_all,
            "land": land,
            "budget_usd": budget,
            **({"max_parallel": max_parallel} if max_parallel else {}),
        }
        name = new_id()
        create(project, drafted, name, flags)
        shown = Shown(as_json=as_json, plain=plain, foreground=foreground, detach=detach, tui=tui)
        set_going(project, drafted, name, shown, yes=yes)


class Shown(NamedTuple):
    """How a person wants to watch a run that begins."""

    as_json: bool = False
    plain: bool = False
    foreground: bool = False
    detach: bool = False
    tui: bool = False


def new_id() -> str:
    """The id of a new run: short, without letters that look alike."""
    import secrets

    return "".join(secrets.choice(ALPHABET) for _ in range(5))


def set_going(project: "Project", drafted: "Drafted", name: str, shown: Shown, *, yes: bool) -> None:
    """Show the plan of a new run, have it approved, and watch the run; ends the command."""
    from hive.cli.attach import watch
    from hive.cli.compose import person
    from hive.cli.screens import choose, console

    if not (shown.as_json or shown.plain) and sys.stdout.isatty():
        from hive.dashboard.show import plan_view

        console().print(plan_view(drafted.plan, drafted.graph))
    if not yes and not _agreed(name, ask=interactive() and not shown.as_json):
        project.controls.reject(name, (), reason="the plan was not approved", by=person())
        raise typer.Exit(Exit.FAILED)
    project.controls.approve(name, by="--yes" if yes else person())
    if shown.detach:
        from hive.orchestrator.daemon import ensure_engine

        ensure_engine(project.layout, project.user.root)
        print(name)
        return
    if shown.tui:
        from hive.cli.tui import show_run

        raise typer.Exit(show_run(project, name))
    face = choose(as_json=shown.as_json, plain=shown.plain)
    raise typer.Exit(watch(project, name, face, foreground=shown.foreground))


def _agreed(run_id: str, *, ask: bool) -> bool:
    if not ask:
        raise NeedsPerson(
            f"run {run_id} waits for its plan to be approved",
            next_step=f"hive show {run_id}, then hive approve {run_id}; or start it with --yes",
        )
    return typer.confirm("Approve this plan?", default=True)


def resume(
    run_id: Annotated[str, typer.Argument(metavar="[RUN]", help="Id of a run, or `last`.")] = "last",
    budget: Annotated[float | None, typer.Option(min=0.0, metavar="USD", help="A new budget for it.")] = None,
    as_json: AsJson = False,
    plain: Annotated[bool, typer.Option(help="Plain lines, no live screen.")] = False,
    foreground: Annotated[bool, typer.Option(help="Work in this process, for CI.")] = False,
) -> None:
    """Go on with a run that was stopped, failed, or lost its engine; watch it."""
    from hive.cli.attach import watch
    from hive.cli.compose import open_project, person
    from hive.cli.screens import choose

    with open_project() as project:
        project.runs.refresh()
        state = project.runs.get(run_id)
        if not state.closed and not state.landed:
            state = project.controls.resume(state.id, by=person(), budget_usd=budget)
        raise typer.Exit(
            watch(project, state.id, choose(as_json=as_json, plain=plain), foreground=foreground)
        )


def engine() -> None:
    """Work on this project in the background (started on demand)."""
    from hive.cli.compose import open_project
    from hive.cli.engine import serve
    from hive.orchestrator.daemon import EngineRunningError

    with open_project() as project:
        try:
            serve(project)
        except EngineRunningError as error:
            raise UsageError(error.message, next_step=error.next_step) from error
