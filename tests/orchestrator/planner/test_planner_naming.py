import pytest

from hive.orchestrator.planner.naming import key, noun, restyled, singular


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("users", "user"),
        ("addresses", "address"),
        ("address", "address"),
        ("categories", "category"),
        ("boxes", "box"),
        ("branches", "branch"),
        ("statuses", "status"),
        ("status", "status"),
        ("movies", "movie"),
        ("movie", "movie"),
        ("people", "person"),
        ("bus", "bus"),
        ("analysis", "analysis"),
        ("gas", "gas"),
    ],
)
def test_nouns_have_a_singular_to_compare_by(many: str, one: str) -> None:
    assert singular(many) == one


@pytest.mark.parametrize(
    "name", ["OrderItem", "order_items", "order-item", "ORDER_ITEMS", "order items", "orderItems"]
)
def test_style_case_and_number_do_not_tell_entities_apart(name: str) -> None:
    assert noun(name) == "orderitem"


@pytest.mark.parametrize("name", ["zipCode", "zip_code", "ZIP_CODE", "zip-code", "ZipCode"])
def test_style_does_not_tell_fields_apart(name: str) -> None:
    assert key(name) == "zipcode"


@pytest.mark.parametrize(
    ("name", "like", "expected"),
    [
        ("loyalty_points", ["firstName", "lastName", "id"], "loyaltyPoints"),
        ("loyaltyPoints", ["first_name", "id"], "loyalty_points"),
        ("loyalty_points", ["id", "name"], "loyalty_points"),
        ("loyalty-points", ["FirstName"], "LoyaltyPoints"),
        ("loyalty_points", ["firstName", "last_name", "home_town"], "loyalty_points"),
    ],
)
def test_a_new_name_takes_the_style_of_its_house(name: str, like: list[str], expected: str) -> None:
    assert restyled(name, like) == expected
