"""A web server for one project: its socket, its keys, its event hub, and the engine kept awake."""

import asyncio
import contextlib
import ipaddress
import json
import os
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from hive.dashboard.web.access import Entry
from hive.dashboard.web.app import LOOPBACK, Server, make_app
from hive.dashboard.web.bench import Bench
from hive.dashboard.web.hub import Hub
from hive.dashboard.web.keys import Keys, read_or_make_secret
from hive.dashboard.web.live import make_hub
from hive.dashboard.web.role import ROLES, Role
from hive.dashboard.web.sessions import invite
from hive.errors import HiveError, UsageError
from hive.model import digest
from hive.text import one_line

SECRET = "web.token"  # noqa: S105 - the name of the file
RUNNING = "web.json"
LOOK_SECONDS = 3.0
"""How often the server makes sure that work under way has an engine."""
STARTS = 5
"""How often in a row it starts one that ends at once."""


@dataclass(frozen=True)
class Opening:
    """Where the server listens, and for whom."""

    address: str = "127.0.0.1"
    port: int = 0
    shared: bool = False
    insecure: bool = False
    certificate: Path | None = None
    key: Path | None = None
    names: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()

    @property
    def secure(self) -> bool:
        """Whether it speaks TLS."""
        return self.certificate is not None

    def check(self) -> None:
        """Raises UsageError for what would open more than was meant."""
        if (self.certificate is None) != (self.key is None):
            raise UsageError(
                "TLS needs a certificate and its key", next_step="--tls-cert FILE --tls-key FILE"
            )
        for file in (self.certificate, self.key):
            if file is not None and not file.is_file():
                raise UsageError(f"there is no file {str(file)!r}", next_step="correct the path")
        if not _is_loopback(self.address) and not (self.secure or self.insecure):
            raise UsageError(
                f"sharing on {self.address!r} without TLS lets the network read and take over",
                next_step="give --tls-cert and --tls-key, or say --insecure-http if that is meant",
            )


@dataclass(frozen=True)
class Serving:
    """A server that is ready to run."""

    url: str
    opens: tuple[str, ...]
    """What sharing opens, in words."""
    secret_file: Path
    entry: Entry
    bench: Bench
    hub: Hub
    uvicorn: uvicorn.Server
    listener: socket.socket
    shared: bool

    def links(self) -> dict[str, str]:
        """One link for each role that is wanted here."""
        roles = tuple(Role) if self.shared else (Role.OPERATOR,)
        return {role.word: self.url + invite(self.entry, role, self._name(role)) for role in roles}

    def _name(self, role: Role) -> str:
        return self.bench.person if role is Role.OPERATOR else f"a {role.word}"

    async def run(self) -> None:
        """Serve until a signal ends it."""
        helpers = [asyncio.ensure_future(self.hub.run()), asyncio.ensure_future(self._keep_engine())]
        serving = asyncio.ensure_future(self.uvicorn.serve(sockets=[self.listener]))
        try:
            done, _ = await asyncio.wait([serving, *helpers], return_when=asyncio.FIRST_COMPLETED)
            for each in done:
                each.result()
        finally:
            self.uvicorn.should_exit = True
            for each in helpers:
                each.cancel()
            await asyncio.gather(serving, *helpers, return_exceptions=True)

    async def _keep_engine(self) -> None:
        """An engine that died leaves work behind that nobody does; one that ends at once is not started for ever."""
        started = 0
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if not self.hub.busy():
                started = 0
            elif started < STARTS:
                started += await asyncio.to_thread(self.bench.engine.wake)


@contextlib.contextmanager
def prepare(folder: Path, bench: Bench, opening: Opening) -> Iterator[Serving]:
    """Bind, make keys, put the application together. Raises UsageError for an address that cannot be used."""
    opening.check()
    secret_file = folder / SECRET
    keys = Keys(read_or_make_secret(secret_file), lambda: int(time.time()))
    with _bind(opening) as listener:
        port = listener.getsockname()[1]
        names = _names(opening)
        url = f"{'https' if opening.secure else 'http'}://{_shown(opening)}:{port}"
        entry = Entry(keys, f"hive-{digest(str(folder))[:8]}", opening.secure, opening.origins)
        hub = make_hub(bench.log, bench.history)
        config = _config(make_app(bench, Server(entry, names), hub), opening)
        running = folder / RUNNING
        _write(running, {"url": url, "pid": os.getpid(), "certificate": _text(opening.certificate)})
        try:
            yield Serving(
                url, _opens(opening, names), secret_file, entry, bench, hub, uvicorn.Server(config), listener,
                opening.shared,
            )  # fmt: skip
        finally:
            running.unlink(missing_ok=True)


def _config(app: ASGIApp, opening: Opening) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        ws="websockets-sansio",
        http="h11",
        loop="asyncio",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        ws_max_size=16 * 1024,
        ws_per_message_deflate=False,
        limit_concurrency=1000,
        timeout_graceful_shutdown=2,
        ssl_certfile=opening.certificate,
        ssl_keyfile=opening.key,
    )


def _bind(opening: Opening) -> socket.socket:
    family = socket.AF_INET6 if ":" in opening.address else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((opening.address, opening.port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise UsageError(
            f"cannot listen on {opening.address}:{opening.port}: {error.strerror}",
            next_step="hive serve --port 0 takes a free one; `hive serve --link operator` if hive serves already",
        ) from error
    return listener


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def _shown(opening: Opening) -> str:
    """The host for links: a name where there is one, because `0.0.0.0` is not an address to go to."""
    if opening.names:
        return opening.names[0]
    if opening.address in ("0.0.0.0", "::"):  # noqa: S104 - told apart, not bound
        return socket.gethostname().lower()
    return f"[{opening.address}]" if ":" in opening.address else opening.address


def _names(opening: Opening) -> tuple[str, ...]:
    own = () if _is_loopback(opening.address) else (socket.gethostname().lower(), _shown(opening))
    return tuple(dict.fromkeys((*LOOPBACK, *own, *opening.names)))


def _opens(opening: Opening, names: tuple[str, ...]) -> tuple[str, ...]:
    if not opening.shared:
        return ()
    lines = [
        f"shared: everybody who reaches {opening.address} can try; it answers for {', '.join(names)}",
        "a viewer sees code, diffs and agents' words; a reviewer also judges; an operator also starts and lands",
    ]
    if not opening.secure:
        lines.append("WITHOUT TLS: whoever sees the network's traffic sees all of this and can act as you")
    return tuple(lines)


def _text(path: Path | None) -> str | None:
    return str(path.absolute()) if path else None


def _write(path: Path, told: dict[str, object]) -> None:
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(told, file)
    part.replace(path)


def token_of(folder: Path, role: str) -> str:
    """The bearer token of a role, which never changes while the token file stays."""
    return Keys(read_or_make_secret(folder / SECRET), lambda: 0).token(ROLES[role])


def link_to_running(folder: Path, role: str) -> str:
    """A new link of the server that runs on this project. Raises UsageError when there is none."""
    none = UsageError("hive does not serve this project now", next_step="hive serve")
    try:
        told = json.loads((folder / RUNNING).read_bytes())
    except (OSError, ValueError) as error:
        raise none from error
    token = token_of(folder, "operator")
    asked = urllib.request.Request(  # noqa: S310 - the address is the server's own
        f"{told['url']}/api/v1/links",
        data=json.dumps({"role": role}).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    context = ssl.create_default_context(cafile=told["certificate"]) if told["certificate"] else None
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
    )
    try:
        with opener.open(asked, timeout=10) as answer:
            return str(told["url"] + json.load(answer)["path"])
    except urllib.error.HTTPError as error:
        raise HiveError(f"the server refused: {error.code}", next_step="end it and start it again") from error
    except (urllib.error.URLError, OSError) as error:
        raise HiveError(
            f"{told['url']} does not answer: {one_line(str(error))}", next_step="hive serve"
        ) from error
