"""Where settings are kept."""

from pathlib import Path

FILE = "hive.toml"
"""The project's, at the root of the repository."""


def user_file() -> Path:
    """The user's own settings."""
    from platformdirs import user_config_path

    return user_config_path("hive") / "config.toml"
