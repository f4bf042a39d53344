"""A service with an empty database, called without a socket."""

import io
import json
from collections.abc import Iterator

import pytest

from users.api import build_app
from users.store import Store


class Recorder:
    def __init__(self) -> None:
        self.events: list[tuple[str, dict[str, object]]] = []

    def publish(self, kind: str, data: dict[str, object]) -> None:
        self.events.append((kind, data))


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
def store() -> Iterator[Store]:
    store = Store.open(":memory:")
    yield store
    store.close()


@pytest.fixture
def published() -> Recorder:
    return Recorder()


@pytest.fixture
def call(store: Store, published: Recorder) -> Client:
    return Client(build_app(store, published))


@pytest.fixture
def new_user() -> dict[str, object]:
    return {
        "email": "ada@example.com",
        "display_name": "Ada Berg",
        "phone": "+4930123456",
        "marketing_opt_in": True,
        "store_credit": 12,
    }


@pytest.fixture
def changes() -> dict[str, object]:
    return {
        "email": "ada.berg@example.com",
        "display_name": "Ada Lovis Berg",
        "phone": "",
        "marketing_opt_in": False,
        "store_credit": 5,
    }
