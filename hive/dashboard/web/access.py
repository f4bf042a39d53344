"""Deny by default: a route needs a role, a change needs more than a cookie, a socket needs its own origin."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Query, Request, WebSocket, WebSocketException
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIWebSocketRoute
from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute

from hive.dashboard.web.keys import Keys, Session
from hive.dashboard.web.problem import Problem
from hive.dashboard.web.role import Role
from hive.errors import UsageError

CSRF_HEADER = "X-Hive-CSRF"
PUBLIC = frozenset({"/health/live", "/health/ready"})
"""Routes without authentication: they tell nothing but up or down."""
SAFE = frozenset({"GET", "HEAD"})
SIGN_IN = "open the link that `hive serve` printed; `hive serve --link operator` prints a new one"


@dataclass(frozen=True)
class Entry:
    """Who comes in: by which cookie, from which origins."""

    keys: Keys
    cookie: str
    secure: bool
    """Whether the server speaks TLS."""
    origins: Collection[str] = ()
    """Further origins that are let in, such as that of a proxy."""

    def session(self, connection: HTTPConnection) -> Session | None:
        """Who that is: a bearer token, where one is given, decides alone."""
        scheme, _, token = connection.headers.get("authorization", "").partition(" ")
        if scheme:
            return self.keys.bearer(token.strip()) if scheme.lower() == "bearer" else None
        return self.keys.open(connection.cookies.get(self.cookie, ""))

    def origin_is_own(self, connection: HTTPConnection) -> bool:
        """Whether the page that asks is one of this server."""
        origin = connection.headers.get("origin", "")
        own = f"{'https' if self.secure else 'http'}://{connection.headers.get('host', '')}"
        return origin == own or origin in self.origins


class Needs:
    """The dependency that every route has."""

    def __init__(self, role: Role) -> None:
        self.role = role

    async def __call__(self, request: Request) -> Session:
        """Let in, or raise."""
        entry: Entry = request.app.state.entry
        session = entry.session(request)
        if session is None:
            raise Problem(401, "no valid key came with this request", next_step=SIGN_IN)
        if session.role < self.role:
            raise Problem(
                403,
                f"a {session.role.word} cannot do this, it takes a {self.role.word}",
                next_step=f"ask the operator for a {self.role.word}'s link (hive serve --link {self.role.word})",
            )
        if request.method not in SAFE:
            _check_change(entry, session, request)
        return session


def _check_change(entry: Entry, session: Session, request: Request) -> None:
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        raise Problem(415, f"{media!r} is not taken here", next_step="send application/json")
    if "origin" in request.headers and not entry.origin_is_own(request):
        raise Problem(403, "the request comes from a page of another site", next_step=SIGN_IN)
    if not session.bearer and not entry.keys.csrf_matches(session, request.headers.get(CSRF_HEADER, "")):
        raise Problem(
            403, f"the header {CSRF_HEADER} is missing or old", next_step="read it from GET /api/v1/session"
        )


class NeedsLink:
    """The dependency of the one route where a printed link opens a session."""

    async def __call__(self, request: Request, key: Annotated[str, Query(max_length=200)] = "") -> Session:
        """Take the key, once, or raise."""
        entry: Entry = request.app.state.entry
        session = entry.keys.redeem(key)
        if session is None:
            raise Problem(401, "this link has been used before, or is too old", next_step=SIGN_IN)
        return session


class NeedsSocket:
    """The same for a WebSocket: no origin is only for programs, which bring the token itself."""

    def __init__(self, role: Role) -> None:
        self.role = role

    async def __call__(self, socket: WebSocket) -> Session:
        """Let in, or close before the handshake."""
        entry: Entry = socket.app.state.entry
        session = entry.session(socket)
        from_page = "origin" in socket.headers
        trusted = entry.origin_is_own(socket) if from_page else session is not None and session.bearer
        if session is None or not trusted or session.role < self.role:
            raise WebSocketException(1008, "refused")
        return session


Viewer = Annotated[Session, Depends(Needs(Role.VIEWER))]
Reviewer = Annotated[Session, Depends(Needs(Role.REVIEWER))]
Operator = Annotated[Session, Depends(Needs(Role.OPERATOR))]
SocketViewer = Annotated[Session, Depends(NeedsSocket(Role.VIEWER))]
LinkHolder = Annotated[Session, Depends(NeedsLink())]


def role_of(route: APIRoute) -> Role | None:
    """Whom a route takes at the least; none where it asks for no role."""
    return next(
        (each.call.role for each in route.dependant.dependencies if isinstance(each.call, Needs)), None
    )


def unguarded(routes: Iterable[BaseRoute]) -> Sequence[str]:
    """Routes that anybody could use."""
    return [_path(route) for route in routes if _path(route) not in PUBLIC and not _is_guarded(route)]


def refuse_unguarded(app: FastAPI) -> None:
    """Raises UsageError when a route has no guard: such a server must not start."""
    if found := unguarded(app.routes):
        raise UsageError(
            f"routes without authentication: {', '.join(found)}",
            next_step="give each a parameter such as `who: Viewer`, which lets a session in",
        )


def _path(route: BaseRoute) -> str:
    return str(getattr(route, "path", repr(route)))


def _is_guarded(route: BaseRoute) -> bool:
    match route:
        case APIRoute(dependant=dependant):
            return _has(dependant, Needs) or _has(dependant, NeedsLink)
        case APIWebSocketRoute(dependant=dependant):
            return _has(dependant, NeedsSocket)
        case _:  # a mount, a plain route: whatever is in there, nobody has asked for a key
            return False


def _has(dependant: Dependant, kind: type[Callable[..., Any]]) -> bool:
    return any(isinstance(each.call, kind) or _has(each, kind) for each in dependant.dependencies)
