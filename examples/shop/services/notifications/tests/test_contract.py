"""The service understands what the contracts promise it."""

import re
from dataclasses import asdict

import pytest
from contract import properties

from notifications.contact import template_values
from notifications.messages import TEMPLATES

USER = properties("users.openapi.yaml", "User")
SAMPLES = {"integer": 7, "number": 7, "boolean": True}


@pytest.fixture
def filled():
    return {name: SAMPLES.get(own["type"], f"a {name}") for name, own in USER.items()}


def test_every_field_of_a_user_is_kept(post, contacts, filled):
    post("user.updated", filled)
    assert asdict(contacts.get(filled["user_id"])) == filled


def test_the_profile_message_shows_every_field_of_a_user(post, contacts, filled):
    post("user.updated", filled)
    shown = re.findall(r"<td>\$(\w+)</td>", TEMPLATES["profile_updated"].template)
    assert set(shown) == set(template_values(contacts.get(filled["user_id"]))) == set(USER)


def test_an_order_of_the_contract_is_understood(post, filled):
    fields = properties("events.asyncapi.yaml", "OrderPlaced")
    order = {name: SAMPLES.get(own["type"], f"a {name}") for name, own in fields.items()}
    post("user.updated", filled)
    assert post("order.created", order) == (202, {"handled": True})
