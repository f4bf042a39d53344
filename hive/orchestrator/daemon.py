"""The background engine: one per project, started on demand, found and kept single by an OS lock."""

import contextlib
import fcntl
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from hive.errors import HiveError
from hive.orchestrator.layout import Layout
from hive.process import detach

PATIENCE_SECONDS = 1.0
"""How long an engine waits for the lock: whoever only looks whether it is held holds it for a moment."""


START_SECONDS = 10.0
"""How long an engine that somebody else has started, or that is about to end, is waited for."""


class EngineRunningError(HiveError):
    """Another process works on the project."""


@contextlib.contextmanager
def engine_lock(layout: Layout) -> Iterator[None]:
    """The right to work on the project; the system takes it back when the process ends, however it ends."""
    layout.make()
    handle = os.open(layout.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        patience = time.monotonic() + PATIENCE_SECONDS
        while not _locked(handle):
            if time.monotonic() > patience:
                pid = _pid(handle) or "unknown"
                raise EngineRunningError(
                    f"another hive (process {pid}) works on this project already",
                    next_step="let it work and watch it (hive ls), or end that process",
                )
            time.sleep(0.02)
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _pid(handle: int) -> int | None:
    text = os.pread(handle, 32, 0).decode(errors="replace").strip()
    return int(text) if text.isdigit() else None


def engine_pid(layout: Layout) -> int | None:
    """The process that works on the project, if there is one."""
    if not layout.lock.exists():
        return None
    handle = os.open(layout.lock, os.O_RDWR | os.O_CLOEXEC)
    try:
        return None if _locked(handle) else _pid(handle)
    finally:
        os.close(handle)


def ensure_engine(layout: Layout, checkout: Path) -> bool:
    """Start a background engine unless one works or starts; it outlives this process. Whether one was started."""
    layout.make()
    handle = os.open(layout.starting, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        patience = time.monotonic() + START_SECONDS
        while not _locked(handle):  # one starts, works or is about to end
            if engine_pid(layout) is not None or time.monotonic() > patience:
                return False
            time.sleep(0.02)
        if engine_pid(layout) is not None:
            return False
        argv = [sys.executable, "-m", "hive", "engine"]
        detach(argv, cwd=checkout, env=os.environ, log=layout.engine_log, holding=[handle])
        return True
    finally:
        os.close(handle)
