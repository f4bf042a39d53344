"""How Codex is started: a configuration of hive's own, the user's key and endpoint, nothing else of either."""

import re
import shutil
from pathlib import Path
from typing import Any

import tomlkit

from hive.agents.codex.confining import Fence
from hive.agents.means import Means
from hive.agents.session import environment
from hive.errors import HiveError
from hive.model import Assignment
from hive.process import run, trimmed_environment
from hive.text import decode, one_line

INSTALL = "npm install -g @openai/codex"
NEEDED = (0, 169, 0)
"""The oldest version that the adapter was tried with."""
KEY = "OPENAI_API_KEY"
ENDPOINT = "https://api.openai.com/v1"
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
_VERSION = re.compile(r"(\d{1,6})\.(\d{1,6})\.(\d{1,6})")
_OFF = (
    "apps", "browser_use", "browser_use_external", "computer_use", "daemon_auto_start", "goals", "hooks",
    "image_generation", "plugins", "remote_plugin", "tool_suggest",
    "unbounded_connection_retries",
)  # fmt: skip


def home(assignment: Assignment) -> Path:
    """Codex's own folder for this session: its threads are in it. Not below TMPDIR, where its sandbox breaks."""
    return Path(assignment.home) / "codex"


def given(assignment: Assignment, means: Means) -> dict[str, str]:
    """The environment of the program. Its commands get none of it: see `configuration`."""
    passed = {name: means.environ[name] for name in PASSED if name in means.environ}
    key = means.settings.openai(means.environ)
    return {
        **passed,
        **environment(assignment),
        **({KEY: key} if key else {}),
        "CODEX_HOME": str(home(assignment)),
        "RUST_LOG": "error",
    }


def configuration(assignment: Assignment, means: Means, held: Fence, retries: int) -> str:
    """The text of `config.toml`: no key is in it, and what the repository would set is not asked."""
    provider = {
        "name": "hive",
        "base_url": means.environ.get("OPENAI_BASE_URL") or ENDPOINT,
        "env_key": KEY,
        "wire_api": "responses",
        "request_max_retries": retries,
        "stream_max_retries": retries,
    }
    chosen: dict[str, Any] = {"model": means.settings.model} if means.settings.model else {}
    return tomlkit.dumps(
        {
            **chosen,
            "model_provider": "hive",
            "sandbox_mode": held.mode,
            "approval_policy": APPROVALS,
            "check_for_update_on_startup": False,
            "project_doc_max_bytes": 0,  # the project's guide is in the brief
            "web_search": "disabled",
            "analytics": {"enabled": False},
            "history": {"persistence": "none"},
            "agents": {"enabled": False},
            "features": dict.fromkeys(_OFF, False),
            "model_providers": {"hive": provider},
            "shell_environment_policy": {"inherit": "none", "set": environment(assignment)},
            "sandbox_workspace_write": {
                "exclude_slash_tmp": True,
                "exclude_tmpdir_env_var": False,  # a folder of the session's own
                "network_access": False,
            },
            "projects": {assignment.workspace: {"trust_level": "untrusted"}},
        }
    )


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


def program_missing(program: str = "codex") -> str | None:
    """Why the program cannot be used here, found out by asking for its version."""
    if shutil.which(program) is None:
        return f"{program!r} is not installed; {INSTALL}"
    try:
        done = run([program, "--version"], cwd=Path("/"), env=trimmed_environment(), timeout=20.0)
    except HiveError as error:
        return error.message
    if not done.ok:
        return f"'codex --version' ended with {done.code}: {one_line(decode(done.stderr), 200)}; {INSTALL}"
    return too_old(decode(done.stdout))
