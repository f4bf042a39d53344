"""Lists of another entity of the contracts that shares fields with the one that gets a new one."""

from pathlib import Path

import pytest

from hive.agents.propagate.placing import propose
from hive.agents.propagate.rivals import rivals
from hive.agents.propagate.source import Source
from hive.agents.propagate.subject import Field, Rival, Subject
from hive.model import Entity

CONTRACT = """\
syntax = "proto3";
message AuthorizeRequest {
  string order_id = 1;
  string user_id = 2;
  int64 amount = 3;
  string currency = 4;
}
message Payment {
  string payment_id = 1;
  string order_id = 2;
  string user_id = 3;
  int64 amount = 4;
  string currency = 5;
  string reference = 6;
}
"""
REQUEST = Rival(
    ("authorize", "request"), frozenset({("order", "id"), ("user", "id"), ("amount",), ("currency",)})
)
FIELDS = tuple(Field(name) for name in ("payment_id", "order_id", "user_id", "amount", "currency"))
PAYMENT = Entity(name="shop.Payment", contract="contracts/payments.proto", pointer="shop.Payment")


def subject(*known: Rival) -> Subject:
    return Subject(("payment",), FIELDS, (FIELDS[-1], *FIELDS[:-1]), Field("reference"), known)


def placed(text: str, *known: Rival) -> int:
    return len(propose(Source("client.py", "python", text.encode()), subject(*known)).placed)


@pytest.mark.parametrize(
    "text",
    [
        'body = {"orderId": order_id, "userId": "u1", "amount": 3, "currency": "EUR"}\n',
        "def authorize(self, *, order_id: str, user_id: str, amount: int, currency: str): ...\n",
        "REQUEST = dict(order_id=1, user_id=2, amount=3, currency=4)\n",
        "class Request:\n    order_id: str\n    user_id: str\n    amount: int\n    currency: str\n",
        'db.execute("SELECT order_id, user_id, amount, currency FROM payment_attempts")\n',
    ],
)
def test_a_list_that_is_all_of_another_entity_is_not_taken_for_a_part_of_this_one(text: str) -> None:
    assert placed(text) == 1
    assert placed(text, REQUEST) == 0


def test_a_list_with_all_fields_of_the_entity_is_the_entity() -> None:
    text = 'row = {"payment_id": "p", "order_id": "o", "user_id": "u", "amount": 3, "currency": "EUR"}\n'
    assert placed(text, REQUEST) == 1


def test_what_is_called_as_the_entity_is_the_entity() -> None:
    text = 'PAYMENT = {"order_id": "o", "user_id": "u", "amount": 3, "currency": "EUR"}\n'
    assert placed(text, REQUEST) == 1


def test_only_entities_without_the_new_field_are_rivals(tmp_path: Path) -> None:
    folder = tmp_path / "contracts"
    folder.mkdir()
    (folder / "payments.proto").write_text(CONTRACT)
    (folder / "broken.proto").write_text("message Broken {\n")
    (folder / "notes.txt").write_text("message Other { string a = 1; }")
    (folder / "link.proto").symlink_to(folder / "payments.proto")
    assert rivals(tmp_path, PAYMENT, ("reference",)) == (REQUEST,)


@pytest.mark.parametrize("path", ["../outside/payments.proto", "nowhere/payments.proto"])
def test_a_contract_outside_of_the_workspace_says_nothing(tmp_path: Path, path: str) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "payments.proto").write_text(CONTRACT)
    assert rivals(tmp_path / "work", PAYMENT.model_copy(update={"contract": path}), ("reference",)) == ()
