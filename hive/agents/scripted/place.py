"""Where the script is; importable without paying for the schema."""

import os
from pathlib import Path

SCRIPT_VARIABLE = "HIVE_SCRIPT"


def script_path() -> Path | None:
    """The file that the environment names, whether or not it is there."""
    named = os.environ.get(SCRIPT_VARIABLE)
    return Path(named).absolute() if named else None


def missing_script() -> str | None:
    """Why there is no script to play, and what to do about it."""
    path = script_path()
    if path is None:
        return f"{SCRIPT_VARIABLE} is not set; let it name a JSON or TOML script"
    if not path.is_file():
        return f"{SCRIPT_VARIABLE} names {str(path)!r}, which is not a file; correct it"
    return None
