"""What the terminal dashboard is given of a project that a server serves."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hive.cli.screens import SystemClock
from hive.cli.tui_backend import queued
from hive.config import load_user
from hive.dashboard.remote.log import RemoteLog
from hive.dashboard.remote.project import RemoteControls, RemoteDiffs, RemoteEngine, RemoteFiles
from hive.dashboard.remote.server import Server
from hive.dashboard.tui.backend import Backend
from hive.errors import UsageError
from hive.model import digest

TOKEN_VARIABLE = "HIVE_TOKEN"  # noqa: S105 - the name of the variable
NO_TOKEN = "hive serve --token operator, on the server, prints one"  # noqa: S105 - a sentence


@contextmanager
def remote_project(url: str, token_file: Path | None, certificate: Path | None) -> Iterator[Backend]:
    """The project, as the dashboard reaches it. Raises HiveError when nobody lets it in there."""
    server = Server(url, read_token(token_file), certificate)
    try:
        yield make_backend(server, load_user().state_root() / "remote")
    finally:
        server.close()


def make_backend(server: Server, folder: Path) -> Backend:
    """Everything on the server's side; only what this person has seen is remembered here."""
    session, project = server.get("session"), server.get("project")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = RemoteLog(server)
    controls = RemoteControls(server, log)
    return Backend(
        name=f"{project['name']} on {server.host}",
        person=str(session["name"]),
        log=log,
        history=log,
        controls=controls,
        steering=controls,
        diffs=RemoteDiffs(server),
        engine=RemoteEngine(server),
        files=RemoteFiles(server),
        queue=queued,
        clock=SystemClock(),
        memory=folder / f"{digest(server.url)[:16]}.json",
    )


def read_token(file: Path | None) -> str:
    """The token in the file, else in the environment. Raises UsageError when there is none."""
    if file is None:
        if token := os.environ.get(TOKEN_VARIABLE, "").strip():
            return token
        raise UsageError(
            "a server lets nobody in without a token", next_step=f"{NO_TOKEN}; then --token-file FILE"
        )
    try:
        token = file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read the token file {str(file)!r}: {error}", next_step=NO_TOKEN) from error
    if not token or not token.isprintable():
        raise UsageError(f"there is no token in {str(file)!r}", next_step=NO_TOKEN)
    return token
