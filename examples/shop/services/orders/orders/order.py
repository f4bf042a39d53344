"""An order and what it costs. Amounts are integers in cents."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from orders import customer
from orders.customer import Customer

CURRENCY = "EUR"
DELIVERY_FEE = 490
FREE_DELIVERY_FROM_CREDIT = 10


@dataclass(frozen=True, kw_only=True)
class Item:
    sku: str
    quantity: int
    unit_price: int


@dataclass(frozen=True, kw_only=True)
class Order:
    order_id: str
    customer: Customer
    items: tuple[Item, ...]
    delivery_fee: int
    total: int
    currency: str
    status: str
    placed_at: str


def delivery_fee(buyer: Customer) -> int:
    """Delivery is free for those with enough store credit."""
    return 0 if buyer.store_credit >= FREE_DELIVERY_FROM_CREDIT else DELIVERY_FEE


def goods_total(items: Sequence[Item]) -> int:
    return sum(item.quantity * item.unit_price for item in items)


def to_json(order: Order) -> dict[str, object]:
    return {
        "order_id": order.order_id,
        "customer": customer.to_json(order.customer),
        "items": [asdict(item) for item in order.items],
        "delivery_fee": order.delivery_fee,
        "total": order.total,
        "currency": order.currency,
        "status": order.status,
        "placed_at": order.placed_at,
    }
