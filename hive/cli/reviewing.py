"""What a person decides: approve, reject, comment, retry, stop, land, and the walk through all diffs."""

import json
import re
from typing import TYPE_CHECKING, Annotated

import typer

from hive.cli.options import AsJson, MaybeService, RunId, ServiceName, interactive
from hive.errors import NeedsPerson, UsageError

if TYPE_CHECKING:
    from hive.cli.compose import Project
    from hive.model import Remark
    from hive.state import RunState

SHORTEST = 8
"""Characters of a digest that name it."""
Services = Annotated[
    list[str] | None, typer.Argument(metavar="[SERVICE]...", help="Services; all when none is named.")
]

ProposalNumber = Annotated[
    int | None,
    typer.Option("--proposal", metavar="N", help="A proposal, by its number (hive proposals RUN)."),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (approve, reject, comment, resolve, say, review, retry, stop, land):
        app.command()(command)


def approve(
    run: RunId,
    services: Services = None,
    diff: Annotated[
        str | None,
        typer.Option(metavar="DIGEST", help="Only this diff, as `hive diff` named it; for one service."),
    ] = None,
    proposal: ProposalNumber = None,
    as_json: AsJson = False,
) -> None:
    """Approve a plan, the diffs of services as they are now, or an agent's proposal of another contract."""
    from hive.cli.compose import open_project, person

    if diff is not None and len(services or ()) != 1:
        raise UsageError("--diff is about one service", next_step=f"hive approve {run} SERVICE --diff {diff}")
    with open_project() as project:
        if proposal is not None:
            _decide(project, run, services, proposal, approved=True, reason="", as_json=as_json)
            return
        project.runs.refresh()
        seen = {services[0]: _whole(project.runs.get(run), services[0], diff)} if services and diff else {}
        _go_on(project, project.controls.approve(run, services or (), by=person(), seen=seen), as_json)


def _whole(state: "RunState", service: str, digest: str) -> str:
    """The digest that the first characters of it name; as it is, when it names none."""
    work = state.tasks[service].work if service in state.tasks else None
    return work.diff if work and len(digest) >= SHORTEST and work.diff.startswith(digest) else digest


def reject(
    run: RunId,
    services: Services = None,
    reason: Annotated[str, typer.Option("--reason", "-m", help="Why, for the record.")] = "",
    proposal: ProposalNumber = None,
    as_json: AsJson = False,
) -> None:
    """Reject diffs, or a proposal; without either, discard the whole run (its work is kept under refs/hive)."""
    from hive.cli.compose import open_project, person

    with open_project() as project:
        if proposal is not None:
            _decide(project, run, services, proposal, approved=False, reason=reason, as_json=as_json)
            return
        _go_on(project, project.controls.reject(run, services or (), reason=reason, by=person()), as_json)


def _decide(
    project: "Project",
    run: str,
    services: list[str] | None,
    proposal: int,
    *,
    approved: bool,
    reason: str,
    as_json: bool,
) -> None:
    from hive.cli.compose import person

    if services:
        raise UsageError(
            f"proposal {proposal} is decided by itself, not together with {', '.join(services)}",
            next_step="give --proposal without a service",
        )
    state = project.controls.decide(run, proposal, approved=approved, by=person(), reason=reason)
    _go_on(project, state, as_json)


def comment(
    run: RunId,
    service: MaybeService = None,
    text: Annotated[str, typer.Argument(metavar="[TEXT]", help="What should change.")] = "",
    at: Annotated[
        str | None, typer.Option(metavar="PATH[:LINE[-LINE]]", help="The file or the lines it is about.")
    ] = None,
    element: Annotated[str | None, typer.Option(help="The contract element it is about.")] = None,
    draft: Annotated[bool, typer.Option("--draft", help="Keep it back until --submit.")] = False,
    submit: Annotated[
        bool, typer.Option("--submit", help="Send all that you kept back, as one turn.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Send a service's work back to its agent with a remark, or with all the remarks that you drafted."""
    from hive.cli.compose import open_project, person
    from hive.model import Remark

    if service is None and not submit:
        raise UsageError("which service is it about?", next_step=f'hive comment {run} SERVICE "…"')
    if submit and not text and (service or at or element):
        raise UsageError(
            "--submit sends all that you kept back, whatever it is about",
            next_step=f"hive comment {run} --submit",
        )
    with open_project() as project:
        state = None
        if service is not None:
            path, line, end = _lines(at)
            remark = Remark(
                service=service, text=text, path=path, line=line, end_line=end, element=element or None
            )
            state = project.controls.comment(run, [remark], by=person(), draft=draft or submit)
        if submit:
            state = project.controls.submit(run, by=person())
        if state is not None:
            _go_on(project, state, as_json)


def _lines(at: str | None) -> tuple[str | None, int | None, int | None]:
    """`PATH`, `PATH:LINE` or `PATH:LINE-LINE` in its parts."""
    found = re.fullmatch(r"(?s)(.+?)(?::(\d{1,9})(?:-(\d{1,9}))?)?", at or "")
    if found is None:
        return None, None, None
    path, line, end = found.groups()
    return path, int(line) if line else None, int(end) if end else None


def resolve(
    run: RunId,
    comments: Annotated[
        list[int], typer.Argument(metavar="COMMENT...", help="Numbers, as `hive show` has them.")
    ],
    as_json: AsJson = False,
) -> None:
    """Call comments resolved: an agent may say that it is done, only a person decides."""
    from hive.cli.compose import open_project, person

    with open_project() as project:
        _go_on(project, project.controls.resolve(run, comments, by=person()), as_json)


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
    priority: Annotated[int, typer.Option(metavar="N", help="Higher ones go first in the queue.")] = 0,
    after: Annotated[list[str] | None, typer.Option(metavar="RUN", help="Only after this run.")] = None,
    as_json: AsJson = False,
    plain: Annotated[bool, typer.Option(help="Plain lines, no live screen.")] = False,
    foreground: Annotated[bool, typer.Option(help="Work in this process, for CI.")] = False,
) -> None:
    """Land an approved changeset: all of it or nothing."""
    from hive.cli.attach import watch
    from hive.cli.compose import open_project, person
    from hive.cli.screens import choose
    from hive.orchestrator.queueing import QueueControls

    with open_project() as project:
        controls = QueueControls(project.log, project.runs)
        state = controls.land(run, by=person(), priority=priority, after=after or ())
        raise typer.Exit(
            watch(project, state.id, choose(as_json=as_json, plain=plain), foreground=foreground)
        )


def review(run: RunId) -> None:
    """Walk through the diffs that wait for a review, one key each."""
    from hive.cli.compose import open_project, person
    from hive.cli.diffing import mark, show_diff

    if not interactive():
        raise NeedsPerson("a review needs a terminal", next_step=f"hive diff {run}, then hive approve {run}")
    with open_project() as project:
        project.runs.refresh()
        state = project.runs.get(run)
        remarks: list[Remark] = []
        for task in [t for t in state.tasks.values() if t.phase in ("ready", "stuck", "rejected") and t.work]:
            seen = {task.service: task.work.diff} if task.work else {}
            show_diff(project, state, task.service)
            mark(project, state, task.service)
            answer = _asked(task.service, remarks)
            if answer == "q":
                break
            if answer == "a":
                state = project.controls.approve(state.id, [task.service], by=person(), seen=seen)
            elif answer == "r":
                reason = typer.prompt("reason")
                state = project.controls.reject(state.id, [task.service], reason=reason, by=person())
        if remarks:
            state = project.controls.comment(state.id, remarks, by=person())
        _go_on(project, state, as_json=False)


def _asked(service: str, remarks: list["Remark"]) -> str:
    """One key about a diff; comments are collected, so that all of them make one turn."""
    from hive.model import Remark

    while True:
        answer = typer.prompt(f"{service}: [a]pprove, [c]omment, [r]eject, [s]kip, [q]uit", default="s")[:1]
        if answer != "c":
            return str(answer)
        path, line, end = _lines(
            typer.prompt("at PATH:LINE (empty: all of it)", default="", show_default=False)
        )
        text = typer.prompt("comment")
        remarks.append(Remark(service=service, text=text, path=path, line=line, end_line=end))


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
