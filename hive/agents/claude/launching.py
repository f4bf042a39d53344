"""How Claude Code is started: led to the user's own model, without its key, and with nothing else of theirs."""

import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from hive.agents.catalog import ModelDoor
from hive.agents.holding import hold, led
from hive.agents.means import Means
from hive.agents.session import environment
from hive.errors import UsageError
from hive.model import Assignment
from hive.process import KEPT
from hive.warden import warded

PASSED = (
    "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL", "CLAUDE_CODE_OAUTH_TOKEN",
    "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "no_proxy", "NODE_EXTRA_CA_CERTS",
)  # fmt: skip
DOOR = ModelDoor(
    base_url="ANTHROPIC_BASE_URL",
    address="https://api.anthropic.com",
    keys=("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"),
)
_QUIET = {
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "DISABLE_AUTOUPDATER": "1",
    "DISABLE_TELEMETRY": "1",
    "DISABLE_ERROR_REPORTING": "1",
}


_LAUNCHER = """\
#!{python} -IS
import os, sys
for name in {foreign!r}:
    os.environ.pop(name, None)
argv = {argv!r}
os.execv(argv[0], [*argv, *sys.argv[1:]])
"""


def settings_folder(assignment: Assignment) -> Path:
    """Claude Code's own folder for this session alone: its transcripts are in it."""
    return Path(assignment.home) / "claude"


@asynccontextmanager
async def led_to_its_model(means: Means) -> AsyncIterator[dict[str, str]]:
    """What of the user's environment and settings leads to the model: stand-ins for keys, and hive's proxy."""
    passed = {name: means.environ[name] for name in PASSED if name in means.environ}
    key = means.settings.key(means.environ)
    held = hold(passed | ({"ANTHROPIC_API_KEY": key} if key else {}), (DOOR,), means.environ)
    async with led(held, _unheard) as variables:
        direct = [variables.get(name, "") for name in ("no_proxy", "NO_PROXY")]
        near = ",".join([*dict.fromkeys(filter(None, direct)), "127.0.0.1", "localhost"])
        yield variables | dict.fromkeys(("no_proxy", "NO_PROXY"), near)


async def _unheard(what: str) -> None:
    """Its one door leads to one model; whoever else comes is nobody of the session."""


def given(assignment: Assignment, leading: Mapping[str, str], retries: int) -> dict[str, str]:
    """The environment of the program."""
    return {
        **environment(assignment),
        **leading,
        **_QUIET,
        "CLAUDE_CONFIG_DIR": str(settings_folder(assignment)),
        "CLAUDE_CODE_MAX_RETRIES": str(retries),
    }


def launcher(assignment: Assignment, program: Path, env: Mapping[str, str]) -> Path:
    """A program that starts Claude Code to end with this process, and without what the SDK lets through.

    The SDK hands on all of this process's own environment. Only names are in the file, no values.
    """
    foreign = sorted(name for name in os.environ if name not in env and name not in KEPT)
    path = Path(assignment.home) / "start-claude"
    path.write_text(_LAUNCHER.format(python=sys.executable, foreign=foreign, argv=warded([str(program)])))
    path.chmod(0o700)
    return path


def bundled() -> Path:
    """The program in the SDK's wheel. Raises UsageError when the wheel has none for this system."""
    import claude_agent_sdk

    path = Path(claude_agent_sdk.__file__).parent / "_bundled" / "claude"
    if not path.is_file():
        raise UsageError(
            f"the installed claude-agent-sdk carries no Claude Code for this system ({str(path)!r} is missing)",
            next_step="install its wheel for this system: pip install --force-reinstall 'hive-orchestrator[claude]'",
        )
    return path
