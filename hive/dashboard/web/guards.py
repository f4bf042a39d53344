"""What every connection passes before any route sees it: known host, bounded body, strict headers, no traces."""

import logging
from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hive.dashboard.web import problem

LARGEST_BODY = 256 * 1024
LONGEST_TARGET = 8 * 1024
LOG = logging.getLogger("hive.web")
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


def host_name(host: str) -> str:
    """The name in a Host header, lower case, without its port: `[::1]:8470` -> `[::1]`."""
    name, _, port = host.rpartition(":")
    return (name if name and port.isdigit() else host).lower()


class Guards:
    """The outermost layer, around HTTP and WebSocket alike."""

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self.app = app
        self.hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on with the strict headers added."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif refusal := self._refusal(scope):
            await _refuse(scope, send, *refusal)
        elif scope["type"] == "websocket":
            await self.app(scope, receive, send)
        else:
            await _Exchange(receive, send).run(self.app, scope)

    def _refusal(self, scope: Scope) -> tuple[int, str, str] | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or host_name(hosts[0]) not in self.hosts:
            named = hosts[0] if hosts else ""
            return (
                400,
                f"this server does not answer for {named!r}",
                "hive serve --host-name NAME allows a name",
            )
        if len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"") > LONGEST_TARGET:
            return 400, "the address is too long", problem.LOOK
        length = headers.get("content-length", "0")
        if not length.isdigit():
            return 400, "the content length is not a number", problem.LOOK
        if int(length) > LARGEST_BODY:
            return 413, f"{length} bytes are more than {LARGEST_BODY}", "send less at a time"
        return None


class _Exchange:
    """One HTTP request and its response."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._read = 0
        self._began = False

    async def run(self, app: ASGIApp, scope: Scope) -> None:
        """Let the application answer; what it cannot answer is told without its trace."""
        try:
            await app(scope, self.receive, self.send)
        except Exception as error:  # the last door: whatever it was, the client learns no more than this
            LOG.exception("%s %s failed", scope["method"], scope["path"].encode("unicode_escape").decode())
            if not self._began:
                name = type(error).__name__
                await _refuse(scope, self._send, 500, f"this is a defect of hive ({name})", "see hive's log")

    async def receive(self) -> Message:
        """The next piece of the body, as long as it is not too large."""
        message = await self._receive()
        self._read += len(message.get("body", b""))
        if self._read > LARGEST_BODY:
            raise HTTPException(413, f"more than {LARGEST_BODY} bytes")
        return message

    async def send(self, message: Message) -> None:
        """Pass on, with the headers that every response carries."""
        if message["type"] == "http.response.start":
            self._began = True
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)


async def _refuse(scope: Scope, send: Send, status: int, detail: str, next_step: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": ""})
        return
    content = problem.body(status, detail, next_step)
    fixed = {"Content-Type": problem.MEDIA, "Content-Length": str(len(content))} | HEADERS
    if status == 413:
        fixed["Connection"] = "close"  # whatever else is on its way is not read
    headers = [(name.lower().encode(), value.encode()) for name, value in fixed.items()]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else content})
