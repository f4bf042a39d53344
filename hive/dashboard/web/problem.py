"""Errors as problem+json (RFC 9457): what happened, with the value, and what to do next; never a trace."""

import html
import json
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from hive.errors import HiveError, NeedsPerson, UsageError
from hive.text import one_line, sanitize

MEDIA = "application/problem+json"
TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Not possible now",
    413: "Too large",
    415: "Wrong content type",
    422: "Not understood",
    500: "A defect of hive",
    503: "Not ready",
}
CLOSED = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>hive: not signed in</title><link rel="icon" href="data:,"></head>
<body><h1>hive does not know this browser</h1><p>To sign in: {next}.</p></body></html>
"""
"""For a person, words instead of a document."""


class Wrong(BaseModel):
    """A part of a request that is not understood."""

    where: str
    why: str


class ProblemView(BaseModel):
    """An error: what happened, with the value, and what to do next."""

    title: str
    status: int
    detail: str
    next: str = ""
    errors: list[Wrong] = []


_DOCUMENT = {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}
RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"description": title, "content": _DOCUMENT} for status, title in TITLES.items() if status != 500
}
"""How any route can refuse, for the description of the API."""
LOOK = "GET /api/v1/openapi.json describes every address"


class Problem(HiveError):  # noqa: N818 - it is the name of the format
    """An error with an HTTP status."""

    def __init__(self, status: int, message: str, *, next_step: str = "") -> None:
        super().__init__(message, next_step=next_step)
        self.status = status


def body(status: int, detail: str, next_step: str = "", **more: object) -> bytes:
    """The document; outside text in it is sanitized."""
    told = {"title": TITLES.get(status, "Error"), "status": status, "detail": sanitize(detail, 2000)}
    if next_step:
        told["next"] = sanitize(next_step, 500)
    return json.dumps(told | more).encode()


def answer(
    status: int, detail: str, next_step: str = "", headers: Mapping[str, str] | None = None, **more: object
) -> Response:
    """The document as a response."""
    challenge = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    told = body(status, detail, next_step, **more)
    return Response(told, status, {**challenge, **(headers or {})}, media_type=MEDIA)


def of_error(error: HiveError) -> Response:
    """A HiveError as a response: what a person must decide, and what is refused as things are, is a conflict."""
    match error:
        case Problem():
            status = error.status
        case UsageError() | NeedsPerson():
            status = 409
        case _:
            status = 503
    return answer(status, error.message, error.next_step)


def _describe(app: FastAPI) -> None:
    make = app.openapi

    def described() -> dict[str, Any]:
        told = make()
        schema = ProblemView.model_json_schema(ref_template="#/components/schemas/{model}")
        told["components"]["schemas"] |= schema.pop("$defs") | {"Problem": schema}
        return told

    app.openapi = described  # type: ignore[method-assign] # as FastAPI's own documentation says


def install(app: FastAPI) -> None:
    """Every error of every route takes this form, and the description says so."""
    _describe(app)

    @app.exception_handler(HiveError)
    async def _hive(request: Request, error: Exception) -> Response:
        if not isinstance(error, HiveError):
            return answer(500, "unknown")
        if getattr(error, "status", 0) == 401 and "text/html" in request.headers.get("accept", ""):
            return HTMLResponse(CLOSED.format(next=html.escape(error.next_step)), 401)
        return of_error(error)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        where = f"{request.method} {one_line(request.url.path)!r}"
        words = {404: f"there is no {where}", 405: f"there is no {where}", 413: f"{where} is too large"}
        detail = words.get(status, f"{where} cannot be read")
        headers = error.headers if isinstance(error, HTTPException) else None
        return answer(status, detail, LOOK, headers)

    @app.exception_handler(RequestValidationError)
    async def _invalid(_request: Request, error: Exception) -> Response:
        found = error.errors() if isinstance(error, RequestValidationError) else []
        wrong = [
            {"where": ".".join(str(part) for part in each["loc"])[:200], "why": str(each["msg"])[:200]}
            for each in found[:20]
        ]
        first = f"{wrong[0]['where']}: {wrong[0]['why']}" if wrong else "it does not fit the description"
        return answer(422, f"the request is not understood: {first}", LOOK, errors=wrong)
