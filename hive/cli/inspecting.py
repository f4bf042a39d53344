"""Looking at runs: ls, show, logs, diff, agents."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from hive.cli.options import AsJson, MaybeService, RunId
from hive.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive.cli.compose import Project
    from hive.state import Proposal, RunState


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (ls, show, logs, agents):
        app.command()(command)


def ls(as_json: AsJson = False) -> None:
    """List the runs of this project, newest first."""
    from hive.cli.compose import open_project

    with open_project(to_work=False) as project:
        project.runs.refresh()
        states = list(reversed(project.runs.all()))
        if as_json:
            stuck = stalled(project, states)
            for state in states:
                print(json.dumps(summary(state) | {"stalled": state.id in stuck}))
            return
        from hive.cli.screens import console
        from hive.dashboard.show import runs_view

        console().print(runs_view(states))
        _say_stalled(project, states)


def stalled(project: "Project", states: "Sequence[RunState]") -> frozenset[str]:
    """Runs for which work is due and no engine is there to do it: its process was killed, or the machine restarted."""
    from hive.orchestrator.daemon import engine_pid
    from hive.orchestrator.queue import Place, agenda
    from hive.orchestrator.schedule import due

    if engine_pid(project.layout) is not None:
        return frozenset()
    places: dict[str, Place] = {}
    if any(state.phase == "landing" for state in states):
        project.runs.refresh()
        places = agenda(project.runs.all())
    acts = {name: place.act for name, place in places.items()}
    return frozenset(state.id for state in states if due(state, act=acts.get(state.id)))


def _say_stalled(project: "Project", states: "Sequence[RunState]") -> None:
    stuck = stalled(project, states)
    for state in states:
        if state.id in stuck:
            print(f"run {state.id} does not go on: its engine has ended. next: hive resume {state.id}")


def summary(state: "RunState") -> dict[str, object]:
    """A run in a few words, for JSON."""
    return {
        "run": state.id,
        "request": state.created.request,
        "phase": state.phase,
        "target": state.created.target,
        "created": state.at.isoformat(),
        "services": {task.service: task.phase for task in state.tasks.values()},
        "cost_usd": state.cost_usd,
        "needs": [need._asdict() for need in state.needs],
        "landed": state.landed.new if state.landed else None,
    }


def show(run: RunId, service: MaybeService = None, as_json: AsJson = False) -> None:
    """Show a run, or one service of it, with its evidence."""
    from hive.cli.compose import open_project

    with open_project(to_work=False) as project:
        state = one(project, run)
        if service:
            known_service(state, service)
        if as_json:
            stuck = stalled(project, [state])
            print(json.dumps(_details(state, service) | {"stalled": state.id in stuck}))
            return
        from hive.cli.screens import console
        from hive.dashboard.show import run_view, service_view

        console().print(service_view(state, service) if service else run_view(state))
        _say_stalled(project, [state])


def one(project: "Project", run: str) -> "RunState":
    """A run by its id, or `last`, without reading the others. Raises UsageError with the ids that exist."""
    from hive.state import fold

    known = project.log.runs()
    name = known[-1] if known and run == "last" else run
    if name not in known:
        project.runs.refresh()
        return project.runs.get(run)
    return fold(project.log.read(run=name))[name]


def _details(state: "RunState", service: str | None) -> dict[str, object]:
    tasks = [t for t in state.tasks.values() if service in (None, t.service)]
    return summary(state) | {
        "plan": state.plan.model_dump(mode="json") if state.plan else None,
        "tasks": [
            {
                "service": task.service,
                "phase": task.phase,
                "stale": task.stale,
                "turn": task.turn,
                "files": [file.model_dump() for file in task.work.files] if task.work else [],
                "commit": task.work.commit if task.work else None,
                "violations": [violation.model_dump() for violation in task.violations],
                "unplaced": [unplaced.model_dump() for unplaced in task.unplaced],
                "evidence": [evidence.model_dump() for evidence in task.evidence.values()],
                "approved_by": list(task.approved_by),
                "lacks": list(task.lacks) if task.wants_person else [],
                "comments": [
                    {
                        "id": c.id,
                        "status": c.status,
                        "now": c.line,
                        "vanished": c.vanished,
                        **c.said.model_dump(),
                    }
                    for c in task.remarks
                ],
                "settled": task.settled.model_dump() if task.settled else None,
            }
            for task in tasks
        ],
        "proposals": [proposal_facts(each) for each in state.proposals],
        "union": [evidence.model_dump() for evidence in state.union.values()],
    }


def proposal_facts(proposal: "Proposal") -> dict[str, object]:
    """A session's proposal of another contract, as plain data."""
    made, decided = proposal.made, proposal.decided
    return {
        "number": proposal.number,
        "service": proposal.author,
        "status": proposal.status,
        "severity": made.severity,
        "path": made.path,
        "against_version": made.version,
        "reason": made.reason,
        "touches": list(made.services),
        "changes": [change.model_dump() for change in made.changes],
        "decided": decided.model_dump() if decided else None,
        "version": proposal.revised.version if proposal.revised else None,
    }


def known_service(state: "RunState", service: str) -> None:
    """Raises UsageError when the run has no such service."""
    if service not in state.tasks:
        raise UsageError(
            f"run {state.id} has no service {service!r}", next_step=f"choose one of: {', '.join(state.tasks)}"
        )


def logs(
    run: RunId,
    service: MaybeService = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what comes.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print a run's events, and with -f those that come until it is over."""
    from hive.cli.compose import open_project
    from hive.cli.screens import choose, print_lines, print_past

    with open_project(to_work=False) as project:
        state = one(project, run)
        if service:
            known_service(state, service)
        face = choose(as_json=as_json, plain=True)
        if follow:
            import asyncio

            asyncio.run(print_lines(project, state.id, face, service=service))
        else:
            print_past(project, state.id, face, service=service)


def agents(as_json: AsJson = False) -> None:
    """List the agents: what is there, what is missing and how to get it."""
    from hive.agents.registry import AGENTS

    for entry in AGENTS.values():
        missing = entry.available()
        if as_json:
            print(json.dumps({"name": entry.name, "description": entry.description, "missing": missing}))
        else:
            print(
                f"{entry.name:<12} {entry.description}"
                + (f"\n{'':<12} not here: {missing}" if missing else "")
            )
