import pytest

from hive.model import ContractField
from hive.orchestrator.planner.inference import infer

OWN = [ContractField(name="user_id", type="integer"), ContractField(name="street_address", type="string")]
ELSEWHERE = [
    ContractField(name="delivery_fee", type="integer"),
    ContractField(name="home_zone", type="Zone"),
]
NEARBY = [
    ContractField(name="shipping_address", type="Address"),
    ContractField(name="price_usd", type="Money"),
    ContractField(name="search_tags", type="array"),
]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("loyalty_points", "integer"),
        ("loyaltyPoints", "integer"),
        ("login_count", "integer"),
        ("total_cents", "integer"),
        ("weight_grams", "integer"),
        ("quantity", "integer"),
        ("age", "integer"),
        ("is_admin", "boolean"),
        ("hasConsent", "boolean"),
        ("newsletter_enabled", "boolean"),
        ("marketing_opt_in", "boolean"),
        ("created_at", "string"),
        ("birth_date", "string"),
        ("price", "number"),
        ("tax_rate", "number"),
        ("click_ratio", "number"),
        ("delivery_zone", "string"),
        ("referrer_id", "integer"),
        ("billing_address", "string"),
        ("discount_usd", "Money"),
        ("more_tags", "string"),
        ("message", "string"),
        ("issue", "string"),
        ("service_fee", "integer"),
    ],
)
def test_the_type_follows_the_name_and_then_its_family(name: str, kind: str) -> None:
    assert infer(name, OWN, NEARBY, ELSEWHERE).type == kind


def test_it_says_why() -> None:
    assert infer("loyalty_points", OWN).because == "by its last word 'points'"
    assert infer("referrer_id", OWN).because == "like 'user_id'"
    assert infer("zone", OWN).because == "nothing says what 'zone' is"
