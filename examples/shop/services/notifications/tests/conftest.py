"""A service with empty files, called without a socket."""

import io
import json

import pytest

from notifications.api import build_app
from notifications.contacts import Contacts
from notifications.outbox import Outbox


class Client:
    def __init__(self, app) -> None:
        self._app = app

    def __call__(self, method: str, path: str, body: object = None):
        raw = b"" if body is None else json.dumps(body).encode()
        seen = {}
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "CONTENT_LENGTH": str(len(raw)),
            "wsgi.input": io.BytesIO(raw),
        }
        answer = self._app(environ, lambda status, headers: seen.update(status=int(status[:3])))
        return seen["status"], json.loads(b"".join(answer))


@pytest.fixture
def contacts(tmp_path) -> Contacts:
    return Contacts(tmp_path / "contacts.json")


@pytest.fixture
def outbox(tmp_path) -> Outbox:
    return Outbox(tmp_path / "outbox.jsonl")


@pytest.fixture
def call(contacts: Contacts, outbox: Outbox) -> Client:
    return Client(build_app(contacts, outbox))


@pytest.fixture
def user() -> dict[str, object]:
    return {
        "user_id": "u1",
        "email": "ada@example.com",
        "display_name": "Ada <Berg>",
        "phone": "+4930123456",
        "marketing_opt_in": True,
        "store_credit": 12,
        "created_at": "2024-05-01T08:00:00.000+00:00",
        "updated_at": "2024-06-01T09:30:00.000+00:00",
    }


@pytest.fixture
def post(call):
    """Posts an event of a type with its data."""
    frame = {"specversion": "1.0", "id": "e1", "source": "/test", "time": "2024-06-01T09:30:00Z"}
    return lambda kind, data: call("POST", "/events", {**frame, "type": kind, "data": data})
