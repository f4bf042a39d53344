"""What adapters are made with in tests: no key, no endpoint, no sandbox unless asked for."""

from pathlib import Path

from hive.agents.means import Means
from hive.config import UserSettings
from hive.workspaces.sandbox import NoSandbox

MEANS = Means(UserSettings(), {}, NoSandbox())


def means(url: str = "", *, sandbox=None, hidden: tuple[Path, ...] = (), **settings) -> Means:
    """For an adapter that talks to a fake server at that address."""
    environ = {"ANTHROPIC_API_KEY": "sk-ant-fake", "ANTHROPIC_BASE_URL": url}
    return Means(UserSettings(**settings), environ, sandbox or NoSandbox(), hidden)
