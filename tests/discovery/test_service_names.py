"""Names as people write them, and whom they mean."""

import pytest

from hive.discovery.deployment import Deployment
from hive.discovery.names import core, host, shared_prefix, tokens, unique
from hive.discovery.naming import Naming
from hive.discovery.roles import is_aside, is_infrastructure, is_test_path
from hive.discovery.unit import Unit


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("OrderHistory_service-v2", ("order", "history", "service", "v", "2")),
        ("ORDER_URL", ("order", "url")),
        ("HTTPServer", ("http", "server")),
    ],
)
def test_a_name_is_split_in_every_spelling(name: str, words: tuple[str, ...]) -> None:
    assert tokens(name) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [("orders", "order-service"), ("ProductCatalog", "productcatalogservice"), ("CATEGORY_API", "categories"), ("ad", "AdService")],
)  # fmt: skip
def test_spellings_of_one_subject_have_one_core(one: str, other: str) -> None:
    assert core(one) == core(other)


def test_the_project_name_in_front_of_most_names_is_left_out() -> None:
    prefix = shared_prefix(["acme-users", "acme-orders", "acme-web", "proxy"])
    assert prefix == ("acme",)
    assert core("acme-orders-service", prefix) == core("ORDERS", prefix)
    assert shared_prefix(["a-x", "a-y"]) == ()


def test_hosts_are_compared_without_case_and_cluster() -> None:
    assert host("ORDERS_svc.default.svc.cluster.local") == "orders-svc.default"


def test_a_taken_name_grows_by_its_parent_then_by_a_number() -> None:
    assert unique("api", {"api"}, "shop") == "shop-api"
    assert unique("api", {"api", "shop-api"}, "shop") == "api-2"


def naming(*units: tuple[str, str], **ports: int) -> Naming:
    """Services with one more deploy name each."""
    return Naming(
        [
            Unit(name, name, deployments=(Deployment(other, "compose", "c:1", ports=tuple(filter(None, [ports.get(name)]))),))
            for name, other in units
        ],
        {},
    )  # fmt: skip


def test_what_two_services_share_names_neither_and_the_own_name_wins() -> None:
    known = naming(("cart", "api"), ("users", "api"), ("orders", "cart"))
    assert known.by_host("api") is None
    assert known.by_host("cart") == "cart"
    assert known.by_host("CART.prod.svc.cluster.local") == "cart"
    assert known.by_tail("SHOP_UI_ENDPOINTS_USERS") == "users"
    assert known.by_name("orderService") == "orders"
    assert known.by_name("payments") is None


def test_a_port_means_a_service_when_no_other_publishes_it() -> None:
    known = naming(("cart", "a"), ("users", "b"), ("orders", "c"), cart=8080, users=8080, orders=8081)
    assert known.by_port("8080") is None
    assert known.by_port("8081") == "orders"


@pytest.mark.parametrize(
    ("image", "answer"),
    [
        ("redis:7", True),
        ("docker.io/bitnami/postgresql", True),
        ("confluentinc/cp-kafka:7.0", True),
        ("acme/registry", False),
        ("acme/mail-service", False),
    ],
)
def test_infrastructure_is_known_by_its_image(image: str, answer: bool) -> None:
    assert is_infrastructure(image) is answer


@pytest.mark.parametrize(
    "path", ["a/__tests__/b.js", "a/b_test.go", "src/integration-test/A.java", "A.Tests/B.cs", "e2e/a.ts"]
)
def test_test_files_are_known_by_their_paths(path: str) -> None:
    assert is_test_path(path)


@pytest.mark.parametrize("folder", ["services/testimonials", "latest", "services/contest", "deployer"])
def test_names_that_only_contain_such_a_word_are_innocent(folder: str) -> None:
    assert not is_aside(folder)
