"""The installed command as a user drives it: processes, exit codes, real files."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hive.workspaces.newborn import commit_everything, start_repository

SHOP = Path(__file__).parents[2] / "examples" / "shop"
IGNORED = shutil.ignore_patterns("__pycache__", ".pytest_cache", "node_modules")


@dataclass
class Hive:
    """A project folder with the `hive` command in it, and state of its own."""

    root: Path
    state: Path
    env: dict[str, str] = field(default_factory=dict)

    def environment(self, **more: str) -> dict[str, str]:
        """What the command is given: this interpreter's tools first, nothing of the developer's hive."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("HIVE_", "XDG_"))}
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        home = self.state.parent / "home"
        home.mkdir(exist_ok=True)
        mine = {"PATH": path, "HOME": str(home), "HIVE_STATE_DIR": str(self.state), "HIVE_ENGINE_IDLE": "1"}
        return clean | mine | self.env | more

    def __call__(self, *arguments: str, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; whatever its exit code, it is for the test to judge."""
        return subprocess.run(
            [sys.executable, "-m", "hive", *arguments],
            cwd=self.root,
            env=self.environment(**more),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def lines(self, *arguments: str) -> list[dict[str, Any]]:
        """The JSON lines that a command prints."""
        return [json.loads(line) for line in self(*arguments, "--json").stdout.splitlines()]

    def git(self, *arguments: str) -> str:
        """git as the user would run it."""
        done = subprocess.run(["git", *arguments], cwd=self.root, check=True, capture_output=True, text=True)
        return done.stdout.strip()


def shop(folder: Path) -> Hive:
    """The example shop as a user's repository, with a committed hive.toml."""
    hive = Hive(folder / "shop", folder / "state")
    shutil.copytree(SHOP, hive.root, ignore=IGNORED)
    start_repository(hive.root, "The shop")
    done = hive("init", "--yes")
    assert done.returncode == 0, done.stderr
    commit_everything(hive.root, "Tell hive about the shop")
    return hive
