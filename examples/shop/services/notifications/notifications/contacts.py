"""Contacts in a JSON file."""

import json
import threading
from dataclasses import asdict
from pathlib import Path

from notifications.contact import Contact, from_event


class Contacts:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        stored = json.loads(path.read_text()) if path.exists() else {}
        self._all = {user_id: from_event(data) for user_id, data in stored.items()}

    def get(self, user_id: str) -> Contact | None:
        with self._lock:
            return self._all.get(user_id)

    def put(self, contact: Contact) -> bool:
        """Keep a contact unless a newer one is kept already; events may overtake each other."""
        with self._lock:
            known = self._all.get(contact.user_id)
            if known and known.updated_at >= contact.updated_at:
                return False
            self._all[contact.user_id] = contact
            self._save()
            return True

    def _save(self) -> None:
        new = self._path.with_suffix(".new")
        new.write_text(json.dumps({key: asdict(contact) for key, contact in self._all.items()}, indent=2))
        new.replace(self._path)
