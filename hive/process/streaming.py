"""Children whose output is read while they work, and what is left of them when they are stopped."""

import asyncio
import contextlib
import ctypes
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from hive.process import Completed, cannot_start, kill_group

TERMINATE_SECONDS = 2.0
PIPE_GRACE_SECONDS = 0.5
"""How long output is awaited from a pipe that some daemon still holds after the command itself has ended."""


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
