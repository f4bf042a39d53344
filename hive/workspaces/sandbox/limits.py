"""How much a confined command may take: by a control group where one can be made, by resource limits always.

A control group (cgroups(7)) counts a command with all its children. Resource limits (setrlimit(2)) hold each process
by itself, and the number of processes of a user, unless that user is root.
"""

import contextlib
import itertools
import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

_COUNT = itertools.count(1)
_OWN = 9
"""Words of hive's own with which an argv begins at the most: a warden's, and those that join the group."""
_JOINED_SECONDS = 600.0
_PATIENCE = 100
"""Times that what is left of a command is killed, some milliseconds apart, until nothing is."""
_JOIN = 'echo 0 > "$1/cgroup.procs" || exit 125; shift; exec "$@"'
# dash counts processes with -p, bash with -u; both count files in blocks of 512 bytes as `sh`, and data in KiB.
_HOLD = """\
ulimit -c 0
[ "$1" = 0 ] || ulimit -f "$1"
[ "$2" = 0 ] || ulimit -d "$2"
[ "$3" = 0 ] || ulimit -u "$3" 2>/dev/null || ulimit -p "$3" 2>/dev/null
shift 3
exec "$@"
"""
_TOO_LARGE = (-signal.SIGXFSZ, 128 + signal.SIGXFSZ)


class Limits(NamedTuple):
    """What one command may take; 0 is without a limit."""

    memory: int = 0
    """Bytes; of the command with its children where there is a control group, else of each process's data."""
    processes: int = 0
    file_size: int = 0
    """Bytes of the largest file that it may write."""

    def hold(self, argv: Sequence[str], *, alone: bool) -> list[str]:
        """The argv under resource limits; `alone` when the user's other processes do not count."""
        if not any(self):
            return list(argv)
        numbers = (self.file_size // 512, self.memory // 1024, self.processes if alone else 0)
        return ["sh", "-c", _HOLD, "hive-limits", *map(str, numbers), *argv]


UNLIMITED = Limits()


@dataclass
class Groups:
    """Control groups below one folder, one for each command; the system may allow none."""

    parent: Path | None
    """A folder of cgroup v2, or of the `pids` hierarchy of cgroup v1."""
    memory: bool = False
    """Whether they count memory too, and not processes alone."""
    made: dict[Path, float] = field(default_factory=dict, repr=False, compare=False)

    def join(self, limits: Limits, argv: Sequence[str]) -> list[str]:
        """The argv in a group of its own, or as it is where none can be made."""
        self.sweep()
        group = self._make(limits) if self.parent and any(limits) else None
        return ["sh", "-c", _JOIN, "hive-group", str(group), *argv] if group else list(argv)

    def _make(self, limits: Limits) -> Path | None:
        assert self.parent is not None  # noqa: S101
        group = self.parent / f"hive-{os.getpid()}-{next(_COUNT)}"
        try:
            group.mkdir()
            for name, value in _settings(limits).items():
                if value and (group / name).exists():
                    (group / name).write_text(str(value))
        except OSError:
            with contextlib.suppress(OSError):
                group.rmdir()
            return None
        self.made[group] = time.monotonic()
        return group

    def met(self, argv: Sequence[str], limits: Limits) -> str:
        """Which limit the command has met that `join` gave this argv; ends what is left of it."""
        group = next((each for each in self.made if str(each) in argv[:_OWN]), None)
        if group is None:
            return ""
        oom = _count(group / "memory.events", "oom_kill")
        full = _count(group / "pids.events", "max")
        self._end(group)
        if oom:
            return f"killed: more than {size(limits.memory)} of memory"
        return f"more than {limits.processes} processes at a time" if full else ""

    def _end(self, group: Path) -> None:
        for _ in range(_PATIENCE):
            if self._gone(group):
                return
            with contextlib.suppress(OSError):
                for line in (group / "cgroup.procs").read_text().split():
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(int(line), signal.SIGKILL)
            time.sleep(0.005)

    def sweep(self) -> None:
        """Let go of groups whose commands have ended, but of none that its command may not have joined yet."""
        now = time.monotonic()
        for group in [each for each, since in self.made.items() if now - since > _JOINED_SECONDS]:
            self._gone(group)

    def _gone(self, group: Path) -> bool:
        with contextlib.suppress(OSError):
            group.rmdir()
            self.made.pop(group, None)
        return group not in self.made


def _settings(limits: Limits) -> dict[str, int | str]:
    swap = "0" if limits.memory else ""  # memory.max alone would only push it out to the disk
    return {"memory.max": limits.memory, "memory.swap.max": swap, "pids.max": limits.processes}


def _count(file: Path, name: str) -> int:
    with contextlib.suppress(OSError, ValueError):
        for line in file.read_text().splitlines():
            if line.startswith(f"{name} "):
                return int(line.split()[1])
    return 0


def find_groups(proc: Path = Path("/proc/self"), root: Path = Path("/sys/fs/cgroup")) -> Groups:
    """Where this process may make control groups that count something; groups that a dead hive left are removed."""
    for parent in _places(proc, root):
        _bury(parent)
        trial = parent / f"hive-{os.getpid()}-trial"
        try:
            trial.mkdir()
        except OSError:
            continue
        memory = (trial / "memory.max").exists()
        counts = (trial / "pids.max").exists() and os.access(trial / "cgroup.procs", os.W_OK)
        with contextlib.suppress(OSError):
            trial.rmdir()
        if counts:
            return Groups(parent, memory)
    return Groups(None)


def _places(proc: Path, root: Path) -> list[Path]:
    """Folders of this process's own groups: that of cgroup v2, the one around it, that of `pids` of cgroup v1."""
    try:
        lines = [line.split(":", 2) for line in (proc / "cgroup").read_text().splitlines()]
    except OSError:
        return []
    own = {controllers: path.lstrip("/") for _, controllers, path in lines}
    found = []
    if "" in own and (root / "cgroup.controllers").exists():
        here = root / own[""]
        found += [here, *([here.parent] if here != root else [])]
    if "pids" in own:
        found.append(root / "pids" / own["pids"])
    return found


def _bury(parent: Path) -> None:
    for group in parent.glob("hive-*-*"):
        pid = group.name.split("-")[1]
        if pid.isdigit() and not Path("/proc", pid).exists():
            with contextlib.suppress(OSError):
                group.rmdir()


def too_large(code: int, limits: Limits) -> str:
    """Whether an exit code says that a file grew beyond the limit."""
    return f"killed: a file of more than {size(limits.file_size)}" if code in _TOO_LARGE else ""


def size(count: int) -> str:
    """Bytes for people."""
    for unit, factor in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if count >= factor:
            return f"{count / factor:g} {unit}"
    return f"{count} bytes"
