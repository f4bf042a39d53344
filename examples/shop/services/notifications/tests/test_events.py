"""What happens when events come in."""

from dataclasses import asdict

import pytest

from notifications.contacts import Contacts

LATER = "2024-07-01T00:00:00.000+00:00"


def test_a_user_is_kept_as_the_event_says(post, contacts, user):
    assert post("user.updated", user) == (202, {"handled": True})
    assert asdict(contacts.get("u1")) == user


def test_contacts_are_still_there_after_a_restart(post, tmp_path, user):
    post("user.updated", user)
    assert asdict(Contacts(tmp_path / "contacts.json").get("u1")) == user


def test_a_new_user_gets_no_message(post, outbox, user):
    post("user.updated", user)
    assert outbox.messages() == []


def test_a_changed_user_is_told(post, outbox, user):
    post("user.updated", user)
    post("user.updated", {**user, "store_credit": 13, "updated_at": LATER})
    (message,) = outbox.messages()
    assert (message.to, message.subject) == ("ada@example.com", "Your profile was updated")
    assert "<td>13</td>" in message.html


def test_names_cannot_put_markup_into_messages(post, outbox, user):
    post("user.updated", user)
    post("user.updated", {**user, "updated_at": LATER})
    assert "Ada &lt;Berg&gt;" in outbox.messages()[0].html


def test_an_event_that_was_overtaken_changes_nothing(post, contacts, outbox, user):
    post("user.updated", {**user, "updated_at": LATER})
    assert post("user.updated", {**user, "display_name": "Old"}) == (202, {"handled": False})
    assert (contacts.get("u1").display_name, outbox.messages()) == ("Ada <Berg>", [])


def test_a_buyer_is_thanked(post, outbox, user):
    post("user.updated", user)
    order = {"order_id": "o1", "user_id": "u1", "total": 3890, "currency": "EUR"}
    assert post("order.created", order) == (202, {"handled": True})
    (message,) = outbox.messages()
    assert message.to == "ada@example.com"
    assert "38.90 EUR" in message.html


@pytest.mark.parametrize("kind", ["order.created", "stock.counted"])
def test_events_that_concern_nobody_here_are_taken_and_dropped(post, outbox, kind):
    data = {"order_id": "o1", "user_id": "nobody", "total": 1, "currency": "EUR"}
    assert post(kind, data) == (202, {"handled": False})
    assert outbox.messages() == []


@pytest.mark.parametrize("body", [{}, [], {"type": "user.updated"}, {"type": "user.updated", "data": {}}])
def test_a_broken_event_is_refused(call, body):
    assert call("POST", "/events", body)[0] == 422
