"""Users in SQLite."""

import sqlite3
import threading
import uuid
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

from users.database import connect
from users.model import User, from_row

QUERIES = {path.stem: path.read_text() for path in Path(__file__).with_name("queries").glob("*.sql")}


class EmailTaken(Exception):
    """Another user has this e-mail address."""


class Store:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._lock = threading.Lock()

    @classmethod
    def open(cls, path: str) -> "Store":
        return cls(connect(path))

    def create(self, fields: Mapping[str, object]) -> User:
        now = _now()
        user = User(user_id=uuid.uuid4().hex, created_at=now, updated_at=now, **_tidy(fields))
        with self._lock:
            self._write("insert_user", user)
        return user

    def get(self, user_id: str) -> User | None:
        with self._lock:
            return self._get(user_id)

    def all(self) -> list[User]:
        with self._lock:
            return [from_row(row) for row in self._db.execute(QUERIES["list_users"])]

    def update(self, user_id: str, fields: Mapping[str, object]) -> User | None:
        with self._lock:
            if (user := self._get(user_id)) is None:
                return None
            user = replace(user, updated_at=_now(), **_tidy(fields))
            self._write("update_user", user)
        return user

    def close(self) -> None:
        self._db.close()

    def _get(self, user_id: str) -> User | None:
        row = self._db.execute(QUERIES["get_user"], {"user_id": user_id}).fetchone()
        return from_row(row) if row else None

    def _write(self, query: str, user: User) -> None:
        try:
            with self._db:
                self._db.execute(QUERIES[query], asdict(user))
        except sqlite3.IntegrityError as error:
            raise EmailTaken(user.email) from error


def _tidy(fields: Mapping[str, object]) -> dict[str, object]:
    return {**fields, "email": str(fields["email"]).lower()} if "email" in fields else dict(fields)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
