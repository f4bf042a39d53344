"""Which lists carry an entity, and which only look like it."""

import pytest

from hive.agents.propagate.carriers import LARGEST, Carrier, carriers

USER = ("id", "email", "display_name", "phone", "store_credit")


def found(path: str, text: str, fields: tuple[str, ...] = USER, entity: str = "User") -> tuple[Carrier, ...]:
    return carriers(path, text.encode(), fields, entity)


def test_a_list_with_half_of_the_fields_is_a_carrier() -> None:
    text = 'x = 1\nUSER = {"email": "a", "displayName": "b", "STORE_CREDIT": 3}\n'
    assert found("a.py", text) == (
        Carrier(2, "mapping", frozenset(("email", "display_name", "store_credit"))),
    )


def test_one_of_a_few_fields_is_none() -> None:
    assert found("a.py", 'USER = {"email": "a", "store_credit": 3}\n') == ()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "a.go",
            "package a\ntype User struct {\n\tEmail string\n\tDisplayName string\n\tStoreCredit int\n}\n",
        ),
        ("a.ts", "interface User { email: string; displayName: string; storeCredit: number }"),
        (
            "a.tsx",
            "const r = <tr><td>{user.email}</td><td>{user.displayName}</td><td>{user.storeCredit}</td></tr>",
        ),
        ("A.java", "class User { String email; String displayName; int storeCredit; }"),
        ("A.cs", "record User(string Email, string DisplayName, int StoreCredit);"),
        (
            "a.html",
            "<tr><td>{{ user.email }}</td><td>{{ user.display_name }}</td><td>{{ user.store_credit }}</td></tr>",
        ),
        ("a.json", '{"email": "a", "display_name": "b", "store_credit": 3}'),
        ("a.yaml", "user:\n  email: a\n  display_name: b\n  store_credit: 3\n"),
    ],
)
def test_every_language_has_carriers(path: str, text: str) -> None:
    assert [one.fields for one in found(path, text)] == [frozenset(("email", "display_name", "store_credit"))]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "a type of another name",
            "class Supplier:\n    id: str\n    email: str\n    display_name: str\n    iban: str\n",
        ),
        ("fields that everything has", 'CONTACT = {"id": 1, "email": "a", "phone": "b"}\n'),
        ("another table's row", 'supplier = {"id": row.id, "email": row.email, "phone": row.phone}\n'),
        ("an import", "from models import id, email, phone, display_name, store_credit\n"),
        (
            "values of other names",
            'card = {"a": user.email, "b": user.display_name, "c": user.store_credit}\n',
        ),
        ("words in a comment", "# email, display_name and store_credit\nx = 1\n"),
        (
            "a class per field",
            "class Email(F): pass\nclass DisplayName(F): pass\nclass StoreCredit(F): pass\n",
        ),
    ],
)
def test_what_only_has_the_words_is_none(name: str, text: str) -> None:
    assert found("a.py", text) == (), name


def test_html_attributes_are_not_fields() -> None:
    assert (
        found("a.html", '<input id="a" name="b" type="c" value="d">', ("id", "name", "type", "value"), "Tag")
        == ()
    )


def test_without_a_name_every_such_list_counts() -> None:
    text = "class Supplier:\n    id: str\n    email: str\n    display_name: str\n"
    assert found("a.py", text) == ()
    assert len(carriers("a.py", text.encode(), USER)) == 1


@pytest.mark.parametrize(
    ("path", "raw"),
    [
        ("a.unknown", b"email display_name store_credit"),
        ("a.py", b"\0email display_name store_credit"),
        ("a.py", b'{"email": 1, "display_name": 2, "store_credit": 3}' + b" " * LARGEST),
        ("a.py", b"\xff\xfe(((((email display_name store_credit"),
        ("a.json", b"[" * 5000 + b'"email","display_name","store_credit"'),
        ("a.py", b""),
    ],
)
def test_what_cannot_be_read_has_no_carriers(path: str, raw: bytes) -> None:
    assert carriers(path, raw, USER, "User") == ()


@pytest.mark.parametrize("fields", [(), ("email",), ("email", "email"), ("", "-")])
def test_an_entity_of_fewer_than_two_fields_is_carried_nowhere(fields: tuple[str, ...]) -> None:
    assert carriers("a.py", b'{"email": 1, "email": 2}', fields) == ()
