"""A user's repository, hive's store of it, and people who work in it with plain git."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hive.workspaces.newborn import start_repository
from hive.workspaces.repository import UserRepository
from hive.workspaces.store import ObjectStore
from hive.workspaces.worktree import Workspace

FILES = {
    "services/users/app.py": "def users():\n    return []\n",
    "services/users/tests/test_app.py": "def test_users():\n    assert True\n",
    "services/orders/app.py": "def orders():\n    return []\n",
    "contracts/users.yaml": "openapi: 3.0.3\n",
    "README.md": "shop\n",
}
DATE = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def plain_git(folder: Path, *arguments: str, check: bool = True, env: Mapping[str, str] | None = None) -> str:
    """git as a person or an agent runs it."""
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env={**os.environ, **(env or {})}, capture_output=True, check=False
    )
    assert done.returncode == 0 or not check, done.stderr.decode(errors="replace")
    return os.fsdecode(done.stdout).strip()


@dataclass
class Project:
    """One user's repository with hive's store beside it."""

    root: Path
    user: UserRepository
    store: ObjectStore
    base: str
    folder: Path

    def git(self, *arguments: str, check: bool = True) -> str:
        """git in the user's checkout."""
        return plain_git(self.root, *arguments, check=check)

    def workspace(
        self, name: str = "users", sparse: list[str] | None = None, commit: str | None = None
    ) -> Workspace:
        """A workspace at the base commit."""
        return Workspace.create(self.store, self.folder / "workspaces" / name, commit or self.base, sparse)

    def change(self, files: Mapping[str, bytes | None], base: str | None = None) -> str:
        """A commit by hive on the base."""
        return self.store.commit_files(base or self.base, files, "change", DATE)


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The user's repository, to be copied."""
    root = tmp_path_factory.mktemp("template") / "shop"
    write(root, FILES)
    start_repository(root, "start")
    return root


@pytest.fixture
def project(tmp_path: Path, shop: Path) -> Project:
    """The shop: two services and a contract on `main`, checked out and clean."""
    return open_project(tmp_path, shutil.copytree(shop, tmp_path / "shop"))


def open_project(folder: Path, root: Path) -> Project:
    """hive opens a user's repository."""
    user = UserRepository.open(root)
    store = ObjectStore.open(folder / "state" / "hive.git", user)
    return Project(user.root, user, store, user.head(), folder)


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files as an agent would."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content if isinstance(content, bytes) else content.encode())
