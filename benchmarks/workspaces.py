"""Preparing a workspace per service of a large repository, against as many bare `git worktree add`."""

import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.measure import Ratio, compare, timed
from hive.workspaces.repository import UserRepository
from hive.workspaces.store import ObjectStore
from hive.workspaces.worktree import Workspace

SERVICES = 50
FILES = 400
WORKSPACES = 8
PARALLEL = 2
LINE = "the quick brown fox jumps over the lazy dog, as it did in every other file of this repository\n"


def run() -> list[Ratio]:
    """In parallel as hive does it, on both sides."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        root = make_repository(folder / "big")
        user = UserRepository.open(root)
        store = ObjectStore.open(folder / "state" / "hive.git", user)
        commit = user.head()

        def hive(round_: int) -> float:
            places = [folder / "hive" / str(round_) / str(n) for n in range(WORKSPACES)]

            def make(n: int) -> None:
                Workspace.create(store, places[n], commit, (f"services/s{n}", "contracts"))

            seconds = timed(lambda: _together(make))
            shutil.rmtree(folder / "hive" / str(round_))
            return seconds

        def floor(round_: int) -> float:
            places = [folder / "bare" / f"{round_}-{n}" for n in range(WORKSPACES)]

            def make(n: int) -> None:
                _git(root, "worktree", "add", "-q", "--detach", str(places[n]), commit)

            seconds = timed(lambda: _together(make))
            for place in places:
                shutil.rmtree(place)
            _git(root, "worktree", "prune")
            return seconds

        what = f"{WORKSPACES} workspaces of a repository of {SERVICES * FILES} files"
        return [compare("workspaces", (what, hive), (f"{WORKSPACES} x `git worktree add`", floor), rounds=3)]


def make_repository(root: Path) -> Path:
    """50 services of 400 files, and a contract."""
    for service in range(SERVICES):
        for file in range(FILES):
            path = root / "services" / f"s{service}" / f"m{file % 20}" / f"f{file}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(LINE * (1 + (service + file) % 40))
    (root / "contracts").mkdir()
    (root / "contracts" / "users.proto").write_text('syntax = "proto3";\n')
    _git(root, "init", "-q", "-b", "main")
    _git(root, "add", "-A")
    _git(root, "-c", "user.name=b", "-c", "user.email=b@example.test", "commit", "-qm", "begin")
    _git(root, "gc", "-q")
    return root


def _together(make: "object") -> None:
    with ThreadPoolExecutor(PARALLEL) as pool:
        list(pool.map(make, range(WORKSPACES)))  # type: ignore[arg-type]


def _git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)
