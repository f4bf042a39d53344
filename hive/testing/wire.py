"""What the servers of all providers share: server-sent events, errors and pieces of text."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from hive.testing.request import Request
from hive.testing.script import Refusal, Reply

KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    529: "overloaded_error",
}


class Answer(NamedTuple):
    """A whole answer: status, headers and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Dialect(Protocol):
    """How one provider's API speaks."""

    def serves(self, request: Request) -> bool:
        """Whether the request asks the model for an answer."""
        ...

    def streams(self, request: Request) -> bool:
        """Whether the answer is wanted as events."""
        ...

    def answered(self, request: Request) -> int:
        """How many answers of the model the request's conversation holds already."""
        ...

    def events(self, reply: Reply, request: Request, identity: str) -> list[bytes]:
        """The whole stream, event by event."""
        ...

    def whole(self, reply: Reply, request: Request, identity: str) -> dict[str, Any]:
        """The answer as one object."""
        ...

    def refusal(self, refusal: Refusal) -> dict[str, Any]:
        """The body of an error."""
        ...

    def error_event(self, refusal: Refusal) -> bytes:
        """An error in mid-stream."""
        ...

    def ping(self) -> bytes:
        """A sign of life that says nothing."""
        ...


def sse(data: Mapping[str, Any] | str, event: str | None = None) -> bytes:
    """One server-sent event."""
    text = data if isinstance(data, str) else json.dumps(data)
    return (f"event: {event}\n" if event else "").encode() + f"data: {text}\n\n".encode()


def pieces(text: str, size: int) -> Iterator[str]:
    """The text in deltas, at least one."""
    yield text[:size]
    for start in range(size, len(text), size):
        yield text[start : start + size]


def refused(refusal: Refusal, body: Mapping[str, Any]) -> Answer:
    """An error as a whole answer."""
    headers = {"content-type": "application/json", **refusal.headers}
    if refusal.retry_after is not None:
        headers["retry-after"] = f"{refusal.retry_after:g}"
    return Answer(refusal.status, headers, json.dumps(body).encode())


def kind(refusal: Refusal) -> str:
    """The word for the error."""
    return refusal.kind or KINDS.get(refusal.status, "api_error")
