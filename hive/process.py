"""The only door to child processes: argv lists, trimmed environment, own process group, bounded ends."""

import asyncio
import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from hive import warden
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
TERMINATE_SECONDS = 2.0
_KEYCTL = {"x86_64": 250, "aarch64": 219}
"""Number of the system call keyctl(2)."""
PIPE_GRACE_SECONDS = 0.5
"""How long output is awaited from a pipe that some daemon still holds after the command itself has ended."""


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


async def exited(child: asyncio.subprocess.Process) -> int:
    """The child's exit code as soon as it has one.

    `child.wait()` waits for the output pipe too, which a daemon of the child may hold for ever.
    """
    delay = 0.001
    while child.returncode is None:
        await asyncio.sleep(delay)
        delay = min(delay * 2, 0.05)
    return child.returncode


async def stop_group(child: asyncio.subprocess.Process) -> None:
    """End a child and its group (terminate, wait a bounded time, kill, wait) and let go of its pipes."""
    try:
        await _end_group(child)
    finally:
        _let_go(child)


async def _end_group(child: asyncio.subprocess.Process) -> None:
    try:
        if child.returncode is None:
            kill_group(child.pid, signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(exited(child), TERMINATE_SECONDS)
    finally:
        kill_group(child.pid)
    await exited(child)


def _let_go(child: asyncio.subprocess.Process) -> None:
    # asyncio has no public way to close a pipe that something else still holds open.
    child._transport.close()  # type: ignore[attr-defined]


async def start(
    argv: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    stdin: bool = False,
    limit: int = 1 << 20,
    errors: int = asyncio.subprocess.STDOUT,
) -> asyncio.subprocess.Process:
    """Start a command whose output is streamed; stderr is mixed into it unless `errors` is an open file.

    It dies with hive (Linux). Raises HiveError when it cannot be started. The caller ends it with `stop_group`.
    """
    making = asyncio.ensure_future(
        asyncio.create_subprocess_exec(
            *argv,
            cwd=cwd,
            env=dict(env),
            stdin=asyncio.subprocess.PIPE if stdin else asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
            preexec_fn=_die_with_parent(),
            limit=limit,
        )
    )
    try:
        return await asyncio.shield(making)
    except asyncio.CancelledError:
        # asyncio would end the child alone, and wait for ever for a pipe that the child's own children hold.
        with contextlib.suppress(OSError):
            await stop_group(await making)
        raise
    except OSError as error:
        raise cannot_start(argv, error) from error


async def run_logged(
    argv: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    timeout: float,
    output: Path,
    limit: int,
    tail: int = 8192,
) -> Completed:
    """Run a command of any length, its mixed output into the file `output`, at most `limit` bytes of it.

    Returns with the last `tail` bytes of the output as stdout, and with what happened to it.
    Whatever it left running in its process group is gone. Raises HiveError when it cannot be started.
    """
    started = time.monotonic()
    child = await start(argv, cwd=cwd, env=env)
    pump = asyncio.create_task(_pump(child, output, limit, tail))
    timed_out = False
    try:
        try:
            await asyncio.wait_for(exited(child), timeout)
        except TimeoutError:
            timed_out = True
        if not timed_out:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(pump), PIPE_GRACE_SECONDS)
    finally:
        try:
            await _end_group(child)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(pump), PIPE_GRACE_SECONDS)
        finally:
            _let_go(child)
    last, truncated = await pump
    code = child.returncode if child.returncode is not None else -signal.SIGKILL
    return Completed(tuple(argv), code, last, b"", time.monotonic() - started, timed_out, truncated)


async def _pump(child: asyncio.subprocess.Process, output: Path, limit: int, tail: int) -> tuple[bytes, bool]:
    assert child.stdout is not None  # noqa: S101
    last, written, truncated = b"", 0, False
    with output.open("wb") as file:
        while chunk := await child.stdout.read(1 << 16):
            last = (last + chunk)[-tail:]
            room = limit - written
            truncated = truncated or len(chunk) > room
            if room > 0:
                written += file.write(chunk[:room])
        if truncated:
            file.write(b"\n[hive: output cut here]\n")
    return last, truncated


def _die_with_parent() -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl

    def arrange() -> None:
        prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG

    return arrange


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
    libc = ctypes.CDLL(None)
    libc.prctl(4, 0)  # PR_SET_DUMPABLE
    if number := _KEYCTL.get(os.uname().machine):
        libc.syscall(number, 1, None)  # KEYCTL_JOIN_SESSION_KEYRING


def attended(argv: Sequence[str], *, cwd: Path) -> int:
    """Run a command that a person uses on this terminal, such as an editor, to its end; returns its exit code.

    It gets the person's whole environment. Raises HiveError when it cannot be started.
    """
    try:
        return subprocess.run(list(argv), cwd=cwd, check=False).returncode
    except OSError as error:
        raise cannot_start(argv, error) from error
