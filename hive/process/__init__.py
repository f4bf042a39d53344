"""The only door to child processes: argv lists, trimmed environment, own process group, bounded ends.

Here are the short commands, and what all children share; those that hive talks with are in `streaming`.
"""

import contextlib
import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from hive.errors import HiveError

KEPT = frozenset(
    {
        "PATH",
        "LANG",
        "LC_ALL",
        "LC_CTYPE",
        "TERM",
        "TZ",
        "TMPDIR",
        "HOME",
        "USER",
        "LOGNAME",
        "SHELL",
        "SSL_CERT_FILE",
    }
)
MARK = "HIVE_MARK"
"""Environment variable that every child of a run inherits: what is left of a run is found by it."""
YOUNG_OBJECTS, YOUNG_PASSES, MIDDLE_PASSES = 20_000, 20, 100
"""When the garbage collector looks at new, younger and all objects."""
_KEYCTL = {"x86_64": 250, "aarch64": 219}
"""Number of the system call keyctl(2)."""


@dataclass(frozen=True)
class Completed:
    """A command that has ended."""

    argv: tuple[str, ...]
    code: int
    """Exit code; -N when signal N ended it."""
    stdout: bytes
    stderr: bytes
    seconds: float
    timed_out: bool = False
    truncated: bool = False

    @property
    def ok(self) -> bool:
        """Whether it exited with 0."""
        return self.code == 0


def trimmed_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """An environment with nothing in it but the allow-list and `extra`: no key, no token, no GIT_*."""
    return {**{k: v for k, v in os.environ.items() if k in KEPT}, **(extra or {})}


def run(
    argv: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    stdin: bytes | None = None,
    timeout: float | None = 120.0,
) -> Completed:
    """Run a short command to its end. Raises HiveError when it cannot be started or takes too long."""
    started = time.monotonic()
    # Files, not pipes: a daemon that inherits a pipe keeps its reader waiting after the command has ended.
    with TemporaryFile() as given, TemporaryFile() as out, TemporaryFile() as err:
        given.write(stdin or b"")
        given.seek(0)
        try:
            child = subprocess.Popen(
                list(argv),
                cwd=cwd,
                env=trimmed_environment() if env is None else dict(env),
                stdin=given if stdin is not None else subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
        except OSError as error:
            raise cannot_start(argv, error) from error
        try:
            code = child.wait(timeout)
        except subprocess.TimeoutExpired as late:
            raise HiveError(
                f"{argv[0]!r} did not end within {timeout:g} seconds: {' '.join(argv)!r}",
                next_step="see what it waits for, then try again",
            ) from late
        finally:
            kill_group(child.pid)
            child.wait()
        out.seek(0)
        err.seek(0)
        return Completed(tuple(argv), code, out.read(), err.read(), time.monotonic() - started)


def cannot_start(argv: Sequence[str], error: OSError) -> HiveError:
    """The error for a command that the system refuses to start."""
    return HiveError(
        f"cannot start {argv[0]!r}: {error.strerror or error}",
        next_step=f"install {argv[0]!r} or correct the command",
    )


def detach(
    argv: Sequence[str], *, cwd: Path, env: Mapping[str, str], log: Path, holding: Sequence[int] = ()
) -> int:
    """Start a command that outlives hive and its terminal, its output appended to `log`; returns its pid.

    It inherits the descriptors in `holding`: what is locked through them stays so for as long as it lives.
    """
    with log.open("ab") as output:
        child = subprocess.Popen(
            list(argv),
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            pass_fds=tuple(holding),
        )
    child.returncode = 0  # nobody waits for it here: without this, Python warns when the object goes away
    return child.pid


def kill_group(pid: int, sig: int = signal.SIGKILL) -> None:
    """Signal a whole process group; one that is gone already is fine."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, sig)


def marked(mark: str) -> list[int]:
    """Process ids that carry this mark in their environment, or one below it (`a` finds `a/b`)."""
    wanted = os.fsencode(f"{MARK}={mark}")
    found = []
    for entry in Path("/proc").glob("[0-9]*") if sys.platform == "linux" else ():
        with contextlib.suppress(OSError):
            for variable in (entry / "environ").read_bytes().split(b"\0"):
                if variable == wanted or variable.startswith(wanted + b"/"):
                    found.append(int(entry.name))
    return [pid for pid in found if pid != os.getpid()]


def reap(mark: str, *, wardens: bool = False) -> int:
    """Kill whatever was left running under this mark; returns how many processes that was.

    A warden is told to end what it has adopted, which may not carry the mark, and then itself; with `wardens` it is
    killed like everything else.
    """
    gone = 0
    for pid in marked(mark):
        ending = signal.SIGUSR1 if not wardens and _is_warden(pid) else signal.SIGKILL
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, ending)
            gone += 1
    return gone


def _is_warden(pid: int) -> bool:
    from hive import warden

    with contextlib.suppress(OSError):
        return os.fsencode(warden.__file__) in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[:3]
    return False


def seclude() -> None:
    """Keep this process from the others of its user, as far as the system can: its memory, its environment, its keys.

    On Linux no process without a right of root's may read its `/proc` or trace it (PR_SET_DUMPABLE), and its children
    do not get the person's session keyring. Whoever is root can still do both.
    """
    if sys.platform != "linux":
        return
    import ctypes

    libc = ctypes.CDLL(None)
    libc.prctl(4, 0)  # PR_SET_DUMPABLE
    if number := _KEYCTL.get(os.uname().machine):
        libc.syscall(number, 1, None)  # KEYCTL_JOIN_SESSION_KEYRING


def collect_seldom() -> None:
    """For a process that stays: the garbage collector looks at all objects more seldom than by Python's own measure.

    It takes a tenth of a second, in which nobody is answered; memory does not grow by it, as hardly anything in hive
    refers to itself (`python -m benchmarks tui`).
    """
    gc.set_threshold(YOUNG_OBJECTS, YOUNG_PASSES, MIDDLE_PASSES)


def attended(argv: Sequence[str], *, cwd: Path) -> int:
    """Run a command that a person uses on this terminal, such as an editor, to its end; returns its exit code.

    It gets the person's whole environment. Raises HiveError when it cannot be started.
    """
    try:
        return subprocess.run(list(argv), cwd=cwd, check=False).returncode
    except OSError as error:
        raise cannot_start(argv, error) from error
