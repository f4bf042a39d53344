import pytest

from hive.config.manifest import render_project
from hive.config.project import parse_project
from hive.errors import UsageError
from hive.model import Contract, Edge, Graph, Service

QUARANTINE = "[project]\nname = 'shop'\n[services.users]\npath = 'users'\n[checks]\nquarantine = "
GRAPH = Graph(
    services=(
        Service(name="orders", path="services/orders", language="python", test="python -m pytest -q"),
        Service(name="users", path="services/users", language="go"),
    ),
    contracts=(
        Contract(
            path="contracts/users.openapi.yaml", kind="openapi", owner="users", copies=("vendor/u.yaml",)
        ),
    ),
    edges=(Edge(source="orders", target="users", contract="contracts/users.openapi.yaml"),),
    event_edges=(Edge(source="users", target="orders"),),
)


def test_what_is_written_reads_back_as_the_same_graph():
    read = parse_project(render_project("shop", GRAPH, "main"))
    assert read.project.target == "main"
    graph = read.graph()
    assert (graph.services, graph.contracts) == (GRAPH.services, GRAPH.contracts)
    assert [(e.source, e.target, e.contract) for e in graph.edges] == [
        ("orders", "users", "contracts/users.openapi.yaml")
    ]
    assert [(e.source, e.target) for e in graph.event_edges] == [("users", "orders")]


def test_calls_may_be_a_plain_list():
    text = '[project]\nname = "p"\n[services.a]\npath = "a"\ncalls = ["b"]\n[services.b]\npath = "b"\n'
    assert [(e.source, e.target, e.contract) for e in parse_project(text).graph().edges] == [("a", "b", None)]


def test_run_settings_become_the_policy():
    config = parse_project('[project]\nname = "p"\n[run]\nmax_parallel = 7\nrework_limit = 0\n')
    assert (config.policy().max_parallel, config.policy().rework_limit) == (7, 0)


@pytest.mark.parametrize("key", ["sandbox", "model", "api_key", "base_url", "endpoint", "permission_mode"])
@pytest.mark.parametrize("place", ["", "[run]\n"])
def test_a_repository_may_not_choose_what_only_a_person_may(key: str, place: str):
    head = f'{place}{key} = "x"\n'
    text = head + '[project]\nname = "p"\n'
    with pytest.raises(UsageError, match=key) as caught:
        parse_project(text)
    assert "config.toml" in caught.value.next_step


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name", "not TOML"),
        ("[project]\n", "project.name"),
        ('[project]\nname = "p"\ncolour = 1\n', "project.colour"),
        ('[project]\nname = "p"\n[services.a]\npath = "../up"\n', "leaves the repository"),
        ('[project]\nname = "p"\n[services.a]\npath = "/abs"\n', "leaves the repository"),
        ('[project]\nname = "p"\n[services."a b"]\npath = "x"\n', "services.a b"),
        ('[project]\nname = "p"\n[services.a]\npath = "x"\ncalls = ["zz"]\n', "'zz'"),
        ('[project]\nname = "p"\n[network]\nallow = ["evil.example:443"]\n', "hosts are a person's choice"),
        ('[project]\nname = "p"\n[run]\nmax_parallel = 0\n', "run.max_parallel"),
    ],
)
def test_bad_configuration_names_the_key_and_the_reason(text: str, words: str):
    with pytest.raises(UsageError, match=words) as caught:
        parse_project(text)
    assert caught.value.next_step


@pytest.mark.parametrize(
    "entry", ["users/tests", "users/tests::tests.test_a.A::test_b[x/y]", "users/tests::src/a.test.js::adds"]
)
def test_checks_and_single_tests_can_be_in_quarantine(entry: str):
    assert parse_project(f'{QUARANTINE}["{entry}"]').checks.quarantine == (entry,)


@pytest.mark.parametrize("entry", ["users", "users/tests:", "users/tests::", "/tests", "users/tests::  "])
def test_what_names_no_check_and_no_test_cannot_be_in_quarantine(entry: str):
    with pytest.raises(UsageError, match=r"checks\.quarantine"):
        parse_project(f'{QUARANTINE}["{entry}"]')
