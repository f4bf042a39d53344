import pytest

from hive.errors import UsageError
from hive.model import REGISTRIES
from hive.network.endpoints import Endpoint, chosen, endpoint, of_variables, reachable, registries


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("example.com:443", Endpoint("example.com", 443)),
        ("https://Example.com/v1", Endpoint("example.com", 443)),
        ("http://127.0.0.1:8080", Endpoint("127.0.0.1", 8080)),
        ("example.com.:443", Endpoint("example.com", 443)),
        ("[::1]:80", Endpoint("::1", 80)),
        ("http://user:pw@example.com", Endpoint("example.com", 80)),
    ],
)
def test_an_endpoint_is_an_exact_host_and_port(text, expected):
    assert endpoint(text) == expected


@pytest.mark.parametrize(
    "text", ["", "example.com", "*.example.com:443", ":443", "a:b", "example.com:0", "[::1"]
)
def test_what_is_no_exact_host_and_port_is_refused_with_its_value(text):
    with pytest.raises(UsageError, match="exact host") as caught:
        endpoint(text)
    assert repr(text) in caught.value.message


def test_a_person_may_name_registries_and_private_hosts_and_a_project_registries_alone():
    assert chosen(["npm", "db.internal:5432"]) == (
        Endpoint("registry.npmjs.org", 443),
        Endpoint("db.internal", 5432, private=True),
    )
    assert registries(["evil.example:443", "npm"]) == (Endpoint("registry.npmjs.org", 443),)
    assert {each.host for each in registries(["registry"])} == set(REGISTRIES["registry"])


def test_variables_that_are_handed_on_open_where_they_lead():
    given = {
        "ANTHROPIC_API_KEY": "k",
        "MY_BASE_URL": "http://10.0.0.1:9/v1",
        "HOME_PAGE": "http://x",
        "OPENAI_API_KEY": "",
    }
    assert of_variables(given) == (Endpoint("api.anthropic.com", 443), Endpoint("10.0.0.1", 9, private=True))


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True), ("2606:2800:220:1::1", True), ("127.0.0.1", False), ("10.1.2.3", False),
        ("192.168.0.1", False), ("169.254.169.254", False), ("100.64.0.1", False), ("::1", False), ("fe80::1%eth0", False),
        ("fd00::1", False), ("::ffff:127.0.0.1", False), ("::ffff:169.254.169.254", False), ("0.0.0.0", False),
        ("2002:7f00:1::", False), ("224.0.0.1", False),
    ],
)  # fmt: skip
def test_names_that_lead_to_this_machine_or_its_network_are_no_way_out(address, public):
    assert reachable(address, private=False) is public


def test_a_person_may_mean_a_private_address_but_never_all_of_them():
    assert reachable("127.0.0.1", private=True)
    assert not reachable("0.0.0.0", private=True)
