"""What callers of the service see."""

import pytest


def test_an_order_is_returned_as_it_was_placed(call, new_order, user):
    status, order = call("POST", "/orders", new_order)
    assert status == 201
    assert order["items"] == new_order["items"]
    assert order["customer"] == user
    assert call("GET", f"/orders/{order['order_id']}") == (200, order)


def test_the_customer_of_an_order_stays_as_it_was(call, others, new_order, user):
    _, order = call("POST", "/orders", new_order)
    others.users["u1"] = {**user, "display_name": "Somebody Else"}
    _, kept = call("GET", f"/orders/{order['order_id']}")
    assert kept["customer"] == user


@pytest.mark.parametrize(("credit", "fee"), [(0, 490), (9, 490), (10, 0), (25, 0)])
def test_delivery_is_free_with_enough_store_credit(call, others, new_order, user, credit, fee):
    others.users["u1"] = {**user, "store_credit": credit}
    _, order = call("POST", "/orders", new_order)
    assert (order["delivery_fee"], order["total"]) == (fee, 3400 + fee)


def test_fields_that_users_does_not_send_get_their_defaults(call, others, new_order):
    times = {"created_at": "2024-05-01", "updated_at": "2024-05-01"}
    others.users["u1"] = {"user_id": "u1", "email": "a@example.com", "display_name": "A", **times}
    _, order = call("POST", "/orders", new_order)
    assert order["customer"] == {**order["customer"], "phone": "", "marketing_opt_in": False, "store_credit": 0}


def test_orders_can_be_listed_by_user(call, others, new_order, user):
    others.users["u2"] = {**user, "user_id": "u2"}
    _, mine = call("POST", "/orders", new_order)
    _, theirs = call("POST", "/orders", {**new_order, "user_id": "u2"})
    assert call("GET", "/orders?user_id=u2") == (200, {"orders": [theirs]})
    _, everything = call("GET", "/orders")
    assert sorted(everything["orders"], key=str) == sorted([mine, theirs], key=str)


def test_payments_is_asked_in_protobuf_json(call, others, new_order):
    _, order = call("POST", "/orders", new_order)
    method, url, body = others.asked[-1]
    assert (method, url) == ("POST", "http://payments/shop.payments.v1.Payments/Authorize")
    assert body == {"orderId": order["order_id"], "userId": "u1", "amount": "3890", "currency": "EUR"}


def test_subscribers_hear_of_a_paid_order(call, others, new_order):
    _, order = call("POST", "/orders", new_order)
    data = {"order_id": order["order_id"], "user_id": "u1", "total": 3890, "currency": "EUR"}
    assert (order["status"], others.events) == ("paid", [("order.created", data)])


def test_subscribers_do_not_hear_of_a_declined_one(call, others, new_order):
    others.payment_status = "PAYMENT_STATUS_DECLINED"
    _, order = call("POST", "/orders", new_order)
    assert (order["status"], others.events) == ("declined", [])


@pytest.mark.parametrize(
    "wrong",
    [
        {"user_id": "nobody"},
        {"user_id": 7},
        {"items": []},
        {"items": [{"sku": "pencil"}]},
        {"items": [{"sku": "pencil", "quantity": 0, "unit_price": 90}]},
        {"items": [{"sku": "pencil", "quantity": 1, "unit_price": -1}]},
    ],
)
def test_an_order_that_is_not_valid_is_refused(call, new_order, wrong):
    assert call("POST", "/orders", {**new_order, **wrong})[0] == 422


def test_nothing_is_kept_when_a_service_is_down(call, others, new_order):
    others.down = True
    assert call("POST", "/orders", new_order)[0] == 502
    assert call("GET", "/orders") == (200, {"orders": []})


def test_an_unknown_order_is_not_found(call):
    assert call("GET", "/orders/nothing")[0] == 404


def test_suppliers_are_listed(call):
    _, answer = call("GET", "/suppliers")
    assert [supplier["company"] for supplier in answer["suppliers"]] == ["Nordic Paper"]
