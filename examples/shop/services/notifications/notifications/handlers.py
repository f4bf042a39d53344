"""What happens when an event comes in; `contracts/events.asyncapi.yaml`."""

from collections.abc import Mapping
from typing import Any

from notifications import messages
from notifications.contact import from_event
from notifications.contacts import Contacts
from notifications.outbox import Outbox


class Handlers:
    def __init__(self, contacts: Contacts, outbox: Outbox) -> None:
        self._contacts = contacts
        self._outbox = outbox
        self._by_type = {"user.updated": self.user_updated, "order.created": self.order_created}

    def handle(self, event: Mapping[str, Any]) -> bool:
        """Whether anything was done with the event. Raises KeyError when it lacks something."""
        handler = self._by_type.get(event["type"])
        return handler(event["data"]) if handler else False

    def user_updated(self, data: Mapping[str, Any]) -> bool:
        contact = from_event(data)
        known = self._contacts.get(contact.user_id)
        if not self._contacts.put(contact):
            return False
        if known:
            self._outbox.add(messages.profile_updated(contact))
        return True

    def order_created(self, data: Mapping[str, Any]) -> bool:
        contact = self._contacts.get(data["user_id"])
        if contact is None:
            return False
        self._outbox.add(messages.order_created(contact, data["order_id"], data["total"], data["currency"]))
        return True
