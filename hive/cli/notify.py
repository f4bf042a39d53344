"""`hive notify`: see whether messages arrive."""

from typing import Annotated

import typer

from hive.errors import HiveError, UsageError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(notify)


def notify(words: Annotated[str, typer.Argument(help="What to say.")] = "hive can reach you") -> None:
    """Send a message to every address in your settings' `notify`."""
    from hive.config import load_user
    from hive.orchestrator.herald import apprise_sender
    from hive.orchestrator.notices import Notice
    from hive.text import sanitize

    addresses = [address.get_secret_value() for address in load_user().notify]
    if not addresses:
        raise UsageError(
            "your settings name nobody to tell",
            next_step='add notify = ["ntfy://ntfy.sh/my-topic"] (docs/configuration.md)',
        )
    try:
        apprise_sender(addresses)(Notice("", "hive", sanitize(words, 2000)))
    except OSError as error:
        raise HiveError(
            str(error), next_step="correct its address in `notify`, or try again later"
        ) from error
    print(f"told {len(addresses)}")
