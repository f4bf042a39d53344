"""The background engine: one at a time, however many ask for it at once; another one when it has died."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hive.cli.compose import open_project
from hive.orchestrator.daemon import engine_pid, ensure_engine
from hive.orchestrator.layout import Layout


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A repository, and where hive keeps the state of it."""
    monkeypatch.setenv("HIVE_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("HIVE_ENGINE_IDLE", "600")
    root = tmp_path / "shop"
    root.mkdir()
    for argv in (["init", "-q", "-b", "main"], ["commit", "-q", "--allow-empty", "-m", "first"]):
        subprocess.run(["git", *argv], cwd=root, check=True)
    with open_project(root) as opened:
        layout = opened.layout
    yield layout, root
    if pid := engine_pid(layout):
        os.kill(pid, signal.SIGKILL)


def running(layout: Layout) -> int:
    """The engine's process, as soon as it works."""
    until = time.monotonic() + 60
    while (pid := engine_pid(layout)) is None:
        assert time.monotonic() < until, layout.engine_log.read_text()
        time.sleep(0.02)
    return pid


def gone(pid: int) -> None:
    until = time.monotonic() + 60
    while Path(f"/proc/{pid}").exists() and "State:\tZ" not in Path(f"/proc/{pid}/status").read_text():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_many_that_ask_at_once_start_one_engine_and_a_dead_one_is_replaced(project):
    layout, root = project
    with ThreadPoolExecutor(8) as clients:
        started = list(clients.map(lambda _: ensure_engine(layout, root), range(8)))
    assert started.count(True) == 1
    first = running(layout)
    assert ensure_engine(layout, root) is False
    os.kill(first, signal.SIGKILL)
    gone(first)
    assert ensure_engine(layout, root) is True
    assert running(layout) != first
