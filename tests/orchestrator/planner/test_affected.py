import pytest

from hive.model import Contract, Edge, Graph, Service
from hive.orchestrator.planner.affected import Affected, Involved, affected
from hive.orchestrator.planner.remote import Call
from hive.orchestrator.planner.scan import Found, Sighting
from hive.orchestrator.planner.ties import Subject

USERS = Contract(path="users.yaml", kind="openapi", owner="users")
GATEWAY = Contract(path="gateway.yaml", kind="openapi", owner="gateway")
EVENTS = Contract(path="events.yaml", kind="asyncapi", copies=("orders/events.yaml",))
PROTO = Contract(path="demo.proto", kind="protobuf", copies=("currency/demo.proto",))
NAMES = ("users", "orders", "payments", "notifications", "gateway", "web", "currency", "load")
SERVICES = tuple(Service(name=name, path=name) for name in NAMES)


Seen = tuple[str, Sighting]


def seen(service: str, *fields: str) -> Seen:
    return service, Sighting(f"{service}/main.py", 7, "mapping", fields or ("name", "email"))


def carried(
    *places: Seen,
    made: dict[str, tuple[str, ...]] | None = None,
    calls: dict[str, tuple[Call, ...]] | None = None,
) -> Found:
    return Found({service: (place,) for service, place in places}, made or {}, calls or {})


def roles(involved: Involved) -> dict[str, str]:
    return {part.service: part.role for part in involved.services}


def part(involved: Involved, service: str) -> Affected:
    return next(part for part in involved.services if part.service == service)


SHOP = Graph(
    services=SERVICES,
    contracts=(USERS, GATEWAY, EVENTS),
    edges=(
        Edge(source="orders", target="users", contract="users.yaml", evidence="orders/client.py:3"),
        Edge(source="payments", target="users", contract="users.yaml"),
        Edge(source="gateway", target="users", contract="users.yaml"),
        Edge(source="web", target="gateway"),
        Edge(source="load", target="payments", contract="payments.yaml"),
    ),
    event_edges=(Edge(source="users", target="notifications", contract="events.yaml"),),
)
WIDE = Subject("User", 2, None, (USERS, EVENTS), ("GET /users",), (GATEWAY,))


def test_owners_callers_and_listeners_are_affected_and_say_why() -> None:
    found = affected(WIDE, SHOP, carried(*(seen(n) for n in ("users", "orders", "notifications", "web"))))
    assert roles(found) == {
        "users": "provider",
        "orders": "consumer",
        "notifications": "consumer",
        "gateway": "both",
        "web": "consumer",
    }
    assert part(found, "users").reason == (
        "provides users.yaml; publishes events.yaml; carries User in 1 place, such as users/main.py:7"
    )
    assert "calls users (orders/client.py:3); carries User" in part(found, "orders").reason
    assert "provides gateway.yaml, which refers to User" in part(found, "gateway").reason
    assert "hears events.yaml of users" in part(found, "notifications").reason
    assert "calls gateway" in part(found, "web").reason


def test_a_caller_whose_code_does_not_carry_the_entity_is_left_out_with_a_note() -> None:
    found = affected(WIDE, SHOP, carried(seen("users"), seen("orders")))
    assert "payments" not in roles(found)
    assert "left out, calls users but carries no field of User: payments" in found.left_out


def test_a_service_that_only_carries_the_entity_is_a_carrier() -> None:
    assert roles(affected(WIDE, SHOP, carried(seen("load"))))["load"] == "carrier"


def test_a_few_of_the_fields_do_not_make_a_carrier_of_a_service_without_a_part_in_the_contracts() -> None:
    found = affected(WIDE._replace(size=4), SHOP, carried(seen("load"), seen("orders")))
    assert "load" not in roles(found)
    assert "orders" in roles(found)
    assert (
        "left out, has fields like User's (load/main.py:7) but no part in its contracts: load"
        in found.left_out
    )


def test_an_existing_field_touches_only_who_carries_that_field() -> None:
    subject = WIDE._replace(field="phone")
    found = affected(subject, SHOP, carried(seen("orders", "name", "phone"), seen("web", "name", "email")))
    assert {"orders"} == set(roles(found)) - {"users", "gateway"}
    assert "left out, carries User but not its field phone: web" in found.left_out


def test_generated_code_of_a_caller_must_be_generated_again() -> None:
    found = affected(WIDE, SHOP, carried(made={"orders": ("orders/client.gen.ts",)}))
    assert part(found, "orders").generated == ("orders/client.gen.ts",)
    assert "must be generated again: orders/client.gen.ts" in part(found, "orders").reason


def test_generated_code_without_a_part_in_it_and_copies_are_noted() -> None:
    subject = Subject("User", 2, None, (PROTO,))
    found = affected(subject, SHOP, carried(made={"load": ("load/demo_pb2.py",)}))
    assert found.services == ()
    assert found.left_out == (
        "left out, only holds a copy of a contract: currency",
        "left out, has User only in generated code and no part in it: load",
    )


def test_several_publishers_of_one_contract_are_told_apart_by_their_code() -> None:
    graph = SHOP.model_copy(
        update={
            "event_edges": (*SHOP.event_edges, Edge(source="payments", target="web", contract="events.yaml"))
        }
    )
    found = affected(Subject("User", 2, None, (EVENTS,)), graph, carried(seen("users")))
    assert roles(found) == {"users": "provider"}
    alone = affected(Subject("User", 2, None, (EVENTS,)), SHOP, carried())
    assert roles(alone) == {"users": "provider"}


PROCEDURES = Subject("Address", 2, None, (PROTO,), ("shop.Orders/Place", "shop.PaymentService/Charge"))
RPC = Graph(
    services=SERVICES,
    contracts=(PROTO,),
    edges=(
        Edge(source="web", target="users", contract="demo.proto"),
        Edge(source="web", target="orders", contract="demo.proto"),
    ),
)


def test_procedures_decide_where_many_share_one_contract() -> None:
    calls = {
        "Orders": (
            Call("orders", "orders/main.go", 5, "serves"),
            Call("gateway", "gateway/rpc.go", 9, "calls"),
        ),
    }
    found = affected(PROCEDURES, RPC, carried(seen("web"), seen("gateway"), calls=calls))
    assert roles(found) == {
        "orders": "provider",
        "payments": "provider",
        "gateway": "consumer",
        "web": "consumer",
    }
    assert "serves Orders (orders/main.go:5)" in part(found, "orders").reason
    assert "serves PaymentService, by its name" in part(found, "payments").reason
    assert "calls Orders (gateway/rpc.go:9)" in part(found, "gateway").reason


def test_without_procedures_whoever_is_called_over_an_unowned_contract_provides_it() -> None:
    found = affected(Subject("Address", 2, None, (PROTO,)), RPC, carried(seen("web")))
    assert roles(found) == {"users": "provider", "orders": "provider", "web": "consumer"}


@pytest.mark.parametrize("hostile", ["us\x1b[31mers", "us\ners"])
def test_names_from_outside_are_harmless_in_reasons(hostile: str) -> None:
    contract = Contract(path=f"{hostile}.yaml", kind="openapi", owner="users")
    found = affected(Subject(hostile, 2, None, (contract,)), SHOP, carried(seen("users")))
    assert "\x1b" not in part(found, "users").reason
    assert "\n" not in part(found, "users").reason
