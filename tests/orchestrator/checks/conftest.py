"""Real commands in real folders, as hive runs them."""

import asyncio
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from hive.model import Evidence
from hive.orchestrator.checks.request import CheckRequest
from hive.orchestrator.checks.runner import run_check
from hive.ports import Confinement, Sandbox
from hive.workspaces.sandbox import find_sandbox

Check = Callable[..., Evidence]


class Unconfined:
    """A sandbox that confines nothing, and remembers what it was asked for."""

    name = "none"

    def __init__(self) -> None:
        self.allowed: list[Confinement] = []
        self.limit = ""

    def wrap(self, argv: Sequence[str], *, cwd: Path, allow: Confinement) -> list[str]:
        """The same argv."""
        self.allowed.append(allow)
        return list(argv)

    def met(self, argv: Sequence[str], code: int) -> str:
        return self.limit


@pytest.fixture
def sandbox() -> Unconfined:
    return Unconfined()


@pytest.fixture
def export(tmp_path: Path) -> Callable[[Mapping[str, str]], Path]:
    """Makes an exported tree of files; those that begin with `#!` are executable."""

    def make(files: Mapping[str, str]) -> Path:
        root = tmp_path / "export"
        root.mkdir(exist_ok=True)
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
            (root / path).chmod(0o755 if text.startswith("#!") else 0o644)
        return root

    return make


@pytest.fixture
def check(
    tmp_path: Path,
    sandbox: Unconfined,
    export: Callable[[Mapping[str, str]], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> Check:
    """Runs a command on files and returns the evidence; `python` is the one that runs the tests."""
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")

    def run(
        command: str | None, files: Mapping[str, str], sandbox: Sandbox = sandbox, **changed: object
    ) -> Evidence:
        request = CheckRequest(
            **{
                "check": "tests",
                "service": "users",
                "command": command,
                "folder": export(files),
                "service_path": ".",
                "tree": "4b825dc",
                "inputs": "abc",
                "timeout": 60.0,
                "output": tmp_path / "tests.log",
                "scratch": tmp_path / "scratch",
                "mark": f"{tmp_path.name}/users",
                **changed,
            }
        )
        return asyncio.run(run_check(request, sandbox))

    return run


@pytest.fixture
def confined() -> Sandbox:
    """The real sandbox of this machine."""
    found = find_sandbox()
    if found.name == "none":
        pytest.skip("bubblewrap does not work here: confinement cannot be tried")
    return found


@pytest.fixture
def node() -> str:
    """node, for tests that need the real one."""
    found = shutil.which("node")
    if found is None:
        pytest.skip("node is not installed: its test runner cannot be tried")
    return found
