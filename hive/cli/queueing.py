"""The merge queue: look at it, put branches into it, hold, release, move, cancel, resume; and the record of flakes."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from hive.cli.options import AsJson, RunId

if TYPE_CHECKING:
    from collections.abc import Collection

    from hive.cli.compose import Project
    from hive.events import RunCreated
    from hive.orchestrator.offering import Offer
    from hive.orchestrator.queueing import QueueControls
    from hive.state import RunState
    from hive.store import SqlEventLog

Priority = Annotated[int, typer.Option(metavar="N", help="Higher ones go first.")]
After = Annotated[list[str] | None, typer.Option(metavar="RUN", help="Land only after this run.")]
Reason = Annotated[str, typer.Option("--reason", "-m", help="Why, for the record.")]
NOT_ASKED = ("agent_reported",)
"""Kinds that say nothing about what is queued, and are most of a long log."""
queue_app = typer.Typer(help="The merge queue: what lands next, and why the rest waits.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (add, hold, release, cancel, move, resume, flakes):
        queue_app.command()(command)
    queue_app.callback(invoke_without_command=True)(queue)
    app.add_typer(queue_app, name="queue")


def queue(context: typer.Context, as_json: AsJson = False) -> None:
    """Show the changesets that wait to land, on top of whom each is tested, and why it waits."""
    if context.invoked_subcommand:
        return
    from hive.cli.compose import open_project

    with open_project(to_work=False) as project:
        states = _states(project.log)
        if as_json:
            from hive.orchestrator import queue as merge_queue

            for item in merge_queue.queue(states):
                print(json.dumps(item._asdict()))
            return
        from hive.cli.screens import console
        from hive.cli.tui_backend import queued
        from hive.dashboard.show import queue_view

        console().print(queue_view(queued(tuple(states))))


def _states(log: "SqlEventLog") -> "Collection[RunState]":
    """All runs; what their agents said, and spent, only of those that a person wants landed first."""
    from hive.state import fold
    from hive.state.queueing import awaited

    known = fold(log.read(without=NOT_ASKED))
    for name in awaited(known) & known.keys():
        known |= fold(log.read(run=name))
    return known.values()


def add(
    branch: Annotated[
        list[str],
        typer.Argument(
            metavar="BRANCH", help="A branch of yours; in several repositories also REPO=BRANCH for each."
        ),
    ],
    priority: Priority = 0,
    after: After = None,
    allow_breaking: Annotated[
        bool, typer.Option(help="Even where it breaks consumers of a contract.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Queue a branch of yours: merged, tested and landed like any changeset, at the commit that it is at now."""
    from hive.cli.compose import open_project, person
    from hive.cli.running import new_id

    with open_project() as project:
        name = new_id()
        created, found = offered(project, name, " ".join(branch), person(), allow_breaking)
        state = _controls(project).add(name, created, found, priority=priority, after=after or ())
        if not as_json:
            for remark in found.remarks:
                print(f"note: {remark}")
        _go_on(project, state, as_json)


def offered(
    project: "Project", run: str, branch: str, by: str, allow_breaking: bool
) -> tuple["RunCreated", "Offer"]:
    """A branch as the changeset of a run of its own; its commit is kept from now on. Raises HiveError."""
    from hive.cli.compose import graph_of, read_config
    from hive.cli.planning import landing_target, refuse_remote
    from hive.events import OfferedPart, RunCreated
    from hive.model import Policy
    from hive.orchestrator.offering import offer
    from hive.store.trust import TrustBook
    from hive.workspaces.sandbox import find_sandbox
    from hive.workspaces.store import ObjectStore

    target, head = landing_target(project)
    config = read_config(project.user)
    policy = config.policy() if config else Policy()
    refuse_remote(project, policy)
    graph = graph_of(project, head)
    objects = ObjectStore.open(project.layout.objects, project.user)
    found = offer(project.user, objects, graph, branch, target, by=by, allow_breaking=allow_breaking)
    alone = (OfferedPart(repository="", branch=branch, commit=found.event.commit),)
    if found.event.parts:
        project.user.pin(run, found.base)
    for part in found.event.parts or alone:
        project.user.repositories[part.repository].pin(run, part.commit)
    objects.keep(f"refs/hive/runs/{run}/offered", found.event.commit)
    created = RunCreated(
        request=f"branch {branch}",
        base=found.base,
        target=target,
        policy=policy,
        graph=graph,
        sandbox=find_sandbox(project.settings.sandbox).name,
        trusted=TrustBook(project.database).trusts(graph),
        repositories=tuple(name for name in project.user.repositories if name),
    )
    return created, found


def hold(run: RunId, reason: Reason = "", as_json: AsJson = False) -> None:
    """Keep a changeset from landing; those behind it go on."""
    from hive.cli.compose import open_project, person

    with open_project() as project:
        _go_on(project, _controls(project).hold(run, by=person(), reason=reason), as_json)


def release(run: RunId, as_json: AsJson = False) -> None:
    """Let a held changeset go on."""
    from hive.cli.compose import open_project, person

    with open_project() as project:
        _go_on(project, _controls(project).release(run, by=person()), as_json)


def cancel(run: RunId, reason: Reason = "", as_json: AsJson = False) -> None:
    """Take a changeset out of the queue; `hive land` queues it again."""
    from hive.cli.compose import open_project, person

    with open_project() as project:
        _go_on(project, _controls(project).cancel(run, by=person(), reason=reason), as_json)


def move(
    run: RunId,
    priority: Annotated[int | None, typer.Option(metavar="N", help="Higher ones go first.")] = None,
    before: Annotated[str | None, typer.Option(metavar="RUN", help="In front of this one.")] = None,
    as_json: AsJson = False,
) -> None:
    """Give a changeset another place in the queue."""
    from hive.cli.compose import open_project, person

    with open_project() as project:
        state = _controls(project).move(run, by=person(), priority=priority, before=before)
        _go_on(project, state, as_json)


def resume(
    target: Annotated[str | None, typer.Argument(metavar="[BRANCH]", help="The target branch.")] = None,
    as_json: AsJson = False,
) -> None:
    """Accept a target branch that was reset, as it is now, and go on."""
    from hive.cli.compose import open_project, person
    from hive.cli.planning import landing_target
    from hive.errors import UsageError

    with open_project() as project:
        name = target or landing_target(project)[0]
        controls = _controls(project)
        found = _where(project, controls.stopped(name)[0], name)
        if found is None:
            raise UsageError(
                f"the target branch {name!r} does not exist", next_step=f"git branch {name} COMMIT"
            )
        for state in controls.resume(name, found, by=person()):
            _go_on(project, state, as_json)


def _where(project: "Project", state: "RunState", target: str) -> str | None:
    """The commit that a target is at: here, or at the remote where that is what changesets land on."""
    if state.policy.landing == "local":
        return project.user.branch_commit(target)
    from hive.workspaces.remote import Remote

    heads: dict[str, str] = {}
    for name, user in project.user.repositories.items():
        remote = Remote.open(user, state.policy.remote)
        found = remote.fetch(project.user.branch_in(name, target), state.id)
        if found is None:
            return None
        heads[name] = found
    return project.user.compose(target, heads)


def flakes(as_json: AsJson = False) -> None:
    """List the checks, and where they are known the tests, that failed and then passed on equal inputs."""
    from hive.cli.compose import open_project
    from hive.text import one_line

    with open_project(to_work=False) as project:
        project.runs.refresh()
        seen = [(seq, state, each) for state in project.runs.all() for seq, each in state.flakes]
        for seq, state, each in sorted(seen, key=lambda one: one[0]):
            name = f"{each.service}/{each.check}"
            if as_json:
                facts = {
                    "seq": seq,
                    "run": state.id,
                    "check": name,
                    "failed": each.retried,
                    "passed": each.reason,
                    "tests": [f"{name}::{test}" for test in each.flaked],
                }
                print(json.dumps(facts))
            else:
                print(f"{one_line(name):<32} {state.id}  first: {one_line(each.retried[0])}; then: passed")
                for test in each.flaked:
                    print(f"  {one_line(f'{name}::{test}', 400)}")
        if not seen and not as_json:
            print("no check failed and then passed")


def _controls(project: "Project") -> "QueueControls":
    from hive.orchestrator.queueing import QueueControls

    return QueueControls(project.log, project.runs)


def _go_on(project: "Project", state: "RunState", as_json: bool) -> None:
    """Let the engine take it up, and say where the changeset stands."""
    from hive.orchestrator.daemon import ensure_engine
    from hive.orchestrator.queue import queue as items

    ensure_engine(project.layout, project.user.root)
    place = next((item for item in items(project.runs.all()) if item.run == state.id), None)
    if as_json:
        print(json.dumps(place._asdict() if place else {"run": state.id, "phase": state.phase}))
    elif place:
        print(f"{state.id}: {place.status}: {place.why}")
    else:
        print(f"{state.id}: {state.phase}")
