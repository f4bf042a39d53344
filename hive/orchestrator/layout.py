"""Where hive keeps a project's state: one private folder, outside every checkout."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Layout:
    """The folder of one project."""

    root: Path

    def make(self) -> None:
        """Create the folder, readable by its owner alone."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def database(self) -> Path:
        """Events, evidence, trust."""
        return self.root / "hive.db"

    @property
    def engine_database(self) -> Path:
        """The durable engine's own records."""
        return self.root / "engine.db"

    @property
    def lock(self) -> Path:
        """Held by the one engine that works on the project."""
        return self.root / "engine.lock"

    @property
    def starting(self) -> Path:
        """Held by a background engine from before it is ready until its process has ended."""
        return self.root / "engine.starting"

    @property
    def engine_log(self) -> Path:
        """What a background engine prints."""
        return self.root / "engine.log"

    @property
    def planned(self) -> Path:
        """The last plan that a model made."""
        return self.root / "planned.json"

    @property
    def objects(self) -> Path:
        """hive's own bare repository."""
        return self.root / "hive.git"

    @property
    def workspaces(self) -> Path:
        """One folder per run, one per service in it."""
        return self.root / "workspaces"

    def workspace(self, run: str, service: str) -> Path:
        """A service's worktree and its private repository."""
        return self.workspaces / run / service

    def home(self, run: str, service: str) -> Path:
        """An agent's HOME, kept between its turns."""
        return self.root / "homes" / run / service

    def memory(self, run: str, service: str) -> Path:
        """What is kept of an agent's session, where the agent cannot write."""
        return self.root / "sessions" / run / service

    def outputs(self, run: str) -> Path:
        """Whole outputs of a run's checks."""
        return self.root / "runs" / run

    def scratch(self, run: str) -> Path:
        """Exports for checks, gone when a check ends."""
        return self.root / "scratch" / run
