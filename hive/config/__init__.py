"""hive's settings: the project's `hive.toml` < the user's own file < the environment < flags."""

from hive.config.forge import ForgeKind, ForgeSettings
from hive.config.project import FILE, ProjectConfig, parse_project
from hive.config.user import UserSettings, load_user, user_file

__all__ = [
    "FILE",
    "ForgeKind",
    "ForgeSettings",
    "ProjectConfig",
    "UserSettings",
    "load_user",
    "parse_project",
    "user_file",
]
