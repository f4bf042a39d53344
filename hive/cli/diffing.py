"""`hive diff`: a service's work, what changed of it since you last looked, or the whole changeset."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from hive.cli.inspecting import known_service
from hive.cli.options import AsJson, MaybeService, RunId, interactive
from hive.errors import UsageError

if TYPE_CHECKING:
    from hive.cli.compose import Project
    from hive.state import RunState
    from hive.workspaces.store import ObjectStore


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(diff)


def diff(
    run: RunId,
    service: MaybeService = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="last|TURN", help="Only what changed since you last looked, or since a turn."),
    ] = None,
    viewed: Annotated[
        bool | None, typer.Option(help="Remember that you have seen it; in a terminal that is the rule.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the diff of a service, or of the whole changeset."""
    from hive.cli.compose import open_project

    with open_project() as project:
        project.runs.refresh()
        state = project.runs.get(run)
        if service:
            known_service(state, service)
        elif since:
            raise UsageError(
                "--since is about one service", next_step=f"hive diff {run} SERVICE --since {since}"
            )
        for name in [service] if service else [None, *(t.service for t in state.changed)]:
            text = _since(project, state, name, since) if name and since else diff_text(project, state, name)
            if as_json:
                said = {"run": state.id, "service": name, "diff": text, "digest": digest_of(state, name)}
                print(json.dumps(said))
            else:
                _show(state, name, text)
            if name and (viewed if viewed is not None else interactive() and not as_json):
                mark(project, state, name)


def _since(project: "Project", state: "RunState", service: str, since: str) -> str:
    """What changed in a service's work between two versions of it."""
    from hive.cli.compose import person

    task, by = state.tasks[service], person()
    if task.work is None:
        return ""
    if since == "last":
        seen = task.viewed.get(by)
        if seen is None:
            raise UsageError(
                f"{by!r} has not looked at {service!r} yet",
                next_step=f"hive diff {state.id} {service} --viewed",
            )
        before = seen.commit
    elif not since.isdigit() or int(since) not in task.works:
        known = ", ".join(map(str, task.works)) or "none"
        raise UsageError(
            f"{service!r} has no work of turn {since!r}", next_step=f"choose last, or one of: {known}"
        )
    else:
        before = task.works[int(since)]
    found = state.created.graph.service(service)
    return _objects(project).diff(before, task.work.commit, [found.path if found else "."])


def mark(project: "Project", state: "RunState", service: str) -> None:
    """Record that the person has seen a service's work as it is."""
    from hive.cli.compose import person

    task = state.tasks[service]
    start = state.contract_at(task.work_version)
    if task.work is None or start is None or state.closed or state.landed:
        return
    files = {each.path: each.new for each in _objects(project).changes(start, task.work.commit)}
    project.controls.viewed(state.id, service, files, diff=task.work.diff, by=person())


def _objects(project: "Project") -> "ObjectStore":
    from hive.workspaces.store import ObjectStore

    return ObjectStore.open(project.layout.objects, project.user)


def show_diff(project: "Project", state: "RunState", service: str | None) -> None:
    """Print a diff; without a service, that of the contract."""
    _show(state, service, diff_text(project, state, service))


def _show(state: "RunState", service: str | None, text: str) -> None:
    from hive.cli.screens import console
    from hive.dashboard.show import diff_view

    if text or service:
        console().print(
            diff_view(
                text or "no difference",
                title=service or (state.offered.branch if state.offered else "contract"),
            ),
            soft_wrap=True,
        )
    over = state.landed or state.discarded
    if service and not over and (digest := digest_of(state, service)):
        console().print(
            f"approve exactly this: hive approve {state.id} {service} --diff {digest[:12]}", style="dim"
        )


def digest_of(state: "RunState", service: str | None) -> str | None:
    """What an approval of a service's diff carries."""
    work = state.tasks[service].work if service else None
    return work.diff if work else None


def diff_text(project: "Project", state: "RunState", service: str | None) -> str:
    """The unified diff of a service's work against the contract commit, or of the contract against the base.

    Of a person's branch there is only one: all of it, against where it left the target.
    """
    if state.offered is not None and service is None:
        return _objects(project).diff(state.base, state.offered.commit)
    if state.contract is None:
        return ""
    objects = _objects(project)
    if service is None:
        return objects.diff(state.base, state.contract.commit)
    task = state.tasks[service]
    start = state.contract_at(task.work_version)
    return objects.diff(start, task.work.commit) if start and task.work else ""
