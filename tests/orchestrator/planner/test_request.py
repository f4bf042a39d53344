import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive.errors import UsageError
from hive.orchestrator.planner.request import Add, Move, Remove, Rename, Retype, Wish, understand

UNDERSTOOD: dict[str, Wish] = {
    "add loyalty_points field": Add(field="loyalty_points"),
    "add loyalty_points": Add(field="loyalty_points"),
    "Add loyaltyPoints.": Add(field="loyaltyPoints"),
    "add loyalty points field": Add(field="loyalty_points"),
    "add nickname field": Add(field="nickname"),
    "add nickname to User": Add(field="nickname", entity="User"),
    "add a loyalty_points field to User": Add(field="loyalty_points", entity="User"),
    "Please add a new loyalty_points field to the User schema!": Add(field="loyalty_points", entity="User"),
    "could you add loyalty_points to users, please?": Add(field="loyalty_points", entity="users"),
    "add field loyalty_points:int to User": Add(field="loyalty_points", entity="User", type="integer"),
    "add loyalty_points: integer": Add(field="loyalty_points", type="integer"),
    "add loyalty_points (integer) to User": Add(field="loyalty_points", entity="User", type="integer"),
    "add loyalty_points as an integer to User": Add(field="loyalty_points", entity="User", type="integer"),
    "add loyalty_points to User as integer": Add(field="loyalty_points", entity="User", type="integer"),
    "add loyalty_points to User of type int64": Add(field="loyalty_points", entity="User", type="integer"),
    "add integer loyalty_points to User": Add(field="loyalty_points", entity="User", type="integer"),
    "add an integer field loyalty_points": Add(field="loyalty_points", type="integer"),
    "add a field called loyalty_points to User": Add(field="loyalty_points", entity="User"),
    "add optional string nickname to the user": Add(field="nickname", entity="user", type="string"),
    'add required integer "loyalty points" to users': Add(
        field="loyalty_points", entity="users", type="integer", required=True
    ),
    "add `User.loyalty_points`": Add(field="loyalty_points", entity="User"),
    "add tags: string[] to Product": Add(field="tags", entity="Product", type="string[]"),
    "add tags: array to Product": Add(field="tags", entity="Product", type="array"),
    'Add a repeated string field "categories" to Product': Add(
        field="categories", entity="Product", type="string[]"
    ),
    "add repeated int32 sizes to Product": Add(field="sizes", entity="Product", type="integer[]"),
    "add a list of strings called tags to Product": Add(field="tags", entity="Product", type="string[]"),
    "add prices as a list of Money to Product": Add(field="prices", entity="Product", type="Money[]"),
    "add list of tags to Product": Add(field="tags", entity="Product", type="array"),
    "add a new boolean flag is_vip to User": Add(field="is_vip", entity="User", type="boolean"),
    "add a flag is_vip to User": Add(field="is_vip", entity="User", type="boolean"),
    "add a vip flag to User": Add(field="vip_flag", entity="User"),
    "add a timestamp created_at to User": Add(field="created_at", entity="User", type="string"),
    "add created_at timestamp to User": Add(field="created_at", entity="User", type="string"),
    "add login timestamp to User": Add(field="login_timestamp", entity="User"),
    "add a decimal price field to Product": Add(field="price", entity="Product", type="number"),
    "add non-null loyalty_points integer to User": Add(
        field="loyalty_points", entity="User", type="integer", required=True
    ),
    "add default currency to Shop": Add(field="default_currency", entity="Shop"),
    "add a default_address field to User": Add(field="default_address", entity="User"),
    "add VAT number to Order": Add(field="VAT_number", entity="Order"),
    "add site URL to Shop": Add(field="site_URL", entity="Shop"),
    "add list price to Product": Add(field="list_price", entity="Product"),
    "add repeated purchases to User": Add(field="repeated_purchases", entity="User"),
    "change type of Product.size to a list of integers": Retype(
        field="size", entity="Product", type="integer[]"
    ),
    "add billing_address: Address to Order": Add(field="billing_address", entity="Order", type="Address"),
    "add gift note to order item": Add(field="gift_note", entity="order item"),
    "add email address to User": Add(field="email_address", entity="User"),
    "add phone number field to User": Add(field="phone_number", entity="User"),
    "add loyalty_points to users.openapi.yaml#User": Add(
        field="loyalty_points", entity="users.openapi.yaml#User"
    ),
    "User.loyalty_points: integer": Add(field="loyalty_points", entity="User", type="integer"),
    "User.loyalty_points": Add(field="loyalty_points", entity="User"),
    "loyalty_points: bool": Add(field="loyalty_points", type="boolean"),
    "give every user a loyalty_points field": Add(field="loyalty_points", entity="user"),
    "extend User with loyalty_points": Add(field="loyalty_points", entity="User"),
    "let's add a date field to Order": Add(field="date", entity="Order"),
    "add delivery-zone to Address": Add(field="delivery-zone", entity="Address"),
    "add shipping_method to Order": Add(field="shipping_method", entity="Order"),
    "add Order.shipping_method": Add(field="shipping_method", entity="Order"),
    "remove shipping_method from Order": Remove(field="shipping_method", entity="Order"),
    "remove phone from User": Remove(field="phone", entity="User"),
    "drop the phone column from users": Remove(field="phone", entity="users"),
    "delete User.phone": Remove(field="phone", entity="User"),
    "delete the user's phone": Remove(field="phone", entity="user"),
    "get rid of phone in User": Remove(field="phone", entity="User"),
    "remove phone": Remove(field="phone"),
    "rename User.phone to phone_number": Rename(field="phone", new_name="phone_number", entity="User"),
    "rename phone to phone_number in User": Rename(field="phone", new_name="phone_number", entity="User"),
    "rename the phone field of User to phone_number": Rename(
        field="phone", new_name="phone_number", entity="User"
    ),
    "rename `User.phone` to `phone number`": Rename(field="phone", new_name="phone_number", entity="User"),
    "rename phone to phoneNumber": Rename(field="phone", new_name="phoneNumber"),
    "migrate User.phone to phone_number": Move(field="phone", new_name="phone_number", entity="User"),
    "change zip_code of Address to string": Retype(field="zip_code", entity="Address", type="string"),
    "change type of Address.zip_code to string": Retype(field="zip_code", entity="Address", type="string"),
    "change the type of zip_code in Address to text": Retype(
        field="zip_code", entity="Address", type="string"
    ),
    "change Address.zip_code type to string": Retype(field="zip_code", entity="Address", type="string"),
    "change zip_code from int to string": Retype(field="zip_code", type="string"),
    "make User.age an integer": Retype(field="age", entity="User", type="integer"),
    "make age of User an integer": Retype(field="age", entity="User", type="integer"),
    "turn User.age into a number": Retype(field="age", entity="User", type="number"),
    "User.age should be an integer": Retype(field="age", entity="User", type="integer"),
}

REFUSED = {
    "": "not understood",
    "hello": "not understood",
    "add": "not understood",
    "add field": "not understood",
    "add caching": "not understood",
    "add loyalty_points and nickname to User": "one field per run",
    "add loyalty_points, nickname to User": "one field per run",
    "add loyalty_points to User and Order": "one entity per run",
    "add loyalty_points field to User, default 0": "a default is each service's own",
    "add loyalty_points field with default 0 to User": "a default is each service's own",
    "add loyalty_points default 0 to User": "a default is each service's own",
    "add loyalty_points to User, defaulting to 0": "a default is each service's own",
    "add enum value REFUNDED to OrderStatus": "only changes fields",
    "add status REFUNDED to Order": "understood are",
    "add a GraphQL field loyalty to User": "understood are",
    "make it faster": "not understood",
    "make phone optional": "optional and required",
    "change phone to phone_number": "not understood",
    "rename phone": "not understood",
    "add an endpoint for points": "only changes fields",
    "add refund endpoint to orders": "only changes fields",
    "add event user.deleted": "only changes fields",
    "add GET /users/{id}/points endpoint": "only changes fields",
    "add 1field to User": "not understood",
    "add ../../etc/passwd to User": "not understood",
    "add loyalty_points " * 200: "not understood",
}


@pytest.mark.parametrize("request_", UNDERSTOOD, ids=str)
def test_a_request_is_understood(request_: str) -> None:
    assert understand(request_) == UNDERSTOOD[request_]


@pytest.mark.parametrize("request_", REFUSED, ids=lambda text: text[:40] or "empty")
def test_a_request_that_is_not_understood_is_refused_with_the_shapes_that_are(request_: str) -> None:
    with pytest.raises(UsageError, match=REFUSED[request_]) as error:
        understand(request_)
    assert error.value.next_step


def test_the_option_names_the_entity_whatever_the_sentence_says() -> None:
    assert understand("add nickname", to="User") == Add(field="nickname", entity="User")
    assert understand("add nickname to Usr", to="User") == Add(field="nickname", entity="User")
    assert understand("rename phone to tel", to="a.yaml#User") == Rename(
        field="phone", new_name="tel", entity="a.yaml#User"
    )
    assert understand("remove phone", to="User") == Remove(field="phone", entity="User")


def test_escape_sequences_of_a_request_do_not_reach_the_terminal() -> None:
    with pytest.raises(UsageError) as error:
        understand("paint it \x1b[31mred\x07")
    assert "\x1b" not in str(error.value)
    assert "paint it red" in str(error.value)


WORDS = (
    "add remove rename change make type of to as from in with field User phone integer string : . , ( ) ' \" ` a the "
    "User.phone give extend get rid should be required optional migrate 日本 \x1b[0m ../x {} 1"
)


@given(st.lists(st.sampled_from(WORDS.split()), max_size=12).map(" ".join))
def test_whatever_is_said_is_understood_or_refused_in_words(request_: str) -> None:
    found: Wish | UsageError
    try:
        found = understand(request_)
    except UsageError as error:
        found = error
    if isinstance(found, UsageError):
        assert found.next_step
        assert "\x1b" not in str(found)
    else:
        assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", found.field)
