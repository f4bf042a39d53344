import pytest

from hive.contracts import parse
from hive.model import Contract, ContractKind
from hive.orchestrator.planner.catalogue import Catalogue, Sheet
from hive.orchestrator.planner.family import families
from hive.orchestrator.planner.reference import referring

HEAD = "openapi: 3.1.0\ninfo: {title: x, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n"
USER = (
    HEAD
    + "    User:\n      type: object\n      properties:\n        id: {type: string}\n        email: {type: string}\n"
)


def holder(name: str, target: str) -> str:
    return HEAD + f"    {name}:\n      type: object\n      properties:\n        who: {{$ref: '{target}'}}\n"


def sheet(path: str, text: str, kind: ContractKind = "openapi") -> Sheet:
    document = parse(kind, path, text.encode())
    contract = Contract(path=path, kind=kind)
    return Sheet(contract, path, text.encode(), document.entities(), document.operations())


def found(*sheets: Sheet) -> list[str]:
    family = next(f for f in families(sheets[0].entities) if f.name == "User")
    return [contract.path for contract in referring(Catalogue(sheets), family)]


USERS = sheet("c/users.yaml", USER)


@pytest.mark.parametrize(
    ("target", "refers"),
    [
        ("./users.yaml#/components/schemas/User", True),
        ("../c/users.yaml#/components/schemas/User", True),
        ("./users.yaml#/components/schemas/UserList", False),
        ("./other.yaml#/components/schemas/User", False),
    ],
)
def test_a_reference_into_the_file_of_the_entity_counts(target: str, refers: bool) -> None:
    assert found(USERS, sheet("c/orders.yaml", holder("Order", target))) == (
        ["c/orders.yaml"] if refers else []
    )


def test_references_go_through_other_contracts() -> None:
    orders = sheet("c/orders.yaml", holder("Order", "./users.yaml#/components/schemas/User"))
    web = sheet("c/web.yaml", holder("Page", "./orders.yaml#/components/schemas/Order"))
    assert found(USERS, web, orders) == ["c/web.yaml", "c/orders.yaml"]


def test_an_import_of_a_message_counts() -> None:
    user = sheet(
        "p/user.proto",
        'syntax = "proto3";\npackage a;\nmessage User { string id = 1; string email = 2; }\n',
        "protobuf",
    )
    order = 'syntax = "proto3";\nimport "p/user.proto";\nmessage Order { a.User buyer = 1; }\n'
    assert found(user, sheet("p/order.proto", order, "protobuf")) == ["p/order.proto"]


def test_lists_of_the_entity_hold_it_too() -> None:
    listed = "    UserList:\n      type: object\n      properties:\n        all:\n          type: array\n          items:\n"
    users = sheet("c/users.yaml", f"{USER}{listed}            $ref: '#/components/schemas/User'\n")
    assert found(users, sheet("c/web.yaml", holder("Page", "users.yaml#/components/schemas/UserList"))) == [
        "c/web.yaml"
    ]


def test_a_contract_that_refers_to_something_else_of_the_same_file_does_not_count() -> None:
    orders = holder("Order", "./users.yaml#/components/schemas/User") + (
        "    Item:\n      type: object\n      properties:\n        sku: {type: string}\n"
    )
    web = sheet("c/web.yaml", holder("Page", "./orders.yaml#/components/schemas/Item"))
    assert found(USERS, web, sheet("c/orders.yaml", orders)) == ["c/orders.yaml"]


def test_the_contract_of_the_entity_does_not_refer_to_itself() -> None:
    both = (
        USER
        + "    Order:\n      type: object\n      properties:\n        who: {$ref: '#/components/schemas/User'}\n"
    )
    assert found(sheet("c/users.yaml", both)) == []
