"""The service does what `contracts/users.openapi.yaml` promises."""

import pytest
from contract import properties

from users.rules import WRITABLE

USER = properties("users.openapi.yaml", "User")
SAMPLES = {"integer": 7, "number": 7, "boolean": True}


@pytest.fixture
def filled(new_user):
    """A value for every field that a caller may write, none of them the default."""
    writable = {name: own["type"] for name, own in USER.items() if own.get("readOnly") != "true"}
    return {name: SAMPLES.get(kind, new_user.get(name, "sample")) for name, kind in writable.items()}


def test_a_user_has_exactly_the_fields_of_the_contract(call, new_user):
    _, user = call("POST", "/users", new_user)
    assert set(user) == set(USER)


def test_callers_may_write_exactly_what_is_not_read_only(filled):
    assert set(WRITABLE) == set(filled)


def test_a_value_of_another_type_is_refused_by_name(call, filled):
    for name, value in filled.items():
        wrong = 7 if isinstance(value, str) else "7"
        status, problem = call("POST", "/users", {**filled, name: wrong})
        assert (status, list(problem["errors"])) == (422, [name])


def test_every_field_survives_create_and_get(call, filled):
    _, user = call("POST", "/users", filled)
    _, kept = call("GET", f"/users/{user['user_id']}")
    assert kept == {**user, **filled}


def test_every_field_survives_an_update(call, filled):
    _, user = call("POST", "/users", {"email": "bo@example.com", "display_name": "Bo"})
    call("PATCH", f"/users/{user['user_id']}", filled)
    _, listed = call("GET", "/users")
    assert listed["users"] == [{**user, **filled, "updated_at": listed["users"][0]["updated_at"]}]
