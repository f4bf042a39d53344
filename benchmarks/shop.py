"""The whole main job on the shop, against the sum of the test commands that it has to run."""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Ratio, compare, timed
from hive.config import FILE
from hive.config.project import parse_project
from hive.workspaces.newborn import commit_everything, start_repository

SHOP = Path(__file__).parents[1] / "examples" / "shop"
REQUEST = "add loyalty_points field"


def run() -> list[Ratio]:
    """From the sentence to the landed merge, every process counted; each time with empty state."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def hive(round_: int) -> float:
            root = prepare(folder / f"hive-{round_}")
            flags = ["--yes", "--approve-all", "--land", "--plain", "--foreground"]
            return timed(lambda: command(root, "run", REQUEST, *flags))

        def floor(round_: int) -> float:
            root = prepare(folder / f"floor-{round_}")
            config = parse_project((root / FILE).read_text())
            tests = [(root / s.path, shlex.split(s.test)) for s in config.services.values() if s.test]

            def each() -> None:
                for place, argv in tests:
                    subprocess.run(argv, cwd=place, check=True, capture_output=True, env=environment(root))

            return timed(each)

        what = ("`hive run`, six services, to the landed merge", hive)
        return [compare("main job", what, ("each service's test command once, in sequence", floor), rounds=3)]


def prepare(folder: Path) -> Path:
    """A fresh copy of the shop, known to hive."""
    root = folder / "shop"
    shutil.copytree(SHOP, root, ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache", "node_modules"))
    start_repository(root, "The shop")
    command(root, "init", "--yes")
    commit_everything(root, "hive.toml")
    return root


def environment(root: Path) -> dict[str, str]:
    """State beside the copy, and this interpreter's tools first."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return os.environ | {"HIVE_STATE_DIR": str(root.parent / "state"), "PATH": path}


def command(root: Path, *arguments: str) -> None:
    """A hive command, as a user would run it."""
    argv = [sys.executable, "-m", "hive", *arguments]
    subprocess.run(argv, cwd=root, check=True, capture_output=True, env=environment(root))
