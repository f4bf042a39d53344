"""Arguments and flags that several commands share, each described once."""

import sys
from typing import Annotated

import typer

RunId = Annotated[str, typer.Argument(metavar="RUN", help="Id of a run, or `last`.")]
ServiceName = Annotated[str, typer.Argument(metavar="SERVICE", help="Name of a service.")]
MaybeService = Annotated[str | None, typer.Argument(metavar="[SERVICE]", help="Name of a service.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per line, nothing else.")]


def interactive() -> bool:
    """Whether a person sits at both ends."""
    return sys.stdin.isatty() and sys.stdout.isatty()
