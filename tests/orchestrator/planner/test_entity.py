import pytest

from hive.errors import UsageError
from hive.model import ContractField, Entity
from hive.orchestrator.planner.entity import assumption, choose, contenders, is_kin, named
from hive.orchestrator.planner.family import Family, families
from hive.orchestrator.planner.request import Add


def entity(name: str, fields: str, contract: str = "shop.yaml") -> Entity:
    known = tuple(ContractField(name=field, type="string") for field in fields.split())
    return Entity(name=name, contract=contract, pointer=f"/components/schemas/{name}", fields=known)


def command(choice: str) -> str:
    return f"hive run x --to {choice}"


USER, ORDER, ADDRESS, ERROR = FAMILIES = families(
    [
        entity("User", "id name email"),
        entity("OrderItem", "id sku total"),
        entity("shop.v1.Address", "street_address city zip_code", "shop.proto"),
        entity("Error", "code message id"),
    ]
)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("User", USER),
        ("users", USER),
        ("USER", USER),
        ("order item", ORDER),
        ("order_items", ORDER),
        ("OrderItem", ORDER),
        ("Address", ADDRESS),
        ("addresses", ADDRESS),
        ("shop.v1.Address", ADDRESS),
        ("/components/schemas/User", USER),
        ("shop.yaml#User", USER),
    ],
)
def test_an_entity_is_found_whatever_its_case_number_and_style(wanted: str, found: Family) -> None:
    assert named(wanted, FAMILIES, command) == (found,)


def test_an_unknown_entity_is_answered_with_the_nearest_names() -> None:
    with pytest.raises(UsageError, match="no contract carries an entity 'Usr'; there are User") as error:
        named("Usr", FAMILIES, command)
    assert "hive run x --to User" in error.value.next_step


def test_an_unlike_name_is_answered_with_what_there_is() -> None:
    with pytest.raises(UsageError, match="there are User, OrderItem, Address\n"):
        named("Zebra", FAMILIES, command)


def test_a_file_before_the_name_means_that_file_alone() -> None:
    both = families(
        [entity("User", "id email", "contracts/users.yaml"), entity("User", "id email", "gateway.yaml")]
    )
    (only,) = named("users.yaml#User", both, command)
    assert only.contracts == ("contracts/users.yaml",)
    with pytest.raises(UsageError):
        named("sers.yaml#User", both, command)


def test_the_entity_carried_by_most_services_is_assumed_and_said() -> None:
    carried = {USER.label: dict.fromkeys("abcd", 1.0), ORDER.label: {"a": 1.0}}
    wish = Add(field="loyalty_points")
    assert choose(wish, [ORDER, USER], carried, command) is USER
    said = assumption(wish, USER, [ORDER, USER], carried, 4)
    assert said == "assuming User, carried by 4 services; --to chooses another (OrderItem)"


def test_a_kindred_field_and_an_id_count_before_services() -> None:
    carried = {
        USER.label: {"a": 1.0},
        ADDRESS.label: dict.fromkeys("ab", 1.0),
        ERROR.label: dict.fromkeys("abc", 1.0),
    }
    assert choose(Add(field="zip_plus"), [USER, ADDRESS, ERROR], carried, command) is ADDRESS
    assert choose(Add(field="loyalty_points"), [ERROR, ADDRESS, USER], carried, command) is USER


@pytest.mark.parametrize(
    ("field", "family", "kin"),
    [
        ("delivery_zip", ADDRESS, True),
        ("user_note", USER, True),
        ("address_note", ADDRESS, True),
        ("loyalty_points", USER, False),
        ("external_id", USER, False),
    ],
)
def test_a_field_is_kin_by_a_telling_word(field: str, family: Family, kin: bool) -> None:
    assert is_kin(field, family) is kin


def test_a_tie_at_the_top_is_refused_with_the_exact_commands() -> None:
    with pytest.raises(UsageError, match="nothing decides") as error:
        choose(Add(field="loyalty_points"), [USER, ORDER], {}, command)
    assert error.value.next_step == "say which: `hive run x --to User` | `hive run x --to OrderItem`"


def test_entities_of_one_name_are_told_apart_by_their_files() -> None:
    twins = families([entity("Item", "id sku", "cart.yaml"), entity("Item", "id shelf", "stock.yaml")])
    twins = tuple(Family((member,)) for family in twins for member in family.members)
    with pytest.raises(UsageError, match="nothing decides") as error:
        choose(Add(field="gift_wrap"), twins, {}, command)
    assert "cart.yaml#Item" in error.value.next_step
    assert "stock.yaml#Item" in error.value.next_step


def test_of_entities_with_the_name_that_was_said_the_most_carried_is_assumed() -> None:
    event, api = (
        Family((entity("Order", fields, path),)) for fields, path in (("id", "e.json"), ("a b c", "o.yaml"))
    )
    wish = Add(field="x", entity="Order")
    assert choose(wish, [event, api], {api.label: {"web": 0.6}}, command) is api
    said = assumption(wish, api, [event, api], {}, 1)
    assert said == "assuming o.yaml#Order, carried by 1 service; --to chooses another (e.json#Order)"


def test_only_those_that_are_equally_plausible_need_a_look_at_the_code() -> None:
    assert contenders(Add(field="loyalty_points"), [USER, ORDER, ADDRESS, ERROR]) == [USER, ORDER]
    assert contenders(Add(field="zip_plus"), [USER, ADDRESS]) == [ADDRESS]
    assert contenders(Add(field="x", entity="Order"), [USER, ADDRESS]) == [USER, ADDRESS]


def test_a_service_counts_as_much_as_it_carries() -> None:
    carried = {USER.label: {"a": 1.0, "b": 1.0}, ORDER.label: {"a": 0.5, "b": 0.5, "c": 0.6}}
    assert choose(Add(field="loyalty_points"), [ORDER, USER], carried, command) is USER
