"""No sandbox: shown to people as no isolation at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hive.ports import Confinement
from hive.workspaces.sandbox.doorway import through


@dataclass
class NoSandbox:
    """Runs commands as they are; a door still keeps keys out of them, and no list holds whoever goes around it."""

    name: str = "none"

    def wrap(self, argv: Sequence[str], *, cwd: Path, allow: Confinement) -> list[str]:
        """The command itself."""
        return through(argv, allow.network)
