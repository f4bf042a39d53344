"""What adapters are made with: the user's own settings and environment, and what confines commands here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hive.agents.account import Account
from hive.agents.budget import Budgets
from hive.agents.quota import Quotas
from hive.agents.starting import Starting
from hive.config import UserSettings
from hive.ports import Sandbox
from hive.redaction import Redactor


@dataclass(frozen=True)
class Means:
    """Nothing in it comes from a project: endpoints, models and keys are the user's own."""

    settings: UserSettings
    environ: Mapping[str, str]
    sandbox: Sandbox
    hidden: tuple[Path, ...] = ()
    """Folders that no agent may see, such as hive's own state."""
    redactor: Redactor = field(default_factory=Redactor)
    """Takes secrets out of what a session keeps."""
    budgets: Budgets = field(default_factory=Budgets)
    quotas: Quotas = field(default_factory=Quotas)
    starting: Starting = field(default_factory=Starting)

    def account(self, run: str, endpoint: str, key: str = "") -> Account:
        """What the sessions of a run share, and those of the same key at the same endpoint."""
        return Account(self.budgets.of(run), self.quotas.of(endpoint, key))

    @property
    def asks(self) -> bool:
        """Whether a person is asked for what the policy refuses."""
        return self.settings.permissions == "ask"

    @property
    def confines(self) -> bool:
        """Whether a command can be confined on this machine."""
        return self.sandbox.name != "none"
