"""A database of an older release is brought up to date without losing anything."""

import sqlite3
from dataclasses import replace

import pytest

from users.database import connect
from users.store import Store

OLD = """
CREATE TABLE users (
    user_id TEXT PRIMARY KEY, email TEXT NOT NULL, display_name TEXT NOT NULL,
    phone TEXT NOT NULL DEFAULT '', created_at TEXT NOT NULL, updated_at TEXT NOT NULL
);
INSERT INTO users VALUES ('u1', 'Ada@Example.com', 'Ada', '+49 30 123456', '2024-01-01', '2024-01-01');
"""


@pytest.fixture
def path(tmp_path):
    old = sqlite3.connect(tmp_path / "users.sqlite3")
    old.executescript(OLD)
    old.close()
    return str(tmp_path / "users.sqlite3")


def test_columns_that_an_old_database_lacks_appear_with_their_default(path):
    store = Store.open(path)
    user = store.get("u1")
    store.close()
    assert user == replace(user, display_name="Ada", marketing_opt_in=False, store_credit=0)


def test_migrations_run_once_and_in_order(path):
    connect(path).close()
    again = connect(path)
    row = again.execute("SELECT email, phone FROM users").fetchone()
    assert (row["email"], row["phone"]) == ("ada@example.com", "+4930123456")
    assert again.execute("PRAGMA user_version").fetchone()[0] == 2
    again.close()
