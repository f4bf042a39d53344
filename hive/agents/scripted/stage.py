"""Where one turn of a script is played: its folders, its environment, its markers and its journal."""

import asyncio
import json
import os
from pathlib import Path
from urllib.parse import quote

from hive.agents.session import environment
from hive.errors import HiveError
from hive.model import Assignment

POLL_SECONDS = 0.01


class Stage:
    """The workspace of one turn, and the marker folder that it shares with whoever directs the play."""

    def __init__(self, assignment: Assignment, markers: Path) -> None:
        self.assignment = assignment
        self.workspace = Path(assignment.workspace)
        self.folder = self.workspace / assignment.service.path
        self.markers = markers
        self.environment = environment(assignment)
        markers.mkdir(parents=True, exist_ok=True)

    def target(self, path: str) -> Path:
        """A file to write. Raises HiveError when the path, links followed, is outside the workspace."""
        return self._inside(path, (self.folder / path).resolve())

    def entry(self, path: str) -> Path:
        """A directory entry to make or delete; its own link is not followed, those before it are."""
        named = self.folder / path
        return self._inside(path, named.parent.resolve() / named.name)

    def _inside(self, path: str, found: Path) -> Path:
        root = self.workspace.resolve()
        if found == root or not found.is_relative_to(root):
            raise HiveError(
                f"the path {path!r} is outside the workspace", next_step="name a file inside the workspace"
            )
        return found

    def journal(self, index: int, do: str, at: str) -> None:
        """Add one line to `journal.jsonl`, in one write: many processes may play at the same time."""
        a = self.assignment
        entry = {"run": a.run, "service": a.service.name, "turn": a.turn, "action": index, "do": do, "at": at}
        handle = os.open(self.markers / "journal.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, json.dumps(entry).encode() + b"\n")
        finally:
            os.close(handle)

    async def hold(self, name: str) -> None:
        """Say that this point is reached, then wait until somebody releases it."""
        (self.markers / f"{name}.held").touch()
        release = self.markers / f"{name}.release"
        while not release.exists():
            await asyncio.sleep(POLL_SECONDS)

    def release(self, name: str) -> None:
        """Let whoever holds at `name` go on, now or when they get there."""
        (self.markers / f"{name}.release").touch()

    def first_time(self, index: int) -> bool:
        """Whether this action of this turn has never asked before, in any process."""
        a = self.assignment
        name = quote(f"{a.run}-{a.service.name}-{a.turn}-{index}", safe="")
        try:
            (self.markers / f"{name}.crashed").touch(exist_ok=False)
        except FileExistsError:
            return False
        return True
