"""A user as this service knows them, from the last `user.updated` that it saw."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Contact:
    user_id: str
    email: str
    display_name: str
    phone: str
    marketing_opt_in: bool
    store_credit: int
    created_at: str
    updated_at: str


def from_event(data: Mapping[str, Any]) -> Contact:
    """Read the event's data; fields that the contract does not require may be missing."""
    return Contact(
        user_id=data["user_id"],
        email=data["email"],
        display_name=data["display_name"],
        phone=data.get("phone", ""),
        marketing_opt_in=data.get("marketing_opt_in", False),
        store_credit=data.get("store_credit", 0),
        created_at=data["created_at"],
        updated_at=data["updated_at"],
    )


def template_values(contact: Contact) -> dict[str, str]:
    """The contact as words for a message."""
    return {
        "user_id": contact.user_id,
        "email": contact.email,
        "display_name": contact.display_name,
        "phone": contact.phone or "none",
        "marketing_opt_in": "yes" if contact.marketing_opt_in else "no",
        "store_credit": str(contact.store_credit),
        "created_at": contact.created_at[:10],
        "updated_at": contact.updated_at[:10],
    }
