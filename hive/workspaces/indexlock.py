"""git's own lock on the index of a user's checkout, held for the moment in which hive updates it."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 30.0
"""Seconds that somebody else's lock is waited for; it is never removed."""
_SIGN = b"hive landing "


@contextmanager
def index_lock(git_dir: Path, run: str, patience: float | None = None) -> Iterator[Path | None]:
    """Hold `index.lock` and give a copy of the index to work on; none when somebody else keeps the lock.

    The lock says whose it is: one that a dead hive left is taken over.
    """
    lock, copy = git_dir / "index.lock", git_dir / "index.hive"
    if not _take(lock, f"{run} {os.getpid()}".encode(), PATIENCE if patience is None else patience):
        yield None
        return
    try:
        for left in (copy, copy.with_name("index.hive.lock"), copy.with_name("index.hive.probe")):
            left.unlink(missing_ok=True)
        if (git_dir / "index").exists():
            shutil.copy2(git_dir / "index", copy)  # the time stamp guards racy entries
        yield copy
    finally:
        copy.unlink(missing_ok=True)
        lock.unlink(missing_ok=True)


def _take(lock: Path, owner: bytes, patience: float) -> bool:
    deadline, pause = time.monotonic() + patience, 0.02
    while True:
        try:
            with lock.open("xb") as file:
                file.write(_SIGN + owner + b"\n")
        except FileExistsError:
            if _is_left_over(lock):
                lock.unlink(missing_ok=True)
                continue
            if time.monotonic() + pause > deadline:
                return False
            time.sleep(pause)
            pause = min(pause * 2, 2.0)
        else:
            return True


def _is_left_over(lock: Path) -> bool:
    """Whether hive wrote this lock, in a process that lives no more."""
    try:
        with lock.open("rb") as file:
            said = file.read(400)
    except OSError:
        return False
    pid = said.rsplit(b" ", 1)[-1].strip()
    if not said.startswith(_SIGN) or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return int(pid) == os.getpid()
