"""What callers of the service see."""

import json
from pathlib import Path

import pytest

SEED = Path(__file__).parents[1] / "seed.json"


def test_a_created_user_is_returned_as_it_was_given(call, new_user):
    status, user = call("POST", "/users", new_user)
    assert status == 201
    assert user == {**user, **new_user}
    assert call("GET", f"/users/{user['user_id']}") == (200, user)


def test_all_fields_of_a_user_can_be_changed(call, new_user, changes):
    _, before = call("POST", "/users", new_user)
    status, after = call("PATCH", f"/users/{before['user_id']}", changes)
    assert status == 200
    assert after == {**before, **changes, "updated_at": after["updated_at"]}
    assert call("GET", f"/users/{before['user_id']}") == (200, after)


def test_a_change_leaves_the_other_fields_alone(call, new_user):
    _, before = call("POST", "/users", new_user)
    _, after = call("PATCH", f"/users/{before['user_id']}", {"store_credit": 13})
    assert after == {**before, "store_credit": 13, "updated_at": after["updated_at"]}


def test_fields_that_are_left_out_get_their_defaults(call):
    _, user = call("POST", "/users", {"email": "bo@example.com", "display_name": "Bo"})
    assert user == {**user, "phone": "", "marketing_opt_in": False, "store_credit": 0}


def test_the_list_has_every_user(call):
    created = [call("POST", "/users", fields)[1] for fields in json.loads(SEED.read_text())]
    _, answer = call("GET", "/users")
    assert sorted(answer["users"], key=str) == sorted(created, key=str)


@pytest.fixture
def refused(call, new_user):
    """The names of the fields that are refused beside good ones."""

    def refused(**wrong):
        status, problem = call("POST", "/users", {**new_user, **wrong})
        return list(problem["errors"]) if status == 422 else []

    return refused


def test_an_email_address_must_look_like_one(refused):
    assert refused(email="nobody") == ["email"]


def test_a_name_must_not_be_blank(refused):
    assert refused(display_name=" ") == ["display_name"]


def test_a_phone_number_is_international_or_empty(refused):
    assert refused(phone="12") == ["phone"]
    assert refused(phone="") == []


def test_a_flag_is_true_or_false(refused):
    assert refused(marketing_opt_in="yes") == ["marketing_opt_in"]


@pytest.mark.parametrize("value", [-1, True, 1.5, "1"])
def test_credit_is_a_whole_number_and_never_negative(refused, value):
    assert refused(store_credit=value) == ["store_credit"]


@pytest.mark.parametrize("field", ["user_id", "created_at", "unheard_of"])
def test_what_callers_may_not_write_is_refused_by_name(refused, field):
    assert refused(**{field: "mine"}) == [field]


def test_a_user_needs_an_email_and_a_name(call):
    status, problem = call("POST", "/users", {"phone": ""})
    assert (status, set(problem["errors"])) == (422, {"email", "display_name"})


def test_an_email_belongs_to_one_user_whatever_its_case(call, new_user):
    call("POST", "/users", new_user)
    assert call("POST", "/users", {**new_user, "email": "ADA@example.com"})[0] == 409


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PATCH", {"phone": ""})])
def test_an_unknown_user_is_not_found(call, method, body):
    assert call(method, "/users/nobody", body)[0] == 404


def test_subscribers_hear_of_new_and_changed_users(call, published, new_user, changes):
    _, created = call("POST", "/users", new_user)
    _, changed = call("PATCH", f"/users/{created['user_id']}", changes)
    assert published.events == [("user.updated", created), ("user.updated", changed)]


def test_subscribers_do_not_hear_of_refused_changes(call, published, new_user):
    call("POST", "/users", {**new_user, "store_credit": -1})
    assert published.events == []
