"""A user, as this service keeps it and shows it."""

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class User:
    user_id: str
    email: str
    display_name: str
    phone: str = ""
    marketing_opt_in: bool = False
    store_credit: int = 0
    created_at: str
    updated_at: str


def to_json(user: User) -> dict[str, object]:
    """The user as callers and subscribers see it."""
    return {
        "user_id": user.user_id,
        "email": user.email,
        "display_name": user.display_name,
        "phone": user.phone,
        "marketing_opt_in": user.marketing_opt_in,
        "store_credit": user.store_credit,
        "created_at": user.created_at,
        "updated_at": user.updated_at,
    }


def from_row(row: sqlite3.Row) -> User:
    return User(
        user_id=row["user_id"],
        email=row["email"],
        display_name=row["display_name"],
        phone=row["phone"],
        marketing_opt_in=bool(row["marketing_opt_in"]),
        store_credit=row["store_credit"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
