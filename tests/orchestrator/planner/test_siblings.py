import pytest

from hive.model import ContractField
from hive.orchestrator.planner.siblings import order

FIELDS = [
    ContractField(name="id", type="string"),
    ContractField(name="name", type="string"),
    ContractField(name="email", type="string"),
    ContractField(name="age", type="integer"),
    ContractField(name="phone", type="string"),
    ContractField(name="credit_limit", type="integer"),
]


@pytest.mark.parametrize(
    ("kind", "carried", "expected"),
    [
        ("integer", {"age": 1, "credit_limit": 2}, ["credit_limit", "age", "phone", "email", "name", "id"]),
        ("integer", {}, ["credit_limit", "age", "phone", "email", "name", "id"]),
        ("integer", {"age": 1}, ["age", "credit_limit", "phone", "email", "name", "id"]),
        (
            "string",
            {"id": 5, "email": 4, "phone": 4},
            ["id", "phone", "email", "name", "credit_limit", "age"],
        ),
        ("string", {"id": 4, "email": 4}, ["email", "id", "phone", "name", "credit_limit", "age"]),
    ],
)
def test_the_best_example_is_of_the_same_type_and_in_most_services(
    kind: str, carried: dict[str, int], expected: list[str]
) -> None:
    assert list(order(FIELDS, "loyalty_points", kind, carried)) == expected


def test_a_field_is_no_example_of_itself() -> None:
    assert "phone" not in order(FIELDS, "phone", "string", {})
