"""What a person decides: approve, reject, comment, retry, stop, land, and the walk through all diffs."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from hive.cli.options import AsJson, MaybeService, RunId, ServiceName, interactive
from hive.errors import NeedsPerson, UsageError

if TYPE_CHECKING:
    from hive.cli.compose import Project
    from hive.state import RunState

Services = Annotated[
    list[str] | None, typer.Argument(metavar="[SERVICE]...", help="Services; all when none is named.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (approve, reject, comment, say, review, retry, stop, land):
        app.command()(command)


def approve(run: RunId, services: Services = None, as_json: AsJson = False) -> None:
    """Approve a plan, or the diffs of services as they are now."""
    from hive.cli.compose import open_project, person

    with open_project() as project:
        _go_on(project, project.controls.approve(run, services or (), by=person()), as_json)


def reject(
    run: RunId,
    services: Services = None,
    reason: Annotated[str, typer.Option("--reason", "-m", help="Why, for the record.")] = "",
    as_json: AsJson = False,
) -> None:
    """Reject diffs; without a service, discard the whole run (its work is kept under refs/hive)."""
    from hive.cli.compose import open_project, person

    with open_project() as project:
        _go_on(project, project.controls.reject(run, services or (), reason=reason, by=person()), as_json)


def comment(
    run: RunId,
    service: ServiceName,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What should change.")],
    at: Annotated[str | None, typer.Option(metavar="PATH:LINE", help="The place it is about.")] = None,
    as_json: AsJson = False,
) -> None:
    """Send a service's work back to its agent with a remark."""
    from hive.cli.compose import open_project, person

    path, _, line = (at or "").partition(":")
    with open_project() as project:
        state = project.controls.comment(
            run, service, text, by=person(), path=path or None, line=int(line) if line.isdigit() else None
        )
        _go_on(project, state, as_json)


def say(
    run: RunId,
    service: ServiceName,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What to say.")] = "",
    answer: Annotated[str | None, typer.Option(metavar="ID", help="Answer this question or request.")] = None,
    interrupt: Annotated[bool, typer.Option(help="Interrupt what it does; its session can go on.")] = False,
    as_json: AsJson = False,
) -> None:
    """Speak to a service's agent while it works, answer it, or interrupt it."""
    from hive.cli.compose import open_project, person
    from hive.model import Answer, Interrupt, Message, Words

    if not interrupt and not text.strip():
        raise UsageError("there is nothing to say", next_step=f'hive say {run} {service} "…"')
    message: Message = (
        Interrupt() if interrupt else Answer(id=answer, text=text) if answer else Words(text=text)
    )
    with open_project() as project:
        _go_on(project, project.controls.say(run, service, message, by=person()), as_json)


def retry(run: RunId, service: ServiceName, as_json: AsJson = False) -> None:
    """One more turn for a service's agent."""
    from hive.cli.compose import open_project, person

    with open_project() as project:
        _go_on(project, project.controls.retry(run, service, by=person()), as_json)


def stop(run: RunId, service: MaybeService = None, as_json: AsJson = False) -> None:
    """Stop a run, or one service of it; `hive resume` goes on."""
    from hive.cli.compose import open_project, person

    with open_project() as project:
        _say(project.controls.stop(run, service, by=person()), as_json)


def land(
    run: RunId,
    as_json: AsJson = False,
    plain: Annotated[bool, typer.Option(help="Plain lines, no live screen.")] = False,
    foreground: Annotated[bool, typer.Option(help="Work in this process, for CI.")] = False,
) -> None:
    """Land an approved changeset: all of it or nothing."""
    from hive.cli.attach import watch
    from hive.cli.compose import open_project, person
    from hive.cli.screens import choose

    with open_project() as project:
        state = project.controls.land(run, by=person())
        raise typer.Exit(
            watch(project, state.id, choose(as_json=as_json, plain=plain), foreground=foreground)
        )


def review(run: RunId) -> None:
    """Walk through the diffs that wait for a review, one key each."""
    from hive.cli.compose import open_project, person
    from hive.cli.inspecting import show_diff

    if not interactive():
        raise NeedsPerson("a review needs a terminal", next_step=f"hive diff {run}, then hive approve {run}")
    with open_project() as project:
        project.runs.refresh()
        state = project.runs.get(run)
        waiting = [t.service for t in state.tasks.values() if t.phase in ("ready", "stuck", "rejected")]
        for service in waiting:
            show_diff(project, state, service)
            answer = typer.prompt(f"{service}: [a]pprove, [c]omment, [r]eject, [s]kip, [q]uit", default="s")[
                :1
            ]
            if answer == "q":
                break
            if answer == "a":
                state = project.controls.approve(state.id, [service], by=person())
            elif answer == "c":
                state = project.controls.comment(state.id, service, typer.prompt("comment"), by=person())
            elif answer == "r":
                state = project.controls.reject(
                    state.id, [service], reason=typer.prompt("reason"), by=person()
                )
        _go_on(project, state, as_json=False)


def _go_on(project: "Project", state: "RunState", as_json: bool) -> None:
    """Let the engine take up what was decided, and say how things stand."""
    from hive.orchestrator.daemon import ensure_engine

    ensure_engine(project.layout, project.user.root)
    _say(state, as_json)


def _say(state: "RunState", as_json: bool) -> None:
    if as_json:
        needs = [need._asdict() for need in state.needs]
        print(json.dumps({"run": state.id, "phase": state.phase, "needs": needs}))
        return
    print(f"{state.id}: {state.phase}")
    for need in state.needs[:3]:
        print(f"  {need.service + ': ' if need.service else ''}{need.text} -> {need.command}")
