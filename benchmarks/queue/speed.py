"""How quick the queue itself is: a tick with 1,000 changesets, `hive queue --json` on them, a merge of 50 services.

The first two in processor time.
"""

import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measure import Ratio, compare, timed, worked
from hive import events as e
from hive.events import Draft
from hive.model import FileStat, Graph, Policy, Service
from hive.orchestrator.queue import agenda
from hive.state import RunState, fold
from hive.workspaces.repository import UserRepository
from hive.workspaces.store import Merged, ObjectStore
from hive.workspaces.union import union

QUEUED, SERVICES = 1000, 60
BARE = "import typer, pydantic.main; type('A', (pydantic.main.BaseModel,), {})"
"""The libraries that every command needs, and one class that is validated."""
AT = datetime(2026, 1, 1, tzinfo=UTC)
GRAPH = Graph(services=tuple(Service(name=f"s{n}", path=f"services/s{n}") for n in range(SERVICES)))


def drafts(number: int) -> list[Draft]:
    """A queued branch that touches one to three services."""
    touched = {(number * number + step * 7) % SERVICES for step in range(1 + number % 3)}
    files = tuple(FileStat(path=f"services/s{n}/a.py", status="modified", added=1) for n in touched)
    created = e.RunCreated(
        request=f"branch b{number}",
        base="b",
        target="main",
        policy=Policy(),
        graph=GRAPH,
        sandbox="none",
        trusted=True,
    )
    offered = e.BranchOffered(branch=f"b{number}", commit=f"{number:040x}", diff="d", by="me", files=files)
    return [Draft(run=f"r{number}", event=event) for event in (created, offered, e.LandRequested(by="me"))]


def states() -> tuple[RunState, ...]:
    """As the engine holds them."""
    told = [draft for number in range(QUEUED) for draft in drafts(number)]
    envelopes = (e.Envelope(seq=seq, run=d.run, at=AT, event=d.event) for seq, d in enumerate(told, 1))
    return tuple(fold(envelopes).values())


def run() -> list[Ratio]:
    """Each beside its floor."""
    return [_tick(), *_command(), _merge()]


def _tick() -> Ratio:
    known = states()
    what = (f"one tick, {QUEUED} changesets", lambda _: worked(lambda: agenda(known)))
    floor = ("their phases alone", lambda _: worked(lambda: [state.phase for state in known]))
    return compare("queue tick", what, floor, rounds=15)


def _command() -> list[Ratio]:
    from hive.cli.compose import open_project

    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "project"
        root.mkdir()
        _git(root, "init", "-q", "-b", "main")
        _git(
            root,
            "-c",
            "user.name=b",
            "-c",
            "user.email=b@example.test",
            "commit",
            "-q",
            "--allow-empty",
            "-m",
            "b",
        )
        os.environ["HIVE_STATE_DIR"] = f"{name}/state"
        with open_project(root) as project:
            project.log.append(*(draft for number in range(QUEUED) for draft in drafts(number)))
        del os.environ["HIVE_STATE_DIR"]

        what = (f"`hive queue --json`, {QUEUED} queued", lambda _: _asked(root, f"{name}/state"))
        empty = ("the same, nothing queued", lambda _: _asked(root, f"{name}/empty"))
        bare = (f"`python -c '{BARE}'`", lambda _: _python(root, f"{name}/empty", "-c", BARE))
        return [
            compare("queue command", what, empty, rounds=7),
            compare("queue command, nothing queued", empty, bare, rounds=7),
        ]


def _asked(root: Path, state: str) -> float:
    return _python(root, state, "-m", "hive", "queue", "--json")


def _python(root: Path, state: str, *arguments: str) -> float:
    env = {**os.environ, "HIVE_STATE_DIR": state}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # nobody starts a command from sources every time
    argv = [sys.executable, *arguments]
    return worked(lambda: subprocess.run(argv, cwd=root, env=env, check=True, capture_output=True))


def _merge() -> Ratio:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "project"
        base, works = _changed(root)
        user = UserRepository.open(root)
        store = ObjectStore.open(Path(name) / "hive.git", user)

        def merge() -> None:
            whole = union(store, works, AT)
            assert whole is not None
            assert isinstance(store.merge(base, whole, "in between", AT), Merged)

        def bare() -> None:
            for work in works:
                _git(root, "merge-tree", "--write-tree", base, work)

        what = ("hive's merge of 50 services", lambda _: timed(merge))
        return compare("queue merge", what, ("50 x `git merge-tree`", lambda _: timed(bare)), rounds=5)


def _changed(root: Path) -> tuple[str, list[str]]:
    """A repository of 50 services and one commit for each."""
    for number in range(50):
        folder = root / "services" / f"s{number}"
        folder.mkdir(parents=True)
        for file in range(20):
            (folder / f"f{file}.py").write_text(f"{number} {file}\n")
    _git(root, "init", "-q", "-b", "main")
    _commit(root, "begin")
    base = _git(root, "rev-parse", "HEAD")
    works = []
    for number in range(50):
        _git(root, "checkout", "-q", "--detach", base)
        (root / "services" / f"s{number}" / "f0.py").write_text("changed\n")
        _commit(root, f"s{number}")
        works.append(_git(root, "rev-parse", "HEAD"))
    _git(root, "checkout", "-q", "main")
    return base, works


def _commit(root: Path, message: str) -> None:
    _git(root, "add", "-A")
    _git(root, "-c", "user.name=b", "-c", "user.email=b@example.test", "commit", "-qm", message)


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout.strip()
