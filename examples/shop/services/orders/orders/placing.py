"""Place an order: who buys, what it costs, whether it is paid."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from orders.events import Publisher
from orders.order import CURRENCY, Item, Order, delivery_fee, goods_total
from orders.payments_client import PaymentsClient
from orders.store import Store
from orders.users_client import UsersClient


class UnknownUser(Exception):
    """The users service does not know the buyer."""


@dataclass(frozen=True)
class Shop:
    store: Store
    users: UsersClient
    payments: PaymentsClient
    publisher: Publisher

    def place(self, user_id: str, items: Sequence[Item]) -> Order:
        """Raises UnknownUser, or Unavailable when a service that is needed does not answer."""
        if (buyer := self.users.get(user_id)) is None:
            raise UnknownUser(user_id)
        fee = delivery_fee(buyer)
        total = goods_total(items) + fee
        order_id = uuid.uuid4().hex
        paid = self.payments.authorize(order_id=order_id, user_id=user_id, amount=total, currency=CURRENCY)
        order = Order(
            order_id=order_id,
            customer=buyer,
            items=tuple(items),
            delivery_fee=fee,
            total=total,
            currency=CURRENCY,
            status="paid" if paid else "declined",
            placed_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        )
        self.store.add(order)
        if paid:
            self._announce(order)
        return order

    def _announce(self, order: Order) -> None:
        self.publisher.publish(
            "order.created",
            {
                "order_id": order.order_id,
                "user_id": order.customer.user_id,
                "total": order.total,
                "currency": order.currency,
            },
        )
