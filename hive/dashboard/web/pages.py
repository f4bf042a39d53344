"""The page, its files, and the door through which a printed link lets a browser in."""

from typing import Annotated

from fastapi import FastAPI, Path, Request
from fastapi.responses import HTMLResponse, Response

from hive.dashboard.web import files, problem
from hive.dashboard.web.access import Entry, LinkHolder, Viewer
from hive.dashboard.web.keys import SESSION_SECONDS, Session

FilePath = Annotated[str, Path(max_length=200)]
WELCOME = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>hive</title><link rel="icon" href="data:,">
<meta http-equiv="refresh" content="0;url=/"></head>
<body><p>Signed in. <a href="/">Go on to hive</a></p></body></html>
"""


def register(app: FastAPI) -> None:
    """Add the routes."""
    served = files.load()

    @app.get("/", include_in_schema=False)
    async def index(_session: Viewer, request: Request) -> Response:
        return _file(request, served["index.html"])

    @app.get("/static/{path:path}", include_in_schema=False)
    async def static(_session: Viewer, request: Request, path: FilePath) -> Response:
        found = served.get(path)
        return _file(request, found) if found else problem.answer(404, f"there is no file {path!r}", "/")

    @app.get("/open", include_in_schema=False)
    async def open_link(session: LinkHolder) -> Response:
        return _welcome(app.state.entry, session)


def _file(request: Request, found: files.StaticFile) -> Response:
    headers = {"ETag": found.etag, "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == found.etag:
        return Response(status_code=304, headers=headers)
    return Response(found.content, headers=headers, media_type=found.media)


def _welcome(entry: Entry, session: Session) -> Response:
    """A cookie, and a page that goes on by itself.

    A redirect would not do: a browser that came here from another site sends no SameSite=Strict cookie along it.
    """
    welcome = HTMLResponse(WELCOME)
    welcome.set_cookie(
        entry.cookie,
        entry.keys.cookie(session),
        max_age=SESSION_SECONDS,
        httponly=True,
        samesite="strict",
        secure=entry.secure,
    )
    return welcome
