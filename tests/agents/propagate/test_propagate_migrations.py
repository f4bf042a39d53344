"""A numbered migration is added where others made the table."""

import pytest

from hive.agents.propagate.migrations import additions, is_coded, is_numbered
from hive.agents.propagate.subject import Subject

TABLE = b"CREATE TABLE users (\n  id UUID,\n  email TEXT NOT NULL,\n  display_name TEXT,\n  store_credit INTEGER NOT NULL\n);\n"
ADDED = "ALTER TABLE users ADD COLUMN loyalty_points INTEGER NOT NULL DEFAULT 0;\n"


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (["0001_users.sql"], ["0002_add_loyalty_points_to_users.sql"]),
        (["0001_users.sql", "0009_other.sql"], ["0010_add_loyalty_points_to_users.sql"]),
        (["V1__users.sql"], ["V2__add_loyalty_points_to_users.sql"]),
        (["1-make-users.sql"], ["2-add-loyalty_points-to-users.sql"]),
        (["20240501120000_users.sql"], ["20240501120001_add_loyalty_points_to_users.sql"]),
        (
            ["001_users.up.sql", "001_users.down.sql"],
            ["002_add_loyalty_points_to_users.up.sql", "002_add_loyalty_points_to_users.down.sql"],
        ),
    ],
)
def test_the_next_number_is_taken_in_the_folders_style(
    names: list[str], wanted: list[str], subject: Subject
) -> None:
    folder = {
        name: TABLE if "users" in name and "down" not in name else b"DROP TABLE users;" for name in names
    }
    found = additions(folder, subject)
    assert [one.name for one in found] == wanted
    assert found[0].text == ADDED


def test_the_way_back_drops_the_column(subject: Subject) -> None:
    _, down = additions({"001_users.up.sql": TABLE, "001_users.down.sql": b"DROP TABLE users;"}, subject)
    assert down.text == "ALTER TABLE users DROP COLUMN loyalty_points;\n"


def test_lower_case_stays_lower_case(subject: Subject) -> None:
    (one,) = additions({"1_users.sql": TABLE.lower()}, subject)
    assert one.text == ADDED.lower()


@pytest.mark.parametrize(
    "folder",
    [
        {"0001_users.sql": TABLE, "0002_more.sql": ADDED.encode()},
        {"0001_suppliers.sql": TABLE.replace(b"users", b"suppliers").replace(b"store_credit", b"iban")},
        {"0001_data.sql": b"UPDATE users SET email = lower(email), display_name = '', store_credit = 0;"},
        {"schema.sql": TABLE},
        {},
    ],
)
def test_no_migration_is_made_without_need(folder: dict[str, bytes], subject: Subject) -> None:
    assert additions(folder, subject) == []


def test_migrations_in_a_language_are_known_by_their_folder() -> None:
    assert is_coded("users/migrations/0001_initial.py")
    assert is_coded("orders/alembic/versions/dd33cb03d01f_initial.py")
    assert not is_coded("users/migrations/__init__.py")
    assert is_numbered("a/0001_x.sql")
    assert not is_numbered("a/schema.sql")
