"""hive is killed at every point of the shop's run at which it writes an event, and resumed."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from hive.store import Database, SqlEventLog
from tests.e2e.hive_command import Hive, shop
from tests.invariants import assert_untouched, fingerprint

pytestmark = [pytest.mark.e2e, pytest.mark.sweep]
RUN = ("run", "add loyalty_points field", "--yes", "--approve-all", "--land", "--plain", "--foreground")
SHARES = 12
SWEEP = [
    *(
        ("event.before", share, SHARES) for share in range(SHARES)
    ),  # the deed is done, the event is not written
    *(
        ("event.after", share, 2 * SHARES) for share in range(0, 2 * SHARES, 6)
    ),  # the event is written, no more
    *((point, 0, 2) for point in ("workspace.begun", "workspace.files", "workspace.made")),
    *((point, 0, 1) for point in ("landing.fetched", "landing.files", "landing.ref")),
]
"""A point of the code, the first passing of it that is killed (from 0), and the step to the next one.

Every event is killed before it is written; the same points right after a write are sampled.
"""
MOST = 400
"""More points than any run passes: a run that never gets to its end fails instead of going on for ever."""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Hive, str]:
    """A shop whose checks are known already, so that a run is quick; and the tree that an undisturbed run lands."""
    if shutil.which("node") is None:
        pytest.skip("node is not installed: the gateway and the web front end cannot be tested")
    hive = shop(tmp_path_factory.mktemp("prepared"))
    rehearsal = copy(hive, hive.root.parent / "rehearsal")
    done = rehearsal(*RUN)
    assert done.returncode == 0, done.stdout + done.stderr
    tree = rehearsal.git("rev-parse", "main^{tree}")
    shutil.copytree(rehearsal.state, hive.state.parent / "known")
    return hive, tree


@dataclass
class Forked(Hive):
    """The command, forked from a process that has imported everything: a sweep starts it hundreds of times."""

    zygote: ClassVar[subprocess.Popen[str] | None] = None

    def __call__(self, *arguments: str, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        """As `Hive` does it."""
        if Forked.zygote is None:
            Forked.zygote = subprocess.Popen(
                [sys.executable, Path(__file__).with_name("zygote.py")],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        served = Forked.zygote
        assert served.stdin is not None
        assert served.stdout is not None
        output = self.root.parent / "output.txt"
        request = {
            "arguments": arguments,
            "cwd": str(self.root),
            "env": self.environment(**more),
            "output": str(output),
        }
        served.stdin.write(json.dumps(request) + "\n")
        served.stdin.flush()
        code = int(served.stdout.readline())
        return subprocess.CompletedProcess(arguments, code, output.read_text(errors="replace"), "")


@pytest.fixture(scope="module", autouse=True)
def _no_zygote_stays() -> Iterator[None]:
    yield
    if Forked.zygote is not None:
        assert Forked.zygote.stdin is not None
        assert Forked.zygote.stdout is not None
        Forked.zygote.stdin.close()
        Forked.zygote.wait(30)
        Forked.zygote.stdout.close()
        Forked.zygote = None


def copy(hive: Hive, folder: Path) -> Hive:
    """The project and its state, elsewhere."""
    shutil.copytree(hive.root, folder / "shop", symlinks=True)
    fresh = Forked(folder / "shop", folder / "state")
    adopt(hive.state, fresh)
    return fresh


def adopt(state: Path, hive: Hive) -> None:
    """What was known (trust, evidence) of the same project in another place."""
    (source,) = state.iterdir()
    target = project(hive)
    target.parent.mkdir(exist_ok=True)
    target.mkdir(mode=0o700)
    shutil.copy(source / "hive.db", target / "hive.db")
    connection = Database.open(target / "hive.db")
    with connection.write() as write:
        write.execute("DELETE FROM event")
    connection.close()


def project(hive: Hive) -> Path:
    """The state folder of a project."""
    from hive.cli.origins import find
    from hive.config import UserSettings

    return find(hive.root, UserSettings(state_dir=hive.state)).layout.root


def events(hive: Hive) -> list[tuple[str, str | None, int]]:
    """Kind, service and turn of every event."""
    database = Database.open(project(hive) / "hive.db")
    try:
        return [
            (each.event.kind, each.service, getattr(each.event, "turn", 0) or 0)
            for each in SqlEventLog(database).read()
        ]
    finally:
        database.close()


def living(mark: str) -> list[str]:
    """Command lines of processes that work in a folder."""
    shown = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout
    return [line for line in shown.splitlines() if mark in line and str(os.getpid()) not in line]


@pytest.mark.parametrize(("point", "share", "step"), SWEEP)
def test_killed_anywhere_and_resumed_it_lands_the_same_tree(
    prepared: tuple[Hive, str], tmp_path: Path, point: str, share: int, step: int
):
    origin, wanted = prepared
    known = origin.state.parent / "known"
    for number in range(share + 1, MOST, step):
        folder = tmp_path / str(number)
        shutil.copytree(origin.root, folder / "shop", symlinks=True)
        hive = Forked(folder / "shop", folder / "state")
        adopt(known, hive)
        before = fingerprint(hive.root)
        killed = hive(*RUN, HIVE_FAULT=f"{point}:{number}:kill")
        if killed.returncode == 0:
            return
        assert killed.returncode == -signal.SIGKILL, killed.stdout + killed.stderr
        again = resume(hive)
        assert again.returncode == 0, f"{point} {number}: {again.stdout}{again.stderr}"
        check_landed(hive, wanted, before, f"{point} {number}")
        if number == share + 1:
            check_second_resume(hive)
        shutil.rmtree(folder)
    pytest.fail(f"the run passed {point} more than {MOST} times")


def resume(hive: Hive) -> subprocess.CompletedProcess[str]:
    """As a person would: start again when nothing was recorded, approve when the plan waits, else resume."""
    kinds = [kind for kind, _, _ in events(hive)]
    if not kinds:
        return hive(*RUN)
    if "plan_approved" not in kinds:
        assert hive("approve", "last").returncode == 0
    return hive("resume", "last", "--plain", "--foreground")


def check_landed(hive: Hive, wanted: str, before: dict[str, object], where: str) -> None:
    """The same tree, nothing of the user's touched, no finished session again, nothing left."""
    assert hive.git("rev-parse", "main^{tree}") == wanted, where
    assert_untouched(before, fingerprint(hive.root), target="main")
    assert hive.git("status", "--porcelain") == "", where
    assert hive.git("for-each-ref", "--format=%(refname)", "refs/hive") == "", where
    told = events(hive)
    assert [kind for kind, _, _ in told].count("landed") == 1, where
    assert told[-1][0] == "run_closed", where
    over: set[tuple[str | None, int]] = set()
    for kind, service, turn in told:
        if kind == "turn_finished":
            over.add((service, turn))
        assert kind != "turn_started" or (service, turn) not in over, f"{where}: {service} worked twice"
    left = [
        p for kind in ("workspaces", "scratch", "homes", "sessions") for p in (project(hive) / kind).glob("*")
    ]
    assert left == [], where
    assert living(str(hive.root.parent)) == [], where


def check_second_resume(hive: Hive) -> None:
    """Resuming what is over changes nothing."""
    told = events(hive)
    second = hive("resume", "last", "--plain", "--foreground")
    assert second.returncode == 0, second.stderr
    assert events(hive) == told


if sys.platform != "linux":
    pytestmark.append(pytest.mark.skip(reason="the sweep looks at processes as Linux shows them"))
