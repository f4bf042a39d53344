"""Which field is followed, by type and by what the entity demands."""

import pytest

from hive.agents.propagate.placing import propose
from hive.agents.propagate.source import Source
from hive.agents.propagate.subject import Field, Subject, examples

NAME = Field("display_name", required=True)
PHONE = Field("phone")
CREDIT = Field("store_credit", "integer")
OPTED = Field("opted_in", "boolean")
SEEN = Field("seen_at")


@pytest.mark.parametrize(
    ("new", "first"),
    [
        (Field("referral_code"), PHONE),
        (Field("referral_code", required=True), NAME),
        (Field("is_vip", "boolean"), OPTED),
        (Field("points", "integer"), CREDIT),
        (Field("rate", "number"), CREDIT),
        (Field("tags", "array"), NAME),
    ],
)
def test_the_type_decides_first_and_then_whether_it_is_required(new: Field, first: Field) -> None:
    siblings = [field.name for field in (SEEN, NAME, PHONE, OPTED, CREDIT)]
    assert examples((NAME, PHONE, SEEN, OPTED, CREDIT), siblings, new)[0] == first


def test_a_number_is_not_read_like_a_box() -> None:
    text = "const changes = (form) => ({\n  opted_in: form.has('opted_in'),\n  display_name: form.get('display_name'),\n});\n"
    rate = Field("rate", "number")
    subject = Subject(("user",), (OPTED, NAME), (OPTED, NAME), rate)
    assert "rate: form.get('rate')" in propose(Source("form.js", "javascript", text.encode()), subject).text
