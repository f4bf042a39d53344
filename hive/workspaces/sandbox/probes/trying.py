"""The outside of the probes: lays the bait, runs the inside in each mode, and believes what it saw itself."""

import asyncio
import contextlib
import ctypes
import json
import os
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hive.errors import HiveError
from hive.network.egress import egress
from hive.network.endpoints import Endpoint
from hive.ports import Confinement, Network, Sandbox
from hive.process import trimmed_environment
from hive.process.streaming import run_logged, start, stop_group
from hive.text import decode
from hive.workspaces.sandbox.nothing import NoSandbox
from hive.workspaces.sandbox.probes import inside
from hive.workspaces.sandbox.probes.table import Mode, Outcome, Row, probes
from hive.workspaces.toolchains import home, needed

VARIABLE = "HIVE_PROBE_SECRET"
_KEY = "hive-probe"
_ADD_KEY = {"x86_64": 248, "aarch64": 217}
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_LAST = "last"
_HEARD = ("unix-socket", "other-door", "abstract-socket", "tcp", "udp")


async def try_all(sandbox: Sandbox) -> list[Row]:
    """Every probe in each mode that this machine has; hive's own process should be secluded before."""
    rows = []
    with _Bait() as bait:
        sleeper = await start(["sleep", "600"], cwd=Path("/"), env=trimmed_environment())
        bait.known["pid"] = sleeper.pid
        try:
            modes: list[tuple[Mode, Sandbox]] = [("none", NoSandbox())]
            if sandbox.name == "bubblewrap":
                modes = [("bubblewrap", sandbox), ("bubblewrap + list", sandbox), *modes]
            for mode, box in modes:
                rows += await _tried(mode, box, bait)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(sleeper.pid, signal.SIGCONT)
            await stop_group(sleeper)
    return rows


async def _tried(mode: Mode, sandbox: Sandbox, bait: "_Bait") -> list[Row]:
    bait.heard.clear()
    if mode != "bubblewrap + list":
        could = await _inside(sandbox, bait, "none" if mode == "bubblewrap" else "open")
    else:
        host, port = bait.known["listed-host"].split(":")

        async def refused(what: str) -> None:
            return None

        async with egress([Endpoint(host, int(port), private=True)], refused) as door:
            could = await _inside(sandbox, bait, door)
    await bait.settled()
    for name in _HEARD:
        could[name] = name in bait.heard
    return [Row(probe, mode, bait.outcome(probe.name, could=could[probe.name])) for probe in probes()]


async def _inside(sandbox: Sandbox, bait: "_Bait", network: Network) -> dict[str, bool]:
    allow = Confinement(writable=(bait.own,), hidden=(bait.hidden,), network=network)
    script = Path(inside.__file__)
    argv = sandbox.wrap(
        [sys.executable, "-IS", str(script), json.dumps(bait.known)], cwd=bait.own, allow=allow
    )
    env = trimmed_environment({"HOME": str(bait.own)})
    log = bait.root / "log"
    done = await run_logged(argv, cwd=bait.own, env=env, timeout=60.0, output=log, limit=1 << 20)
    try:
        could: dict[str, bool] = json.loads(decode(done.stdout).splitlines()[-1])
    except (ValueError, IndexError) as error:
        said = decode(done.stdout)[-300:]
        raise HiveError(
            f"the probes did not run in the sandbox {sandbox.name!r}: exit code {done.code}, {said!r}",
            next_step="see `hive doctor` for whether the sandbox works here",
        ) from error
    return could


class _Bait:
    """Files, sockets, a key and listeners that a confined command must not reach; all gone at the end."""

    def __init__(self) -> None:
        self.root = Path()
        self.own = self.hidden = Path()
        self.known: dict[str, Any] = {}
        self.heard: set[str] = set()
        self._undo = contextlib.ExitStack()

    def __enter__(self) -> "_Bait":
        with contextlib.ExitStack() as stack:
            self.root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hive-probe-")))
            self.own, self.hidden = self.root / "own", self.root / "state"
            for folder in (self.own, self.hidden, self.root / "outside", self.root / "other"):
                folder.mkdir()
            for file in (self.hidden / "hive.db", self.root / "other" / "code"):
                file.write_text("bait")
            os.environ[VARIABLE] = "bait"
            stack.callback(os.environ.pop, VARIABLE, None)
            self.known = {
                "other-worktree": str(self.root / "other" / "code"),
                "state": str(self.hidden / "hive.db"),
                "home": _private_entries(self.root),
                "ssh": str(home() / ".ssh"),
                "outside": str(self.root / "outside"),
                "mount": str(self.own / "mount"),
                "variable": VARIABLE,
                "hive": os.getpid(),
                "key": _KEY,
            }
            self.known |= stack.enter_context(_listening(self.root, self.heard))
            self.known["shared-memory"] = stack.enter_context(_shared())
            self._undo = stack.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._undo.close()

    async def settled(self) -> None:
        """Wait until the listeners have heard all that was sent to them before now."""
        self.heard.discard(_LAST)
        with socket.socket(type=socket.SOCK_DGRAM) as out:
            out.sendto(_LAST.encode(), ("127.0.0.1", self.known["udp"]))
        for _ in range(500):
            if _LAST in self.heard:
                return
            await asyncio.sleep(0.01)

    def outcome(self, name: str, *, could: bool) -> Outcome:
        """What came of a probe, unless there was nothing to try it on."""
        there: Mapping[str, bool] = {
            "ssh": (home() / ".ssh").is_dir() and any((home() / ".ssh").iterdir()),
            "home": bool(self.known["home"]),
            "docker": Path("/var/run/docker.sock").exists(),
            "shared-memory": bool(self.known["shared-memory"]),
            "keyring": sys.platform == "linux" and os.uname().machine in _ADD_KEY,
        }
        if not there.get(name, True):
            return "absent"
        return "open" if could else "held"


def _private_entries(own: Path) -> list[str]:
    """What is in the home, but for folders that lead to what is shown: tool chains, and the folder `own`."""
    shown = (*needed(), own)
    entries = home().iterdir() if home().is_dir() else ()
    return [str(each) for each in entries if not any(place.is_relative_to(each.resolve()) for place in shown)]


@contextlib.contextmanager
def _shared() -> Iterator[str]:
    folder = Path("/dev/shm")  # noqa: S108
    if not os.access(folder, os.W_OK):
        yield ""
        return
    with tempfile.NamedTemporaryFile(prefix="hive-probe-", dir=folder) as file:
        file.write(b"bait")
        file.flush()
        yield file.name


@contextlib.contextmanager
def _listening(folder: Path, heard: set[str]) -> Iterator[dict[str, Any]]:
    """Listeners of the machine; what each hears is a probe's name."""
    abstract = f"hive-probe-{os.getpid()}"
    with contextlib.ExitStack() as stack:
        streams = {}
        for name, address in {
            "unix-socket": str(folder / "agent.sock"),
            "other-door": str(folder / "door"),
            "abstract-socket": "\0" + abstract,
        }.items():
            streams[name] = stack.enter_context(socket.socket(socket.AF_UNIX))
            streams[name].bind(address)
        for name in ("tcp", "listed-host", "other-host"):
            streams[name] = stack.enter_context(socket.socket())
            streams[name].bind(("127.0.0.1", 0))
        datagrams = stack.enter_context(socket.socket(type=socket.SOCK_DGRAM))
        datagrams.bind(("127.0.0.1", 0))
        for listener in streams.values():
            listener.listen()
            stack.enter_context(_hearing(listener, heard))
        stack.enter_context(_hearing(datagrams, heard))
        yield {
            "unix-socket": str(folder / "agent.sock"),
            "other-door": str(folder / "door"),
            "abstract-socket": abstract,
            "tcp": streams["tcp"].getsockname()[1],
            "udp": datagrams.getsockname()[1],
            "listed-host": f"127.0.0.1:{streams['listed-host'].getsockname()[1]}",
            "other-host": f"127.0.0.1:{streams['other-host'].getsockname()[1]}",
        }


@contextlib.contextmanager
def _hearing(listener: socket.socket, heard: set[str]) -> Iterator[None]:
    listener.settimeout(0.05)
    over = threading.Event()

    def hear() -> None:
        while not over.is_set():
            with contextlib.suppress(OSError):
                if listener.type == socket.SOCK_DGRAM:
                    heard.add(listener.recv(64).decode("latin-1"))
                    continue
                connection, _ = listener.accept()
                with connection:
                    connection.settimeout(2)
                    heard.add(connection.recv(1024).decode("latin-1"))
                    connection.sendall(_ANSWER)

    thread = threading.Thread(target=hear)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def lay_key() -> None:
    """A key in the session's keyring, as a person's tools leave them; a command of a secluded hive cannot find it."""
    number = _ADD_KEY.get(os.uname().machine)
    if sys.platform == "linux" and number:
        ctypes.CDLL(None).syscall(number, b"user", _KEY.encode(), b"bait", 4, ctypes.c_long(-3))
