"""What adapters are made with: the user's own settings and environment, and what confines commands here."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hive.config import UserSettings
from hive.ports import Sandbox


@dataclass(frozen=True)
class Means:
    """Nothing in it comes from a project: endpoints, models and keys are the user's own."""

    settings: UserSettings
    environ: Mapping[str, str]
    sandbox: Sandbox
    hidden: tuple[Path, ...] = ()
    """Folders that no agent may see, such as hive's own state."""

    @property
    def confines(self) -> bool:
        """Whether a command can be confined on this machine."""
        return self.sandbox.name != "none"
