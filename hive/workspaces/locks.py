"""Lock files that a killed git left behind in hive's own repositories; the user's locks are never touched."""

import contextlib
import os
import time
from pathlib import Path

STALE_SECONDS = 2.0
"""No git command of hive holds a lock of its own repositories this long without being seen in the process list."""
BLIND_STALE_SECONDS = 600.0
"""The same where the system does not show processes."""


def break_stale_lock(lock: Path, git_dir: Path) -> bool:
    """Remove a lock inside `git_dir` that no living process can own; whether it did."""
    try:
        age = time.time() - lock.lstat().st_mtime
        inside = lock.resolve().is_relative_to(git_dir.resolve())
    except OSError:
        return False
    limit = STALE_SECONDS if Path("/proc/self/cmdline").exists() else BLIND_STALE_SECONDS
    if not inside or 0 <= age < limit or _git_works_in(git_dir):
        return False
    with contextlib.suppress(FileNotFoundError):
        lock.unlink()
    return True


def _git_works_in(git_dir: Path) -> bool:
    wanted = os.fsencode(str(git_dir))
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            command = (entry / "cmdline").read_bytes()
            if os.path.basename(command.split(b"\0")[0]).startswith(b"git") and wanted in command:  # noqa: PTH119
                return True
    return False
