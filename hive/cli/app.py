"""The commands by name; each imports what it needs when it runs, so that `hive --help` is quick."""

from typing import Annotated

import typer

from hive import __version__
from hive.cli import (
    demo,
    diffing,
    inspecting,
    mcp,
    notify,
    projects,
    proposing,
    queueing,
    reverting,
    reviewing,
    running,
    serve,
    tui,
)

app = typer.Typer(
    name="hive",
    help="One change, many services, one contract: plan, build, check and land it together.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"hive {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """One change, many services, one contract: plan, build, check and land it together."""


for module in (
    running,
    diffing,
    inspecting,
    queueing,
    reviewing,
    proposing,
    reverting,
    tui,
    serve,
    projects,
    notify,
    mcp,
    demo,
):
    module.register(app)
