"""The service does what the contracts promise."""

import pytest
from contract import properties

USER = properties("users.openapi.yaml", "User")
SAMPLES = {"integer": 7, "number": 7, "boolean": True}
TYPES = {"string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,)}


@pytest.fixture
def order(call, others, new_order):
    others.users["u1"] = {name: SAMPLES.get(own["type"], f"a {name}") for name, own in USER.items()}
    return call("POST", "/orders", new_order)[1]


def test_an_order_has_exactly_the_fields_of_the_contract(order):
    assert set(order) == set(properties("orders.openapi.yaml", "Order"))


def test_the_fields_of_an_order_that_was_kept_have_the_types_of_the_contract(call, order):
    _, kept = call("GET", f"/orders/{order['order_id']}")
    for name, own in properties("orders.openapi.yaml", "Order").items():
        assert type(kept[name]) in TYPES.get(own.get("type"), (type(kept[name]),)), name


def test_the_customer_keeps_every_field_of_a_user(call, others, order):
    _, kept = call("GET", f"/orders/{order['order_id']}")
    assert kept["customer"] == others.users["u1"]


def test_a_supplier_has_exactly_the_fields_of_the_contract(call):
    _, answer = call("GET", "/suppliers")
    assert set(answer["suppliers"][0]) == set(properties("orders.openapi.yaml", "Supplier"))


def test_order_created_has_exactly_the_fields_of_the_contract(others, order):
    assert set(others.events[0][1]) == set(properties("events.asyncapi.yaml", "OrderPlaced"))
