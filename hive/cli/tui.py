"""`hive tui`: the terminal dashboard, given what it needs of a project."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hive.cli.options import interactive
from hive.errors import Exit, NeedsPerson, UsageError

if TYPE_CHECKING:
    from hive.cli.compose import Project
    from hive.dashboard.board import History
    from hive.dashboard.tui.backend import Backend


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(tui)


def tui(
    run: Annotated[str | None, typer.Argument(metavar="[RUN]", help="Id of a run, or `last`.")] = None,
    url: Annotated[
        str | None, typer.Option(metavar="URL", help="Attach to the project that `hive serve` serves there.")
    ] = None,
    token_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The server's token; else HIVE_TOKEN has it.")
    ] = None,
    tls_cert: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Certificate that the server's must be signed by.")
    ] = None,
) -> None:
    """Open the dashboard: what needs you, runs, streams, diffs, reviews. Closing it stops nothing."""
    if url is not None:
        from hive.cli.tui_remote import remote_project

        with remote_project(url, token_file, tls_cert) as backend:
            show(backend, named(backend.history, run) if run else None)
        return
    from hive.cli.compose import open_project

    with open_project() as project:
        show_dashboard(project, named(project.log, run) if run else None)


def named(history: "History", run: str) -> str:
    """The id of a run, or of the last one. Raises UsageError with the ids that exist."""
    known = [first.run for first, _ in history.heads()]
    if run == "last" and known:
        return known[-1]
    if run in known:
        return run
    latest = ", ".join(reversed(known[-10:])) or "none yet"
    raise UsageError(
        f"there is no run {run!r} in this project", next_step=f"choose one of: {latest} (hive ls)"
    )


def show_dashboard(project: "Project", run: str | None) -> None:
    """Show the project until the person leaves. Raises NeedsPerson without a terminal."""
    from hive.cli.tui_backend import backend

    show(backend(project), run)


def show(backend: "Backend", run: str | None) -> None:
    """Show it until the person leaves. Raises NeedsPerson without a terminal."""
    if not (interactive() and sys.stderr.isatty()):  # Textual draws on standard error
        raise NeedsPerson("the dashboard needs a terminal", next_step="hive ls, or hive logs last -f")
    from hive.dashboard.tui import app

    if code := app.show(backend, run):
        raise typer.Exit(code)


def show_run(project: "Project", run: str) -> Exit:
    """Start the engine, show the run, and say how it stands when the person leaves."""
    from hive.cli.attach import exit_code
    from hive.orchestrator.daemon import ensure_engine

    ensure_engine(project.layout, project.user.root)
    show_dashboard(project, run)
    project.runs.refresh()
    return exit_code(project.runs.get(run))
