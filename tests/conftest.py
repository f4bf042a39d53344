"""Every test has a home, a temporary folder and a git identity of its own, and writes nowhere else."""

import itertools
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import settings

from hive.process import run

settings.register_profile("suite", derandomize=True, deadline=None)
settings.load_profile("suite")  # the same examples every time: a red suite is a change's fault

CHECKOUT = Path(__file__).resolve().parent.parent
REAL_HOME = Path.home().resolve()
AGENTS = Path(sys.prefix) / "agents" / "bin"
"""Agents of npm, where `.ci/agents` has put them."""
if AGENTS.is_dir():
    os.environ["PATH"] = f"{AGENTS}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
_OPEN_FOR_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_OTHER_WRITES = {
    "os.mkdir": 0, "os.remove": 0, "os.rmdir": 0, "os.chmod": 0, "os.rename": 1, "os.symlink": 1, "os.link": 1,
}  # fmt: skip
"""Audit events, with the place of the path that is written; the last argument of each is a `dir_fd`."""
_FOREIGN = ("HIVE_", "GIT_", "ANTHROPIC_", "OPENAI_", "DBOS_", "NO_COLOR", "FORCE_COLOR")
_IDENTITY = {
    "GIT_AUTHOR_NAME": "A Tester",
    "GIT_AUTHOR_EMAIL": "tester@example.invalid",
    "GIT_COMMITTER_NAME": "A Tester",
    "GIT_COMMITTER_EMAIL": "tester@example.invalid",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}

Repo = Callable[..., Path]
_escapes: list[str] = []
_allowed: list[Path] = []
_homes = itertools.count(1)


@pytest.fixture(autouse=True)
def private_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A HOME, XDG folders and a TMPDIR that no other test sees, and nothing of the user's settings."""
    home = tmp_path_factory.getbasetemp() / "homes" / str(next(_homes))
    (home / "tmp").mkdir(parents=True)
    for name in [name for name in os.environ if name.startswith(_FOREIGN)]:
        monkeypatch.delenv(name)
    for kind in ("CONFIG", "STATE", "DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("TMPDIR", str(home / "tmp"))
    monkeypatch.setattr(tempfile, "tempdir", None)  # otherwise the first answer is kept for the whole session
    for name, value in _IDENTITY.items():
        monkeypatch.setenv(name, value)
    return home


@pytest.fixture(autouse=True)
def no_escape(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Fails a test in whose process something wrote into the checkout or into the real home."""
    _allowed[:] = [tmp_path_factory.getbasetemp().resolve()]
    _escapes.clear()
    yield
    assert not _escapes, f"written outside the test's own folders: {_escapes}"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """Makes a real git repository, with one commit on `main`, from a dict of files."""

    def make(files: Mapping[str, str | bytes], name: str = "repo") -> Path:
        root = tmp_path / name
        root.mkdir()
        for path, content in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content if isinstance(content, bytes) else content.encode())
        environment = dict(os.environ)
        for words in (
            ["init", "-q", "-b", "main"],
            ["add", "-A", "-f"],
            ["commit", "-q", "--allow-empty", "-m", "start"],
        ):
            done = run(["git", *words], cwd=root, env=environment)
            assert done.ok, done.stderr
        return root

    return make


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open":
        path, _, flags = arguments
        if not isinstance(flags, int) or not flags & _OPEN_FOR_WRITING:
            return
    elif event in _OTHER_WRITES:
        if arguments[-1] != -1:  # relative to an open folder (shutil.rmtree), not to the current one
            return
        path = arguments[1 if event in ("os.symlink", "os.link") else 0]
    else:
        return
    if isinstance(path, str | bytes) and _is_escape(os.fsdecode(path)):
        _escapes.append(f"{event} {os.fsdecode(path)}")


def _is_escape(path: str) -> bool:
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - resolving links would set off this hook again
    if not _allowed or any(whole.is_relative_to(folder) for folder in _allowed):
        return False
    root = next((root for root in (CHECKOUT, REAL_HOME) if whole.is_relative_to(root)), None)
    # Caches of Python and of tools are no business of a test: `__pycache__`, `.hypothesis`, `.pytest_cache`.
    return root is not None and not any(
        part == "__pycache__" or part.startswith((".hypothesis", ".pytest_cache")) for part in whole.parts
    )


sys.addaudithook(_watch)
