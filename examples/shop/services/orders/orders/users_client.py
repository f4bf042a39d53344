"""Ask the users service; `contracts/users.openapi.yaml`."""

from urllib.parse import quote

from orders.customer import Customer, from_users_api
from orders.upstream import Send, Unavailable, send


class UsersClient:
    def __init__(self, url: str, transport: Send = send) -> None:
        self._url = url.rstrip("/")
        self._send = transport

    def get(self, user_id: str) -> Customer | None:
        status, body = self._send("GET", f"{self._url}/users/{quote(user_id, safe='')}")
        if status == 404:
            return None
        if status != 200:
            raise Unavailable(f"users answered {status}")
        return from_users_api(body)
