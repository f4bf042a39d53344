"""The user's own settings: their file, then the environment."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from hive.config.forge import ForgeSettings
from hive.errors import UsageError


def user_file() -> Path:
    """The user's own settings."""
    from platformdirs import user_config_path

    return user_config_path("hive") / "config.toml"


class UserSettings(BaseSettings):
    """The user's own settings: `config.toml` in their configuration folder, then `HIVE_…` in the environment."""

    model_config = SettingsConfigDict(env_prefix="HIVE_", extra="ignore", frozen=True)

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

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags win over the environment, which wins over the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, user_file())

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


def load_user() -> UserSettings:
    """The user's settings. Raises UsageError naming the key."""
    try:
        return UserSettings()
    except ValidationError as error:
        raise UsageError(
            f"settings: {first_problem(error)}", next_step=f"correct {user_file()} or the HIVE_ variable"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{user_file()} is not TOML: {error}", next_step=f"correct {user_file()}") from error


def first_problem(error: ValidationError) -> str:
    """The first thing that is wrong with settings: key, reason, value."""
    problem = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in problem["loc"]) or "the file"
    return f"{key}: {problem['msg']} (got {problem['input']!r:.80})"
