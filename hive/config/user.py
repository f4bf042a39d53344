"""The user's own settings: their file, then the environment."""

import json
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_origin

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from hive.config.files import user_file
from hive.config.forge import ForgeSettings
from hive.errors import UsageError

PREFIX = "HIVE_"


class UserSettings(BaseModel):
    """The user's own settings: `config.toml` in their configuration folder, then `HIVE_…` in the environment."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    agent: str = "propagate"
    """Agent that works when none is named."""
    model: str | None = None
    """Model that agents with a choice use; each has its own default."""
    anthropic_key: SecretStr | None = None
    """Key of the Messages API, where `ANTHROPIC_API_KEY` is not set."""
    openai_key: SecretStr | None = None
    """Key of the agent `codex`, where `OPENAI_API_KEY` is not set."""
    planner: Literal["auto", "grammar", "model"] = "auto"
    """What plans: `grammar` without a model, `model`, or `auto`: the model for what grammar does not understand."""
    command: str | None = None
    """Command line of the agent `command`; `{brief_file}` and `{workspace}` in it are filled in."""
    acp_command: str | None = None
    """Command line of the agent `acp`: any program that speaks the Agent Client Protocol."""
    command_env: tuple[str, ...] = ()
    """Names of environment variables that agents which are programs of others are given, such as their keys."""
    network: tuple[str, ...] = ()
    """Hosts that confined commands may reach besides an agent's model: `host:port`, registries, or `open` for all."""
    permissions: Literal["policy", "ask"] = "policy"
    """Whether agents may ask a person for what their policy refuses, and put questions; unanswered is refused."""
    answer_timeout: float = Field(default=1800.0, gt=0)
    """Seconds that an agent waits for an answer."""
    notify: tuple[SecretStr, ...] = ()
    """Where you are told that a run needs you or has landed: addresses of Apprise, such as `ntfy://ntfy.sh/my-topic`."""
    sandbox: Literal["auto", "bubblewrap", "seatbelt", "none"] = "auto"
    """How commands are confined; `auto` takes the strongest that works here."""
    memory_limit: int = Field(default=8192, ge=0)
    """MiB of memory that a test command or a confined agent may take; 0 for no limit."""
    process_limit: int = Field(default=1024, ge=0)
    """Processes and threads of one at a time; 0 for no limit."""
    file_limit: int = Field(default=4096, ge=0)
    """MiB of the largest file that one may write; 0 for no limit."""
    state_dir: Path | None = None
    """Where hive keeps its state; the XDG state folder when not given."""
    check_network: bool = False
    """Whether test commands may use the network."""
    lock_patience: float = Field(default=30.0, ge=0)
    """Seconds that a database which another process holds is waited for."""
    forges: dict[str, ForgeSettings] = {}
    """Forges besides github.com and gitlab.com, by host."""
    push_hooks: bool = False
    """Whether a landing that pushes runs your own `pre-push` hook."""
    engine_idle: float = Field(default=20.0, ge=0)
    """Seconds without work after which the background engine ends."""

    def key(self, environ: Mapping[str, str]) -> str:
        """The key of the Messages API, empty when there is none; it is given to no child process."""
        return environ.get("ANTHROPIC_API_KEY") or (
            self.anthropic_key.get_secret_value() if self.anthropic_key else ""
        )

    def openai(self, environ: Mapping[str, str]) -> str:
        """The key of the Responses API, empty when there is none."""
        return environ.get("OPENAI_API_KEY") or (
            self.openai_key.get_secret_value() if self.openai_key else ""
        )

    def state_root(self) -> Path:
        """The folder that holds one folder per project."""
        from platformdirs import user_state_path

        return (self.state_dir or user_state_path("hive")).expanduser().absolute()


def load_user(environ: Mapping[str, str] = os.environ) -> UserSettings:
    """The user's settings. Raises UsageError naming the key."""
    file = user_file()
    try:
        return UserSettings.model_validate({**_read(file), **_variables(environ)})
    except ValidationError as error:
        raise UsageError(
            f"settings: {first_problem(error)}", next_step=f"correct {file} or the {PREFIX} variable"
        ) from error


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} is not TOML: {error}", next_step=f"correct {file}") from error


def _variables(environ: Mapping[str, str]) -> dict[str, Any]:
    """What the environment sets, by key; lists and tables are written as JSON there."""
    found: dict[str, Any] = {}
    for key, field in UserSettings.model_fields.items():
        name = f"{PREFIX}{key.upper()}"
        if name in environ:
            listed = get_origin(field.annotation) in (tuple, dict)
            found[key] = _json(name, environ[name]) if listed else environ[name]
    return found


def _json(name: str, said: str) -> object:
    try:
        return json.loads(said)
    except ValueError as error:
        raise UsageError(
            f"settings: {name} is not JSON: {error} (got {said!r:.80})",
            next_step=f'write it as JSON, such as {name}=\'["one", "two"]\'',
        ) from error


def first_problem(error: ValidationError) -> str:
    """The first thing that is wrong with settings: key, reason, value."""
    problem = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in problem["loc"]) or "the file"
    return f"{key}: {problem['msg']} (got {problem['input']!r:.80})"
