"""Runs inside the sandbox and tries everything once; the standard library alone. Prints what it could do as JSON."""

import contextlib
import ctypes
import json
import os
import socket
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

_PTRACE_ATTACH, _PTRACE_DETACH = 16, 17
_KEYCTL = {"x86_64": (250, 10), "aarch64": (219, 10)}
"""Number of the system call, and its operation to search a keyring."""
_SESSION_KEYRING = -3
Bait = dict[str, Any]


def _reads(path: str) -> bool:
    return bool(Path(path).read_bytes())


def _writes(path: str) -> bool:
    return Path(path).write_text("x") > 0


def _own_port(bait: Bait) -> bool:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        return True


def _says(family: int, kind: int, address: object, name: str) -> bool:
    with socket.socket(family, kind) as out:
        out.settimeout(2)
        out.connect(address)  # type: ignore[arg-type]
        out.send(name.encode())
        if kind == socket.SOCK_STREAM:
            out.recv(1)  # whoever listens has heard it
    return True


def _through_proxy(address: str) -> bool:
    os.environ.pop("NO_PROXY", None)
    os.environ.pop("no_proxy", None)
    handler = urllib.request.ProxyHandler({"http": os.environ.get("HTTP_PROXY", "http://127.0.0.1:9")})
    with urllib.request.build_opener(handler).open(f"http://{address}/", timeout=5) as answer:
        return bool(answer.status == 200)


def _traces(bait: Bait) -> bool:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.ptrace(_PTRACE_ATTACH, bait["pid"], None, None):
        return False
    os.waitpid(bait["pid"], 0)
    libc.ptrace(_PTRACE_DETACH, bait["pid"], None, None)
    return True


def _signals(bait: Bait) -> bool:
    os.kill(bait["pid"], 0)
    return True


def _by_link(bait: Bait) -> bool:
    link = Path("probe-link")
    link.unlink(missing_ok=True)
    link.symlink_to(bait["outside"])
    return _writes(str(link / "by-link"))


def _gains_rights(bait: Bait) -> bool:
    status = Path("/proc/self/status").read_text()
    return "NoNewPrivs:\t0" in status


def _mounts(bait: Bait) -> bool:
    libc = ctypes.CDLL(None, use_errno=True)
    place = bait["mount"].encode()
    os.makedirs(place, exist_ok=True)  # noqa: PTH103
    if libc.mount(b"none", place, b"tmpfs", 0, None):
        return False
    libc.umount(place)
    return True


def _kernel(bait: Bait) -> bool:
    for setting in ("sys/kernel/core_pattern", "sysrq-trigger"):
        with contextlib.suppress(OSError):
            os.close(os.open(f"/proc/{setting}", os.O_WRONLY))  # opened, never written
            return True
    return False


def _groups(bait: Bait) -> bool:
    for root in ("/sys/fs/cgroup/pids", "/sys/fs/cgroup"):
        with contextlib.suppress(OSError):
            group = Path(root, "hive-probe")
            group.mkdir()
            group.rmdir()
            return True
    return False


def _finds_key(bait: Bait) -> bool:
    number, search = _KEYCTL[os.uname().machine]
    call = ctypes.CDLL(None).syscall
    key = bait["key"].encode()
    return bool(call(number, search, ctypes.c_long(_SESSION_KEYRING), b"user", key, 0) > 0)


def _terminal(bait: Bait) -> bool:
    os.close(os.open("/dev/tty", os.O_RDWR))
    return True


PROBES: dict[str, Callable[[Bait], bool]] = {
    "own-folder": lambda bait: _writes("probe"),
    "own-port": _own_port,
    "other-worktree": lambda bait: _reads(bait["other-worktree"]),
    "state": lambda bait: _reads(bait["state"]),
    "home": lambda bait: any(map(os.path.lexists, bait["home"])),
    "ssh": lambda bait: bool(os.listdir(bait["ssh"])),  # noqa: PTH208
    "environment": lambda bait: bait["variable"] in os.environ,
    "hive-environ": lambda bait: _reads(f"/proc/{bait['hive']}/environ"),
    "ptrace": _traces,
    "signal": _signals,
    "write-outside": lambda bait: _writes(os.path.join(bait["outside"], "probe")),  # noqa: PTH118
    "symlink": _by_link,
    "unix-socket": lambda bait: _says(socket.AF_UNIX, socket.SOCK_STREAM, bait["unix-socket"], "unix-socket"),
    "other-door": lambda bait: _says(socket.AF_UNIX, socket.SOCK_STREAM, bait["other-door"], "other-door"),
    "abstract-socket": lambda bait: _says(
        socket.AF_UNIX, socket.SOCK_STREAM, "\0" + bait["abstract-socket"], "abstract-socket"
    ),
    "docker": lambda bait: _says(socket.AF_UNIX, socket.SOCK_STREAM, "/var/run/docker.sock", ""),
    "tcp": lambda bait: _says(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", bait["tcp"]), "tcp"),
    "udp": lambda bait: _says(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", bait["udp"]), "udp"),
    "listed-host": lambda bait: _through_proxy(bait["listed-host"]),
    "other-host": lambda bait: _through_proxy(bait["other-host"]),
    "setuid": _gains_rights,
    "mount": _mounts,
    "kernel": _kernel,
    "cgroup": _groups,
    "keyring": _finds_key,
    "shared-memory": lambda bait: _reads(bait["shared-memory"]),
    "terminal": _terminal,
}


def main(given: str) -> None:
    """Each probe by itself: whatever it raises, it was held."""
    bait = json.loads(given)
    could = {}
    for name, attempt in PROBES.items():
        try:
            could[name] = attempt(bait)
        except Exception:
            could[name] = False
    print(json.dumps(could))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1])
