"""The tools behind a socket of one session's own: its relay is the stdio server that an agent's program is given."""

import asyncio
import contextlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hive.agents.tools import relay
from hive.ports import Tools

if TYPE_CHECKING:
    from hive.agents.tools.speaking import Speaker

LONGEST_SOCKET = 100
"""Bytes of a socket's path that every system takes."""
NAME = "hive"


class ToolDoor(NamedTuple):
    """How a session's agent gets at its tools: by the socket alone, which the sandbox shows to no other session."""

    socket: Path

    @property
    def argv(self) -> tuple[str, ...]:
        """The stdio server: `hive mcp` with nothing around it."""
        return (sys.executable, "-IS", str(relay.__file__), str(self.socket))

    def configured(self, home: Path) -> Path:
        """A file in the session's home that names the server, of the shape that most agents read."""
        server = {"command": self.argv[0], "args": list(self.argv[1:])}
        file = home / "mcp.json"
        file.unlink(missing_ok=True)  # an agent of an earlier turn may have left a link in its place
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
            json.dump({"mcpServers": {NAME: server}}, opened, indent=2)
        return file


@contextlib.asynccontextmanager
async def tool_door(tools: Tools) -> AsyncIterator[ToolDoor]:
    """A door that is open as long as the turn is; at its end every connection is closed."""
    speaker = await asyncio.to_thread(_speaker, tools)
    folder = Path(tempfile.mkdtemp(prefix="hive-tools-"))
    if len(str(folder)) + 2 > LONGEST_SOCKET:
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix="hive-tools-", dir="/tmp"))
    try:
        server = await asyncio.start_unix_server(
            speaker.serve, folder / "s", limit=speaker.longest, start_serving=False
        )
        try:
            await server.start_serving()
            yield ToolDoor(folder / "s")
        finally:
            server.close()
            await speaker.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _speaker(tools: Tools) -> "Speaker":
    """Importing the library takes a while, so it is done beside the engine's loop."""
    from hive.agents.tools.speaking import Speaker

    return Speaker(tools)
