"""The proxy between a confined command and the network: exact hosts, names resolved here, keys added here."""

import asyncio
import contextlib
import os
import shutil
import socket
import ssl
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from hive.errors import HiveError
from hive.network import heads
from hive.network.endpoints import Endpoint, endpoint, reachable
from hive.network.upstream import Upstream, by_proxy, trusting
from hive.ports import Doorway
from hive.text import one_line

CONNECTIONS = 64
HEAD_BYTES = 1 << 16
HEAD_SECONDS = 30.0
DIAL_SECONDS = 20.0
IDLE_SECONDS = 900.0
"""A model may think for minutes without a byte."""
TOLD = 50
"""Refused hosts of one session that are told; a command may try any number."""
_CHUNK = 1 << 16
_LONGEST_SOCKET = 100
Refused = Callable[[str], Awaitable[None]]


class RefusedError(HiveError):
    """Something that may not be connected to."""


@contextlib.asynccontextmanager
async def egress(
    allowed: Iterable[Endpoint],
    refused: Refused,
    *,
    upstreams: Sequence[Upstream] = (),
    variables: Mapping[str, str] | None = None,
) -> AsyncIterator[Doorway]:
    """A door to `allowed`, and by plain requests to `upstreams`; closed with all its connections at the end.

    `refused` hears of each host that was asked for and is not on the list, once.
    """
    proxy = _Proxy({(each.host.lower(), each.port): each for each in allowed}, refused, upstreams)
    folder = _folder()
    try:
        making = asyncio.start_unix_server(proxy.serve, folder / "s", limit=HEAD_BYTES, start_serving=False)
        async with _serving(proxy, await making):
            yield Doorway(folder / "s", dict(variables or {}))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.asynccontextmanager
async def loopback(upstreams: Sequence[Upstream], refused: Refused) -> AsyncIterator[str]:
    """An address of this machine that leads to `upstreams` alone, for a program that has a network of its own.

    Others of the machine can connect to it too, and get nowhere: they do not know a stand-in.
    """
    proxy = _Proxy({}, refused, upstreams)
    making = asyncio.start_server(proxy.serve, "127.0.0.1", 0, limit=HEAD_BYTES, start_serving=False)
    async with _serving(proxy, await making) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@contextlib.asynccontextmanager
async def _serving(proxy: "_Proxy", server: asyncio.Server) -> AsyncIterator[asyncio.Server]:
    """Begun apart from being made: cancelled in between, asyncio would forget the socket."""
    try:
        await server.start_serving()
        yield server
    finally:
        server.close()
        await proxy.close()


def _folder() -> Path:
    """A private folder for one door; those of a hive that was killed go."""
    place = Path(tempfile.gettempdir())
    if len(str(place)) + 34 > _LONGEST_SOCKET:  # the system's limit for the path of a socket
        place = Path("/tmp")  # noqa: S108
    for left in place.glob("hive-door-*-*"):
        pid = left.name.split("-")[2]
        if pid.isdigit() and not _alive(int(pid)):
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"hive-door-{os.getpid()}-", dir=place))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@dataclass
class _Proxy:
    allowed: Mapping[tuple[str, int], Endpoint]
    refused: Refused
    upstreams: Sequence[Upstream]
    told: set[str] = field(default_factory=set)
    serving: set[asyncio.Task[None]] = field(default_factory=set)

    async def close(self) -> None:
        """End every connection."""
        for task in self.serving:
            task.cancel()
        await asyncio.gather(*self.serving, return_exceptions=True)

    def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, in a task that `close` ends."""
        if len(self.serving) >= CONNECTIONS:
            writer.close()
            return
        task = asyncio.ensure_future(self._served(reader, writer))
        self.serving.add(task)
        task.add_done_callback(self.serving.discard)

    async def _served(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), HEAD_SECONDS)
            await self._answered(heads.parse(head), reader, writer)
        except RefusedError as error:
            writer.write(heads.refusal("403 Forbidden", f"{error.message}; {error.next_step}"))
        except HiveError as error:
            writer.write(heads.refusal("400 Bad Request", f"{error.message}; {error.next_step}"))
        except (OSError, ssl.SSLError, TimeoutError) as error:
            writer.write(heads.refusal("502 Bad Gateway", f"cannot connect: {error or type(error).__name__}"))
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # no whole head has come
        finally:
            with contextlib.suppress(OSError):
                writer.close()

    async def _answered(
        self, request: heads.Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if request.way == "reverse":
            near, head = await self._to_model(request)
        elif request.target is None or (known := self._known(request.target)) is None:
            raise await self._refusal(str(request.target), "is not on the list of this session")
        else:
            near = await self._dial(known)
            head = b"" if request.way == "tunnel" else heads.onward(request, str(known), request.path)
        far_reader, far_writer = near
        try:
            if request.way == "tunnel":
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            far_writer.write(head)
            await _both_ways(reader, writer, far_reader, far_writer)
        finally:
            far_writer.close()

    def _known(self, target: Endpoint) -> Endpoint | None:
        return self.allowed.get((target.host.lower(), target.port))

    async def _to_model(
        self, request: heads.Request
    ) -> tuple[tuple[asyncio.StreamReader, asyncio.StreamWriter], bytes]:
        if not self.upstreams:
            raise await self._refusal("a request without a host", "leads nowhere here")
        asked = ((each, each.opened(request.headers)) for each in self.upstreams)
        upstream, headers = next((pair for pair in asked if pair[1] is not None), (None, None))
        if upstream is None or headers is None:
            step = "send what stands in the variable of the key"
            raise RefusedError("a request to the model without the session's own key", next_step=step)
        url = urlsplit(upstream.url)
        if b".." in request.path:
            raise await self._refusal(heads.one(request.path), "leaves the model's own paths")
        near = await self._dial(
            endpoint(upstream.url, private=True),
            context=trusting(upstream.trusted) if url.scheme == "https" else None,
            via=upstream.via,
        )
        path = url.path.rstrip("/").encode() + request.path
        opened = request._replace(headers=headers)
        return near, heads.onward(opened, url.netloc.rpartition("@")[2], path)

    async def _dial(
        self, target: Endpoint, *, context: ssl.SSLContext | None = None, via: str = ""
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        async with asyncio.timeout(DIAL_SECONDS):
            if via:
                return await by_proxy(via, target, context)
            loop = asyncio.get_running_loop()
            found = await loop.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
            addresses = [str(each[4][0]) for each in found]
            usable = [each for each in addresses if reachable(each, private=target.private)]
            if not usable:
                raise await self._refusal(str(target), f"leads to {addresses[0]}, which is not public")
            name = target.host if context else None
            return await asyncio.open_connection(
                usable[0], target.port, ssl=context, server_hostname=name, limit=_CHUNK
            )

    async def _refusal(self, what: str, why: str) -> RefusedError:
        what = one_line(what, 300)
        if what not in self.told and len(self.told) < TOLD:
            self.told.add(what)
            await self.refused(f"{what} {why}")
        step = "a person may add it to `network` in their own hive settings"
        return RefusedError(f"{what} {why}", next_step=step)


async def _both_ways(
    near: asyncio.StreamReader,
    near_out: asyncio.StreamWriter,
    far: asyncio.StreamReader,
    far_out: asyncio.StreamWriter,
) -> None:
    """Until the far side has said all, or neither has said anything for long."""
    asking = asyncio.ensure_future(_copied(near, far_out))
    try:
        await _copied(far, near_out)
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)


async def _copied(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, TimeoutError):
        while chunk := await asyncio.wait_for(source.read(_CHUNK), IDLE_SECONDS):
            target.write(chunk)
            await target.drain()
    with contextlib.suppress(OSError, RuntimeError):
        if target.can_write_eof():
            target.write_eof()
