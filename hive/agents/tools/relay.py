"""`hive mcp`: standard input and output carried to a session's socket and back, and nothing else.

It runs where the agent runs, confined like it. It needs the standard library alone, knows no secret and opens no
file: whoever can connect to the socket is the session that the socket was made for, and the engine is behind it.
"""

import contextlib
import os
import socket
import sys
import threading

_CHUNK = 1 << 16


def main(arguments: list[str]) -> int:
    """Carry until one of the two ends is closed; the exit code."""
    if len(arguments) != 1:
        print("the path of a session's socket is missing", file=sys.stderr)  # noqa: T201
        return 2
    (path,) = arguments
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(path)
            threading.Thread(target=_sent, args=(line,), daemon=True).start()
            while chunk := line.recv(_CHUNK):
                _write(chunk)
    except OSError as error:
        print(f"cannot reach the session's socket {path!r}: {error.strerror or error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _sent(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while chunk := os.read(0, _CHUNK):
            line.sendall(chunk)
        line.shutdown(socket.SHUT_WR)


def _write(chunk: bytes) -> None:
    while chunk:
        chunk = chunk[os.write(1, chunk) :]


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stderr.flush()
    os._exit(code)  # the thread may wait for an input that never ends
