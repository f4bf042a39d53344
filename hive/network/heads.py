"""The heads of HTTP requests that the proxy reads: pure, and closed to what it does not know."""

import re
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from hive.errors import UsageError
from hive.network.endpoints import Endpoint, endpoint

_LINE = re.compile(rb"([A-Z]{1,20}) (\S{1,8000}) HTTP/1\.[01]")
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n\0]*)")
_OF_ONE_CONNECTION = frozenset(
    (b"connection", b"proxy-connection", b"keep-alive", b"proxy-authorization", b"te")
)


class Request(NamedTuple):
    """What one connection asks for."""

    way: Literal["tunnel", "forward", "reverse"]
    """A tunnel to `target`, a plain request for it, or a request for the model that hive knows the address of."""
    method: bytes
    path: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    target: Endpoint | None


def parse(head: bytes) -> Request:
    """A request's head, up to the empty line. Raises UsageError with what is wrong with it."""
    first, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    line = _LINE.fullmatch(first)
    matches = [_HEADER.fullmatch(each) for each in lines]
    if line is None or None in matches:
        raise UsageError("this is no HTTP request", next_step="use the proxy with HTTP/1.1")
    headers = tuple((m[1], m[2]) for m in matches if m)
    method, asked = line[1], line[2]
    if method == b"CONNECT":
        return Request("tunnel", method, asked, headers, endpoint(asked.decode("latin-1")))
    if asked.startswith(b"/"):
        return Request("reverse", method, asked, headers, None)
    url = urlsplit(asked.decode("latin-1"))
    if url.scheme != "http":
        raise UsageError(f"{one(asked)!r} cannot be forwarded", next_step="ask for a tunnel with CONNECT")
    path = (url.path or "/") + (f"?{url.query}" if url.query else "")
    return Request("forward", method, path.encode("latin-1"), headers, endpoint(f"http://{url.netloc}"))


def one(asked: bytes) -> str:
    """A target as text of bounded length."""
    return asked[:300].decode("latin-1")


def onward(request: Request, host: str, path: bytes) -> bytes:
    """The head as it goes on: for one exchange, to that host."""
    kept = [
        (name, value) for name, value in request.headers if name.lower() not in _OF_ONE_CONNECTION | {b"host"}
    ]
    new = [(b"Host", host.encode()), (b"Connection", b"close")]
    lines = [b"%b %b HTTP/1.1" % (request.method, path), *(b"%b: %b" % pair for pair in (*new, *kept))]
    return b"\r\n".join([*lines, b"", b""])


def refusal(status: str, reason: str) -> bytes:
    """An answer of the proxy's own."""
    body = f"hive: {reason}\n".encode("utf-8", "replace")
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}"
    return f"{head}\r\nConnection: close\r\n\r\n".encode() + body
