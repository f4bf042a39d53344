"""hive's settings: the project's `hive.toml` < the user's own file < the environment < flags.

The shape of a `hive.toml` is in `project`, which most commands need not import.
"""

from hive.config.files import FILE, user_file
from hive.config.forge import ForgeKind, ForgeSettings
from hive.config.user import UserSettings, load_user

__all__ = ["FILE", "ForgeKind", "ForgeSettings", "UserSettings", "load_user", "user_file"]
