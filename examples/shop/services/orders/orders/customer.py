"""The customer of an order: the user as it was when the order was placed."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Customer:
    user_id: str
    email: str
    display_name: str
    phone: str
    marketing_opt_in: bool
    store_credit: int
    created_at: str
    updated_at: str


def from_users_api(body: Mapping[str, Any]) -> Customer:
    """Read what the users service answers; fields that its contract does not require may be missing."""
    return Customer(
        user_id=body["user_id"],
        email=body["email"],
        display_name=body["display_name"],
        phone=body.get("phone", ""),
        marketing_opt_in=body.get("marketing_opt_in", False),
        store_credit=body.get("store_credit", 0),
        created_at=body["created_at"],
        updated_at=body["updated_at"],
    )


def from_row(row: sqlite3.Row) -> Customer:
    return Customer(
        user_id=row["user_id"],
        email=row["email"],
        display_name=row["display_name"],
        phone=row["phone"],
        marketing_opt_in=bool(row["marketing_opt_in"]),
        store_credit=row["store_credit"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def to_json(customer: Customer) -> dict[str, object]:
    return {
        "user_id": customer.user_id,
        "email": customer.email,
        "display_name": customer.display_name,
        "phone": customer.phone,
        "marketing_opt_in": customer.marketing_opt_in,
        "store_credit": customer.store_credit,
        "created_at": customer.created_at,
        "updated_at": customer.updated_at,
    }
