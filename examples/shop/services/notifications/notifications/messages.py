"""The messages that customers get."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template

from notifications.contact import Contact, template_values
from notifications.outbox import Message

TEMPLATES = {path.stem: Template(path.read_text()) for path in Path(__file__).with_name("templates").glob("*.html")}


def profile_updated(contact: Contact) -> Message:
    return Message(
        to=contact.email,
        subject="Your profile was updated",
        html=_render("profile_updated", template_values(contact)),
    )


def order_created(contact: Contact, order_id: str, total: int, currency: str) -> Message:
    values = {"display_name": contact.display_name, "order_id": order_id, "total": money(total, currency)}
    return Message(to=contact.email, subject="Thank you for your order", html=_render("order_created", values))


def money(amount: int, currency: str) -> str:
    """An amount in the minor unit, for people."""
    return f"{amount // 100}.{amount % 100:02} {currency}"


def _render(name: str, values: Mapping[str, str]) -> str:
    return TEMPLATES[name].substitute({key: escape(value) for key, value in values.items()})
