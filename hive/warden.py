"""Runs beside one command that no sandbox ends: whatever the command starts ends with the command, and with hive.

`python -IS warden.py HIVE COMMAND [ARGUMENT]...`, where HIVE is the process that it belongs to. It needs the
standard library alone. On Linux it adopts every descendant that leaves its parent (PR_SET_CHILD_SUBREAPER), whatever
that does to its group, its session or its environment, and is signalled the moment hive dies (PR_SET_PDEATHSIG).
Elsewhere it looks for hive ten times a second, and ends the process group of the command.

SIGTERM is handed on to the command, which is killed when it takes no notice; SIGUSR1 ends everything at once. The
exit code is the command's own.
"""

import ctypes
import os
import resource
import select
import signal
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:  # what is not imported here starts a command some milliseconds sooner
    from collections.abc import Callable, Iterator

PATIENCE_SECONDS = 1.5
"""Between SIGTERM and the end, for a command that has something to put away."""
KILLING_SECONDS = 5.0
"""How long it is tried to end what does not end."""
LOOK_SECONDS = 0.1
LINUX = sys.platform == "linux"
_DEATH_SIGNAL, _SUBREAPER = 1, 36
_HEARD = (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1)


def warded(argv: list[str]) -> list[str]:
    """The argv under a warden, for this process to start."""
    return [sys.executable, "-IS", __file__, str(os.getpid()), *argv]


def main(hive: int, command: list[str]) -> int:
    """Start the command and stay until nothing of it is left."""
    _prctl(_SUBREAPER, 1)
    _prctl(_DEATH_SIGNAL, signal.SIGUSR1)
    heard, tell = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC) if LINUX else os.pipe()
    os.set_blocking(tell, False)
    if os.getppid() != hive:
        return 1  # it was gone before it could be watched
    for number in _HEARD:
        signal.signal(number, lambda number, frame: None)
    signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
    child = os.fork()
    if not child:
        _become(command)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)  # whoever reads the command's output must see its end
    status = _watched(child, hive, heard)
    _end(child)
    return _as(status)


def _become(command: list[str]) -> None:
    """The command, in a session of its own, as if nobody had stood between."""
    try:
        os.setsid()
        _prctl(_DEATH_SIGNAL, signal.SIGKILL)
        for number in (*_HEARD, signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores the last two
            signal.signal(number, signal.SIG_DFL)
        os.execvp(command[0], command)  # noqa: S606 - what it is for
    except OSError as error:
        print(f"cannot start {command[0]!r}: {error.strerror}", file=sys.stderr, flush=True)  # noqa: T201
    finally:
        os._exit(127)


def _watched(child: int, hive: int, heard: int) -> int | None:
    """The command's status; none when it was not waited for."""
    deadline: float | None = None
    while os.getppid() == hive and (deadline is None or time.monotonic() < deadline):
        if (status := _reaped(child)) is not None:
            return status
        wait = None if LINUX else LOOK_SECONDS
        if deadline is not None:
            wait = min(max(0.0, deadline - time.monotonic()), wait or PATIENCE_SECONDS)
        if not select.select([heard], [], [], wait)[0]:
            continue
        told = os.read(heard, 64)
        if signal.SIGUSR1 in told:
            return None
        if deadline is None and {signal.SIGTERM, signal.SIGINT, signal.SIGHUP} & {*told}:
            deadline = time.monotonic() + PATIENCE_SECONDS
            _signalled(os.killpg, child, signal.SIGTERM)
    return _reaped(child)


def _reaped(child: int) -> int | None:
    """Whether the command has ended, and how; others that have ended are forgotten."""
    found = None
    for pid, status in _ended():
        if pid == child:
            found = status
    return found


def _ended() -> "Iterator[tuple[int, int]]":
    """Children that have ended. Raises nothing when there are none."""
    try:
        while (each := os.waitpid(-1, os.WNOHANG))[0]:
            yield each
    except ChildProcessError:
        return


def _end(child: int) -> None:
    """Kill everything that is left: what a killed process leaves comes here, so that it is found the next time."""
    end = time.monotonic() + KILLING_SECONDS
    while time.monotonic() < end:
        _signalled(os.killpg, child, signal.SIGKILL)
        for pid in descendants(os.getpid()):
            _signalled(os.kill, pid, signal.SIGKILL)
        for _ in _ended():
            pass
        if not _has_children():
            return
        time.sleep(0.002)


def _has_children() -> bool:
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def _signalled(kill: "Callable[[int, int], None]", pid: int, number: int) -> None:
    try:
        kill(pid, number)
    except OSError:
        return  # it is gone already, or not ours to end


def descendants(root: int) -> list[int]:
    """Every process below this one, as far as the system tells."""
    children: dict[int, list[int]] = {}
    for pid in _processes():
        children.setdefault(_parent(pid), []).append(pid)
    found, waiting = [], [root]
    while waiting:
        below = children.pop(waiting.pop(), [])
        found += below
        waiting += below
    return found


def _processes() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()] if LINUX else []  # noqa: PTH208


def _parent(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123
            # The name of a program is in brackets, and may hold anything.
            return int(file.read().rpartition(b")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return 0


def _as(status: int | None) -> int:
    """End as the command has ended."""
    code = -signal.SIGKILL if status is None else os.waitstatus_to_exitcode(status)
    if code < 0:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if -code != signal.SIGKILL:
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    return code


def _prctl(option: int, value: int) -> None:
    if LINUX:
        ctypes.CDLL(None).prctl(option, value)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
