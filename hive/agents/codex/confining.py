"""What holds Codex and its commands: hive's sandbox around all of it, and Codex's own around each command."""

import os
import shutil
import sys
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from hive.agents.foreign import foreign_settings
from hive.agents.means import Means
from hive.errors import HiveError
from hive.model import Assignment
from hive.ports import Confinement, Network, Sandbox
from hive.process import run, trimmed_environment

SETTINGS = (".codex", ".agents")
"""What Codex would obey in a repository: its configuration, hooks and skills."""


class Fence(NamedTuple):
    """How a session is held; the strongest that works here."""

    outside: bool
    """hive's sandbox is around the whole program: the rest of the disk is hidden or read-only."""
    mode: Literal["workspace-write", "danger-full-access", "read-only"]
    """Codex's own sandbox around each command; none of them has a network in the first and the last."""

    @property
    def commands(self) -> str | None:
        """Why a command that is asked for may not run; none where it may."""
        if self.mode == "danger-full-access":
            return None
        if self.outside:
            return "commands run inside the sandbox only: none may leave it, or asks first as `rm -f` does"
        return "commands may only read here: nothing of hive's confines them on this machine"


BOTH = Fence(True, "workspace-write")
AROUND = Fence(True, "danger-full-access")
READING = Fence(False, "read-only")


def fence(means: Means) -> Fence:
    """The strongest that works: tried by really running something in a sandbox inside the sandbox."""
    if not means.confines:
        return READING
    return BOTH if _nests(_Key(means.sandbox)) else AROUND


def confinement(assignment: Assignment, means: Means, program: str, network: Network) -> Confinement:
    """What the whole program may touch."""
    folder = Path(assignment.workspace) / assignment.service.path
    return Confinement(
        writable=(folder, Path(assignment.home)),
        hidden=(*means.hidden, *foreign_settings(assignment, SETTINGS)),
        network=network,
        shown=(Path(assignment.workspace), *_package(program)),
        nests=True,
    )


class _Key:
    """A sandbox as one key for all that are the same."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and str(self.sandbox) == str(other.sandbox)

    def __hash__(self) -> int:
        return hash(str(self.sandbox))


@cache
def _nests(key: _Key) -> bool:
    inner = ["bwrap", "--unshare-user", "--unshare-net", "--dev-bind", "/", "/", "true"]
    allow = Confinement(writable=(), nests=True)
    place = Path(sys.prefix)
    try:
        argv = key.sandbox.wrap(inner, cwd=place, allow=allow)
        return run(argv, cwd=place, env=trimmed_environment(), timeout=10.0).ok
    except HiveError:
        return False


def _package(program: str) -> tuple[Path, ...]:
    """Where the program really is: npm puts only a link into a folder of the PATH."""
    found = shutil.which(program)
    if found is None:
        return ()
    real = Path(os.path.realpath(found))
    packages = [folder for folder in real.parents if folder.name == "node_modules"]
    return (packages[-1] if packages else real,)
