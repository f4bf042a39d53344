"""`hive mcp`: the stdio server that an agent's program is given for its session."""

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(mcp)


def mcp(
    socket: Annotated[
        str,
        typer.Argument(
            metavar="SOCKET", envvar="HIVE_TOOLS", help="Of the session; hive names it to its agent."
        ),
    ],
) -> None:
    """Carry an agent's questions to hive: a server of the Model Context Protocol on standard input and output."""
    from hive.agents.tools.relay import main

    raise typer.Exit(main([socket]))
