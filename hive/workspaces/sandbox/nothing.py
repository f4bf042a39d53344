"""No sandbox: shown to people as no isolation at all."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hive.ports import Confinement
from hive.warden import warded
from hive.workspaces.sandbox.doorway import through
from hive.workspaces.sandbox.limits import UNLIMITED, Groups, Limits, too_large


@dataclass
class NoSandbox:
    """Runs commands as they are; a door still keeps keys out of them, and no list holds whoever goes around it."""

    name: str = "none"
    limits: Limits = UNLIMITED
    groups: Groups = field(default_factory=lambda: Groups(None))

    def wrap(self, argv: Sequence[str], *, cwd: Path, allow: Confinement) -> list[str]:
        """The command itself, with a warden in place of the process space that would end with it."""
        held = self.limits.hold(through(argv, allow.network), alone=False)
        return warded(self.groups.join(self.limits, held))

    def met(self, argv: Sequence[str], code: int) -> str:
        """Which limit a command that has ended has met."""
        return self.groups.met(argv, self.limits) or too_large(code, self.limits)
