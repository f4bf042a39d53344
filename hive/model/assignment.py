"""What an agent is given."""

from typing import Literal

from hive.model.contract import Change, Entity
from hive.model.intent import Intent
from hive.model.project import Service
from hive.model.value import Fact, Value


class Feedback(Fact):
    """Why work comes back to the agent that did it."""

    source: Literal["check", "scope", "review", "contract", "conflict", "union"]
    text: str


class Assignment(Value):
    """Everything that one turn of an agent is given."""

    run: str
    service: Service
    turn: int
    """1 for the first turn of a session; each rework is one more."""
    workspace: str
    """Absolute path of the git worktree; the service is at `workspace/service.path`."""
    brief: str
    guide: str = ""
    """The project's and the service's CLAUDE.md, in that order."""
    intent: Intent | None = None
    siblings: tuple[str, ...] = ()
    entity: Entity | None = None
    """The entity as it is in the new contract."""
    changes: tuple[Change, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    home: str
    """Absolute path of a private folder for the agent's HOME, TMPDIR and settings; kept between turns."""
    memory: str = ""
    """Absolute path of a folder for what the session should know again later; no agent can write there."""
    network: tuple[str, ...] = ()
    """Registries that the project asks for and a person trusted it with."""
    idle_timeout: float
    turn_timeout: float
