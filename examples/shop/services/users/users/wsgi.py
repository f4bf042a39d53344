"""The little HTTP that the service needs, on the standard library: JSON in, JSON out."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIServer, make_server

from users import logs

MAX_BODY = 1 << 20


class Problem(Exception):
    """An answer other than success (RFC 9457)."""

    def __init__(self, status: int, title: str, **more: object) -> None:
        super().__init__(title)
        self.status = status
        self.body = {"title": title, "status": status, **more}


@dataclass(frozen=True)
class Request:
    path: Mapping[str, str]
    body: Any


Handler = Callable[[Request], tuple[int, object]]


class App:
    """Routes requests: `app.add("GET", "/things/{thing_id}", handler)`."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = []

    def add(self, method: str, path: str, handler: Handler) -> None:
        self._routes.append((method, re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path)), handler))

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        kind = "application/json"
        try:
            status, answer = self._answer(environ)
        except Problem as problem:
            status, answer, kind = problem.status, problem.body, "application/problem+json"
        body = json.dumps(answer).encode()
        headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
        start_response(f"{status} {HTTPStatus(status).phrase}", headers)
        return [body]

    def _answer(self, environ: dict[str, Any]) -> tuple[int, object]:
        found = [(m, match, h) for m, path, h in self._routes if (match := path.fullmatch(environ["PATH_INFO"]))]
        for method, match, handler in found:
            if method == environ["REQUEST_METHOD"]:
                return handler(Request(match.groupdict(), _body(environ)))
        raise Problem(405, "no such method here") if found else Problem(404, "nothing here")


def _body(environ: dict[str, Any]) -> Any:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length > MAX_BODY:
        raise Problem(413, "the body is too large")
    try:
        return json.loads(environ["wsgi.input"].read(length)) if length else None
    except ValueError as error:
        raise Problem(400, "the body is not JSON") from error


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def serve(app: App, port: int) -> None:
    logs.set_up()
    make_server("", port, app, server_class=_Server).serve_forever()
