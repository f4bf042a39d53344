"""A service with an empty database; users and payments are played by `Others`."""

import io
import json
from collections.abc import Iterator

import pytest

from orders.api import build_app
from orders.payments_client import PaymentsClient
from orders.placing import Shop
from orders.store import Store
from orders.upstream import Unavailable
from orders.users_client import UsersClient


class Others:
    """What the services around this one answer, and what they were asked."""

    def __init__(self, user: dict[str, object]) -> None:
        self.users = {str(user["user_id"]): user}
        self.payment_status = "PAYMENT_STATUS_AUTHORIZED"
        self.down = False
        self.asked: list[tuple[str, str, object]] = []
        self.events: list[tuple[str, dict[str, object]]] = []

    def send(self, method: str, url: str, body: object = None):
        self.asked.append((method, url, body))
        if self.down:
            raise Unavailable(url)
        if url.startswith("http://users/"):
            user = self.users.get(url.rpartition("/")[2])
            return (200, user) if user else (404, None)
        return 200, {"paymentId": "p1", **body, "status": self.payment_status}

    def publish(self, kind: str, data: dict[str, object]) -> None:
        self.events.append((kind, data))


class Client:
    def __init__(self, app) -> None:
        self._app = app

    def __call__(self, method: str, target: str, body: object = None):
        raw = b"" if body is None else json.dumps(body).encode()
        path, _, query = target.partition("?")
        seen = {}
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_LENGTH": str(len(raw)),
            "wsgi.input": io.BytesIO(raw),
        }
        answer = self._app(environ, lambda status, headers: seen.update(status=int(status[:3])))
        return seen["status"], json.loads(b"".join(answer))


@pytest.fixture
def user() -> dict[str, object]:
    return {
        "user_id": "u1",
        "email": "ada@example.com",
        "display_name": "Ada Berg",
        "phone": "+4930123456",
        "marketing_opt_in": True,
        "store_credit": 3,
        "created_at": "2024-05-01T08:00:00.000+00:00",
        "updated_at": "2024-06-01T09:30:00.000+00:00",
    }


@pytest.fixture
def new_order() -> dict[str, object]:
    return {
        "user_id": "u1",
        "items": [
            {"sku": "notebook", "quantity": 2, "unit_price": 1250},
            {"sku": "pencil", "quantity": 10, "unit_price": 90},
        ],
    }


@pytest.fixture
def others(user: dict[str, object]) -> Others:
    return Others(user)


@pytest.fixture
def call(others: Others) -> Iterator[Client]:
    store = Store.open(":memory:")
    users = UsersClient("http://users/", others.send)
    payments = PaymentsClient("http://payments", others.send)
    yield Client(build_app(Shop(store, users, payments, others)))
    store.close()
