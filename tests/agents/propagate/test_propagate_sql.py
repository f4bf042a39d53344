"""The lists of columns and values in SQL of any dialect."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive.agents.propagate.sql import Columns, is_sql, lists


def shown(one: Columns) -> tuple[str, str, list[str]]:
    return one.part, one.table, [item.name for item in one.items]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "CREATE TABLE IF NOT EXISTS shop.users (id UUID PRIMARY KEY, email TEXT DEFAULT 'a,b', PRIMARY KEY (id))",
            [("definitions", "users", ["id", "email", ""])],
        ),
        (
            "INSERT INTO users (id, `email`) VALUES (:id, @email), (%(id)s, ?)",
            [
                ("columns", "users", ["id", "email"]),
                ("values", "users", ["id", "email"]),
                ("values", "users", ["id", ""]),
            ],
        ),
        (
            "SELECT DISTINCT u.id, lower(u.email) AS email FROM users u WHERE u.id IN (1, 2)",
            [("select", "users", ["id", "email"])],
        ),
        (
            'UPDATE "users" SET email = $1, u.phone = $2 WHERE id = $3 RETURNING id, email',
            [("set", "users", ["email", "phone"]), ("returning", "users", ["id", "email"])],
        ),
        (
            "insert into users(id, email) select id, email from old on conflict (id) do update set email = x.email",
            [
                ("columns", "users", ["id", "email"]),
                ("select", "old", ["id", "email"]),
                ("set", "old", ["email"]),
            ],
        ),
        (
            "create table t (a int, -- a, comment\n b int /* with , commas */)",
            [("definitions", "t", ["a", "b"])],
        ),
        ("CREATE INDEX i ON users (id, email)", []),
    ],
)
def test_each_list_of_a_statement_is_found(text: str, wanted: list[tuple[str, str, list[str]]]) -> None:
    assert [shown(one) for one in lists(text)] == wanted


def test_the_items_are_where_they_are_said_to_be() -> None:
    text = "SELECT a , b.c FROM t"
    (found,) = lists(text)
    assert [text[item.start : item.end] for item in found.items] == ["a", "b.c"]


@pytest.mark.parametrize(
    "text", ["select the best from all of us"[:6], "", "update your profile", "values matter"]
)
def test_plain_words_are_no_sql(text: str) -> None:
    assert not is_sql(text)


@given(st.text(alphabet="selctfromintuabvpd(),;'\"$%:?@{} \n-*/=.1", max_size=200))
def test_any_text_is_read_to_its_end(text: str) -> None:
    for one in lists(text):
        for item in one.items:
            assert 0 <= item.start < item.end <= len(text)
