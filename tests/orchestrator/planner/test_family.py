import pytest

from hive.model import ContractField, Entity, Operation
from hive.orchestrator.planner.family import extended, families, has_identity, is_wrapper


def entity(name: str, fields: str, contract: str = "users.yaml") -> Entity:
    known = tuple(ContractField(name=field, type="string") for field in fields.split())
    return Entity(name=name, contract=contract, pointer=f"/components/schemas/{name}", fields=known)


USER = entity("User", "id name email phone")
VIEW = entity("user", "id email", "gateway.yaml")
CART_ITEM = entity("Item", "sku quantity", "cart.yaml")
STOCK_ITEM = entity("Item", "shelf weight", "stock.yaml")


def test_the_same_name_with_overlapping_fields_is_one_entity() -> None:
    (found,) = families([VIEW, USER])
    assert found.members == (USER, VIEW)
    assert found.name == "User"
    assert found.label == "users.yaml#User"
    assert found.contracts == ("users.yaml", "gateway.yaml")


def test_the_same_name_with_other_fields_is_another_entity() -> None:
    assert [f.members for f in families([CART_ITEM, STOCK_ITEM])] == [(CART_ITEM,), (STOCK_ITEM,)]


def test_packages_do_not_tell_entities_apart() -> None:
    assert len(families([entity("shop.v1.User", "id email", "a.proto"), USER])) == 1


def test_an_entity_without_fields_is_of_no_interest() -> None:
    assert families([entity("Empty", "")]) == ()


def test_a_payload_that_repeats_the_fields_belongs_to_the_family() -> None:
    event = entity("UserUpdated", "id email phone changed_at", "events.yaml")
    order = entity("UserOrder", "order_id user_id")
    more = extended(families([USER])[0], [USER, event, order], [], asking=False)
    assert more.family.members == (USER, event)


REQUESTS = [
    entity("NewUser", "name email phone"),
    entity("CreateUserRequest", "name email phone"),
    entity("UserInput", "name email"),
    entity("UserForm", "name email"),
]
TAKEN = Operation(name="POST /users", request=("UserForm",), response=("User",))


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda e: e.name)
def test_what_is_only_sent_is_left_as_it_is_when_a_field_is_added(request_: Entity) -> None:
    more = extended(families([USER])[0], [USER, request_], [TAKEN], asking=False)
    assert more.family.members == (USER,)
    assert more.left == (request_,)


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda e: e.name)
def test_what_is_only_sent_changes_too_when_a_field_changes(request_: Entity) -> None:
    assert extended(families([USER])[0], [USER, request_], [TAKEN], asking=True).family.members == (
        USER,
        request_,
    )


@pytest.mark.parametrize(
    ("name", "wrapper"),
    [
        ("GetUserRequest", True),
        ("ListUsersResponse", True),
        ("UserList", True),
        ("Error", True),
        ("CreateUser", True),
        ("User", False),
        ("PaymentMethod", False),
        ("List", True),
        ("Search", False),
    ],
)
def test_messages_around_entities_are_told_by_their_names(name: str, wrapper: bool) -> None:
    assert is_wrapper(entity(name, "a")) is wrapper


@pytest.mark.parametrize(
    ("fields", "has"), [("id a", True), ("user_id", True), ("userId", True), ("order_id", False)]
)
def test_an_id_tells_things_of_an_entity_apart(fields: str, has: bool) -> None:
    assert has_identity(families([entity("User", fields)])[0]) is has
