"""`hive tui` in a real terminal: the whole main job by keys, with a real engine and real tests."""

import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.hive_command import Hive, shop

pytestmark = pytest.mark.e2e
PATIENCE_SECONDS = 90


class Terminal:
    """A tmux of its own: keys in, picture out."""

    def __init__(self, hive: Hive, socket: Path) -> None:
        self.hive = hive
        self.socket = socket

    def tmux(self, *words: str) -> str:
        done = subprocess.run(
            ["tmux", "-S", str(self.socket), "-f", "/dev/null", *words],
            env=self.hive.environment(TERM="xterm-256color"), cwd=self.hive.root,
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout

    def open(self, *arguments: str, size: str = "120x40") -> None:
        width, _, height = size.partition("x")
        command = shlex.join([sys.executable, "-m", "hive", *arguments])
        script = f"{command}; echo ended with $?; exec cat"
        self.tmux("new-session", "-d", "-s", "t", "-x", width, "-y", height, "sh", "-c", script)

    @property
    def text(self) -> str:
        return self.tmux("capture-pane", "-p", "-t", "t")

    def shows(self, *words: str) -> str:
        """Wait until all of it is on the screen."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            shown = self.text
            if all(word in shown for word in words):
                return shown
        raise AssertionError(f"{words} never appeared; on the screen:\n{self.text}")

    def press(self, *keys: str) -> None:
        self.tmux("send-keys", "-t", "t", *keys)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    for tool in ("tmux", "node"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed: the dashboard cannot be driven in a real terminal")
    hive = shop(tmp_path)
    made = Terminal(hive, tmp_path / "tmux")
    yield made
    subprocess.run(["tmux", "-S", str(made.socket), "kill-server"], capture_output=True, check=False)


def reworked(hive: Hive, run: str) -> list[str]:
    """Waits for the services that have had another turn, and wait for the person again."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        tasks = hive.lines("show", run)[0]["tasks"]
        found = [task["service"] for task in tasks if task["turn"] > 1 and task["phase"] == "stuck"]
        if found:
            return found
    logged = hive("logs", run).stdout[-3000:]
    raise AssertionError(f"nothing was reworked: {logged}")


def test_a_run_is_watched_commented_reworked_approved_and_landed_by_keys(terminal: Terminal):
    hive = terminal.hive
    started = hive("run", "add loyalty_points field", "--yes", "--detach")
    run = started.stdout.split()[-1]
    terminal.open("tui")
    terminal.shows("needs you (5)", "users", "c comment")
    terminal.press("v")
    terminal.shows(f"review of {run}", "loyalty_points")
    terminal.press("c")
    terminal.shows("What should")
    terminal.press("-l", "please look at it once more")
    terminal.press("Enter")
    terminal.shows("sent back with your comment")
    assert len(reworked(hive, run)) == 1
    terminal.press("Escape")
    terminal.shows("needs you (5)")
    terminal.press("Tab")
    terminal.shows("s stop")
    terminal.press("a")
    terminal.shows("needs you (1)", "stuck", "cannot follow a person's remarks")
    terminal.press("Tab")
    terminal.shows("c comment")
    terminal.press("a")
    terminal.shows("needs you (1)", "land the changeset")
    terminal.press("l")
    terminal.shows("Land add loyalty_points field on main?")
    terminal.press("y")
    terminal.shows("landed", "Nothing needs you")
    terminal.press("C-q")
    terminal.shows("ended with 0")
    assert (
        hive.git("log", "--first-parent", "--format=%s", "main").splitlines()[0] == "add loyalty_points field"
    )


def test_the_dashboard_without_a_terminal_names_the_commands_that_need_none(tmp_path: Path):
    hive = shop(tmp_path)
    done = hive("tui")
    assert done.returncode == 3
    assert "hive ls" in done.stderr


def test_an_unknown_run_is_refused_before_anything_is_drawn(terminal: Terminal):
    terminal.open("tui", "nope1")
    shown = terminal.shows("ended with 2", "there is no run 'nope1'")
    assert "next: choose one of" in shown
