"""How Codex is started: a configuration of hive's own, the user's key and endpoint, nothing else of either."""

import re
import shutil
from pathlib import Path
from typing import Any

import tomlkit

from hive.agents.catalog import ModelDoor
from hive.agents.codex.confining import Fence
from hive.agents.means import Means
from hive.agents.session import environment
from hive.agents.tools.doorway import NAME as NAME_OF_TOOLS
from hive.agents.tools.doorway import ToolDoor
from hive.agents.way_out import WayOut
from hive.errors import HiveError
from hive.model import Assignment
from hive.process import run, trimmed_environment
from hive.text import decode, one_line

INSTALL = "npm install -g @openai/codex"
NEEDED = (0, 169, 0)
"""The oldest version that the adapter was tried with."""
KEY = "OPENAI_API_KEY"
DOOR = ModelDoor(
    base_url="OPENAI_BASE_URL",
    address="https://api.openai.com/v1",
    keys=(KEY,),
)
"""Codex finds a stand-in where its key would be, and hive's proxy at the model's address."""
APPROVALS = "on-request"
"""Codex asks to leave its sandbox and nothing else. Where it asks before each command, a yes also lets a command
that has failed in the sandbox run again without it."""
PASSED = (
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "https_proxy",
    "http_proxy",
    "no_proxy",
    "CODEX_CA_CERTIFICATE",
)
_PROVIDER = "hive"
_VERSION = re.compile(r"(\d{1,6})\.(\d{1,6})\.(\d{1,6})")
_OFF = (
    "apps", "browser_use", "browser_use_external", "computer_use", "daemon_auto_start", "goals", "hooks",
    "image_generation", "plugins", "remote_plugin", "tool_suggest",
    "unbounded_connection_retries",
)  # fmt: skip


def home(assignment: Assignment) -> Path:
    """Codex's own folder for this session: its threads are in it. Not below TMPDIR, where its sandbox breaks."""
    return Path(assignment.home) / "codex"


def handed_on(means: Means) -> dict[str, str]:
    """What of the user's environment and settings leads to the model."""
    key = means.settings.openai(means.environ)
    address = {DOOR.base_url: means.environ.get(DOOR.base_url) or DOOR.address}
    return address | ({KEY: key} if key else {})


def environ(assignment: Assignment, means: Means, out: WayOut) -> dict[str, str]:
    """The environment of the program. Its commands get none of it: see `configuration`."""
    proxies = PASSED if out.network == "open" else ()
    return {
        **{name: means.environ[name] for name in proxies if name in means.environ},
        **out.variables,
        **environment(assignment),
        "CODEX_HOME": str(home(assignment)),
        "RUST_LOG": "error",
    }


def server(command: tuple[str, ...]) -> list[str]:
    """The argv of the app server: the model's address is known only where it runs."""
    address = f"model_providers.{_PROVIDER}.base_url=${DOOR.base_url}"
    return ["sh", "-c", f'exec "$@" app-server -c "{address}"', "sh", *command]


def configuration(assignment: Assignment, means: Means, held: Fence, retries: int, door: ToolDoor) -> str:
    """The text of `config.toml`: no key is in it, and what the repository would set is not asked."""
    workspace = Path(assignment.workspace)
    service = workspace / assignment.service.path
    folders = [each for each in (service, *service.parents) if each.is_relative_to(workspace)]
    provider = {
        "name": _PROVIDER,
        "base_url": DOOR.address,
        "env_key": KEY,
        "wire_api": "responses",
        "request_max_retries": retries,
        "stream_max_retries": retries,
    }
    chosen: dict[str, Any] = {"model": means.settings.model} if means.settings.model else {}
    return tomlkit.dumps(
        {
            **chosen,
            "model_provider": _PROVIDER,
            "sandbox_mode": held.mode,
            "approval_policy": APPROVALS,
            "check_for_update_on_startup": False,
            "project_doc_max_bytes": 0,  # the project's guide is in the brief
            "web_search": "disabled",
            "analytics": {"enabled": False},
            "history": {"persistence": "none"},
            "agents": {"enabled": False},
            "features": dict.fromkeys(_OFF, False),
            "model_providers": {_PROVIDER: provider},
            "mcp_servers": {NAME_OF_TOOLS: _tools(door)},
            "shell_environment_policy": {"inherit": "none", "set": environment(assignment)},
            "sandbox_workspace_write": {
                "exclude_slash_tmp": True,
                "exclude_tmpdir_env_var": False,  # a folder of the session's own
                "network_access": False,
            },
            "skills": {"include_instructions": False, "bundled": {"enabled": False}},
            # Named, as Codex trusts by itself a folder that it may write to.
            "projects": {path: {"trust_level": "untrusted"} for path in _spelled(folders)},
        }
    )


def _tools(door: ToolDoor) -> dict[str, Any]:
    """hive's own tools: nobody needs to be asked before one is used."""
    program, *arguments = door.argv
    return {"command": program, "args": arguments, "default_tools_approval_mode": "approve"}


def _spelled(folders: list[Path]) -> list[str]:
    """Every folder as it is named here, and as the system names it."""
    return list(dict.fromkeys(str(path) for each in folders for path in (each, each.resolve())))


def written(assignment: Assignment, text: str) -> None:
    """Put the configuration in its place; what Codex itself adds to it does not outlive the turn."""
    folder = home(assignment)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "config.toml").write_text(text, "utf-8")


def too_old(told: str) -> str | None:
    """Why the version in these words cannot be used; none when it can."""
    needed = ".".join(map(str, NEEDED))
    found = _VERSION.search(told)
    if found is None:
        return f"'codex' does not tell its version (it says {one_line(told, 100)!r}); hive needs {needed}; {INSTALL}"
    if tuple(map(int, found.groups())) < NEEDED:
        return f"'codex' {found.group()} is too old: hive needs {needed} or newer; {INSTALL}"
    return None


def not_installed(program: str) -> str | None:
    """How to get the program, where there is none."""
    return f"{program!r} is not installed; {INSTALL}" if shutil.which(program) is None else None


def program_missing(program: str = "codex") -> str | None:
    """Why the program cannot be used here, found out by asking for its version."""
    if missing := not_installed(program):
        return missing
    try:
        done = run([program, "--version"], cwd=Path("/"), env=trimmed_environment(), timeout=20.0)
    except HiveError as error:
        return error.message
    if not done.ok:
        return f"'codex --version' ended with {done.code}: {one_line(decode(done.stderr), 200)}; {INSTALL}"
    return too_old(decode(done.stdout))
