"""A model's address and what opens it: the agent has a stand-in, and hive's proxy puts the key in its place."""

import base64
import contextlib
import secrets
import ssl
from asyncio import IncompleteReadError, LimitOverrunError, StreamReader, StreamWriter, open_connection
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]  # public, yet not in its stubs

from hive.network.endpoints import Endpoint
from hive.text import decode, one_line

STAND_IN = "held-by-hive-"
_LONGEST_HEAD = 1 << 16


def _stand_in() -> str:
    return STAND_IN + secrets.token_hex(24)


@dataclass(frozen=True)
class Upstream:
    """One model, for one session."""

    url: str
    key: str = field(repr=False)
    stand_in: str = field(default_factory=_stand_in, repr=False)
    """Whoever knows it may use the key by way of the proxy, for as long as the session lasts."""
    via: str = field(default="", repr=False)
    """The person's own proxy, which the model is reached through; none when it is empty."""
    trusted: str = ""
    """A file with certificates that are trusted besides the system's."""

    def opened(self, headers: tuple[tuple[bytes, bytes], ...]) -> tuple[tuple[bytes, bytes], ...] | None:
        """The headers with the key in place of its stand-in; none when that is not in them."""
        stand_in, key = self.stand_in.encode(), self.key.encode("utf-8", "replace")
        if not any(stand_in in value for _, value in headers):
            return None
        return tuple((name, value.replace(stand_in, key)) for name, value in headers)


def proxy_of(url: str, environ: Mapping[str, str]) -> str:
    """The proxy that a person's environment names for an address; empty when there is none."""
    parts = urlsplit(url)
    lowered = {name.lower(): value for name, value in environ.items() if name.lower().endswith("_proxy")}
    if proxy_bypass_environment(parts.hostname or "", {"no": lowered.get("no_proxy", "")}):
        return ""
    return lowered.get(f"{parts.scheme}_proxy", "")


@cache
def trusting(more: str = "") -> ssl.SSLContext:
    """What the system trusts, and the certificates in one more file."""
    context = ssl.create_default_context()
    if more:
        context.load_verify_locations(more)
    return context


async def by_proxy(
    via: str, target: Endpoint, context: ssl.SSLContext | None
) -> tuple[StreamReader, StreamWriter]:
    """A connection to the target by way of a proxy (CONNECT, RFC 9110 section 9.3.6). Raises OSError."""
    proxy = urlsplit(via if "://" in via else f"http://{via}")
    port = proxy.port or (443 if proxy.scheme == "https" else 80)
    tls = trusting() if proxy.scheme == "https" else None
    reader, writer = await open_connection(proxy.hostname or "", port, ssl=tls, limit=_LONGEST_HEAD)
    try:
        await _tunnel(reader, writer, proxy, target)
        if context is not None:
            await writer.start_tls(context, server_hostname=target.host)
    except BaseException:
        with contextlib.suppress(OSError):
            writer.close()
        raise
    return reader, writer


async def _tunnel(reader: StreamReader, writer: StreamWriter, proxy: SplitResult, target: Endpoint) -> None:
    head = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if proxy.username:
        pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
        head.append(f"Proxy-Authorization: Basic {base64.b64encode(pair.encode()).decode()}")
    writer.write("\r\n".join([*head, "", ""]).encode())
    try:
        answer = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0]
    except (IncompleteReadError, LimitOverrunError) as error:
        raise ConnectionError(f"the proxy {proxy.hostname} gives no answer") from error
    if answer.split(b" ")[1:2] != [b"200"]:
        raise ConnectionError(f"the proxy {proxy.hostname} refuses: {one_line(decode(answer), 200)}")
