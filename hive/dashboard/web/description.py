"""What the description of the API says besides its addresses: how to get in, who may do what, streams and tags."""

from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from hive.dashboard.web.access import PUBLIC, Entry, role_of

ABOUT = """\
All of a project that `hive serve` serves: runs, their services and diffs, the merge queue, events.

**Getting in.** Programs send `Authorization: Bearer TOKEN`; `hive serve --token operator` (or `reviewer`, `viewer`)
prints one. Browsers come by a one-time link and have a cookie; their changes carry the header `X-Hive-CSRF` with the
value that `GET /api/v1/session` gives. Which role an address takes is said with each.

**Changes** are JSON objects (`Content-Type: application/json`), `{}` where nothing is to be said. The answer is the run
as it is then.

**Refusals** are `application/problem+json`: `detail` says what, with the value, and `next` what to do about it.

**Events** have a number, `seq`, without gap or repeat. `GET /api/v1/events` pages through them, or streams them as
server-sent events, which go on after `Last-Event-ID`. The socket `/api/v1/live` sends a `snapshot` of the runs, then a
`batch` whenever something happens; a client that returns says `?after=SEQ&log=ID` and gets what it missed.
"""
TAGS = {
    "runs": "Runs, their services, diffs, outputs; plans and beginnings.",
    "decisions": "What a person decides: each is an event, signed with who asked.",
    "queue": "The merge queue: lanes, what stands on what, and what steers it.",
    "events": "The log itself.",
    "project": "Services, contracts, and what can be chosen.",
    "session": "Who asks, links for others, this description.",
    "metrics": "Figures for Prometheus.",
    "health": "Up or down; no key is asked for.",
}
STREAM = "text/event-stream"
LAST_EVENT = {
    "name": "Last-Event-ID",
    "in": "header",
    "required": False,
    "description": "Of a stream that was cut: it goes on after this event.",
    "schema": {"type": "string", "maxLength": 18, "pattern": "^[0-9]+$"},
}


def install(app: FastAPI) -> None:
    """Have the description say all this."""
    make = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _complete(app, make())
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign] # as FastAPI's own documentation says


def name(route: APIRoute) -> str:
    """What a generated client calls an operation: as the function that answers it."""
    return route.name


def _complete(app: FastAPI, told: dict[str, Any]) -> dict[str, Any]:
    entry: Entry = app.state.entry
    told["info"]["description"] = ABOUT
    told["tags"] = [{"name": tag, "description": words} for tag, words in TAGS.items()]
    told["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "cookie": {"type": "apiKey", "in": "cookie", "name": entry.cookie},
    }
    told["security"] = [{"token": []}, {"cookie": []}]
    for route in app.routes:
        if isinstance(route, APIRoute) and route.path_format in told["paths"]:
            for method in route.methods or ():
                _tell(route, told["paths"][route.path_format][method.lower()])
    events = told["paths"]["/api/v1/events"]["get"]
    events["parameters"].append(LAST_EVENT)
    events["responses"]["200"]["content"][STREAM] = {"schema": {"type": "string"}}
    return told


def _tell(route: APIRoute, operation: dict[str, Any]) -> None:
    words = operation.get("description", "")
    operation["summary"] = words.partition("\n")[0].rstrip(".")
    if route.path in PUBLIC:
        operation["security"] = []
    elif role := role_of(route):
        operation["description"] = f"{words}\n\nTakes a {role.word}."
        operation["x-hive-role"] = role.word
