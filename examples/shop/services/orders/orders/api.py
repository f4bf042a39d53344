"""The HTTP interface; `contracts/orders.openapi.yaml` says what it promises."""

from orders import order, supplier
from orders.order import Item
from orders.placing import Shop, UnknownUser
from orders.upstream import Unavailable
from orders.wsgi import App, Problem, Request


def build_app(shop: Shop) -> App:
    api = Api(shop)
    app = App()
    app.add("GET", "/healthz", lambda request: (200, {"status": "ok"}))
    app.add("GET", "/orders", api.list)
    app.add("POST", "/orders", api.place)
    app.add("GET", "/orders/{order_id}", api.get)
    app.add("GET", "/suppliers", api.suppliers)
    return app


class Api:
    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def list(self, request: Request) -> tuple[int, object]:
        found = self._shop.store.find(request.query.get("user_id"))
        return 200, {"orders": [order.to_json(one) for one in found]}

    def get(self, request: Request) -> tuple[int, object]:
        if (found := self._shop.store.get(request.path["order_id"])) is None:
            raise Problem(404, "no such order")
        return 200, order.to_json(found)

    def place(self, request: Request) -> tuple[int, object]:
        user_id, items = _new_order(request.body)
        try:
            return 201, order.to_json(self._shop.place(user_id, items))
        except UnknownUser as error:
            raise Problem(422, "no such user") from error
        except Unavailable as error:
            raise Problem(502, "a service that is needed did not answer") from error

    def suppliers(self, request: Request) -> tuple[int, object]:
        return 200, {"suppliers": [supplier.to_json(one) for one in self._shop.store.suppliers()]}


def _new_order(body: object) -> tuple[str, list[Item]]:
    try:
        items = [Item(**item) for item in body["items"]]  # type: ignore[index]
        user_id = body["user_id"]  # type: ignore[index]
    except (TypeError, KeyError) as error:
        raise Problem(422, "an order needs user_id and items of sku, quantity and unit_price") from error
    if not isinstance(user_id, str) or not items or not all(map(_valid, items)):
        raise Problem(422, "user_id, quantities or prices are not valid")
    return user_id, items


def _valid(item: Item) -> bool:
    numbers = type(item.quantity) is int and type(item.unit_price) is int
    return isinstance(item.sku, str) and numbers and item.quantity >= 1 and item.unit_price >= 0
