"""Runs inside the sandbox: a port of the loopback that leads to hive's proxy, then the command itself.

`python -IS forwarder.py SOCKET [NAME=VALUE]... -- COMMAND [ARGUMENT]...`; `{door}` in a value becomes the port's
address. It needs the standard library alone, and becomes the command: exit code and signals are the command's own.
"""

import contextlib
import os
import select
import signal
import socket
import sys
import threading
import time

CONNECTIONS = 64
_CHUNK = 1 << 16
_DIRECT = "localhost,127.0.0.1,::1"


def main(arguments: list[str]) -> int:
    """Listen, go on listening apart, and become the command."""
    end = arguments.index("--")
    (path, *variables), command = arguments[:end], arguments[end + 1 :]
    with socket.create_server(("127.0.0.1", 0), backlog=CONNECTIONS) as listener:
        door = f"http://127.0.0.1:{listener.getsockname()[1]}"
        _apart(listener, path)
    os.environ.update(proxies(door))
    for variable in variables:
        name, _, value = variable.partition("=")
        os.environ[name] = value.replace("{door}", door)
    for ignored in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(ignored, signal.SIG_DFL)  # Python ignores them, and a command would inherit that
    try:
        os.execvp(command[0], command)  # noqa: S606 - what the sandbox is for
    except OSError as error:
        print(f"cannot start {command[0]!r}: {error.strerror}", file=sys.stderr)  # noqa: T201
        return 127


def proxies(door: str) -> dict[str, str]:
    """What tells programs of a proxy; local ports stay direct."""
    named = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), door)
    return {**named, "all_proxy": door, "NO_PROXY": _DIRECT, "no_proxy": _DIRECT, "NODE_USE_ENV_PROXY": "1"}


def _apart(listener: socket.socket, path: str) -> None:
    """A grandchild serves the port: a child of its own would surprise a command that waits for its children."""
    command = os.getpid()
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    try:
        os.setsid()
        if os.fork():
            return
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)  # whoever reads the command's output must see its end
        threading.Thread(target=_end_with, args=(command,), daemon=True).start()
        _serve(listener, path)
    finally:
        os._exit(0)


def _end_with(command: int) -> None:
    """Where no sandbox ends everything, this process ends with the command."""
    try:
        watched = os.pidfd_open(command)  # type: ignore[attr-defined,unused-ignore] # Linux only
        select.select([watched], [], [])
    except (AttributeError, OSError):
        with contextlib.suppress(OSError):
            while True:
                os.kill(command, 0)
                time.sleep(0.5)
    os._exit(0)


def _serve(listener: socket.socket, path: str) -> None:
    room = threading.BoundedSemaphore(CONNECTIONS)
    while True:
        room.acquire()
        inside, _ = listener.accept()
        threading.Thread(target=_relay, args=(inside, path, room), daemon=True).start()


def _relay(inside: socket.socket, path: str, room: threading.BoundedSemaphore) -> None:
    try:
        with inside, socket.socket(socket.AF_UNIX) as outside, contextlib.suppress(OSError):
            outside.connect(path)
            back = threading.Thread(target=_copy, args=(outside, inside), daemon=True)
            back.start()
            _copy(inside, outside)
            back.join()
    finally:
        room.release()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while chunk := source.recv(_CHUNK):
            target.sendall(chunk)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
