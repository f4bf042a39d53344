"""Deployment files: Skaffold, Helm and images without a build."""

from tests.discovery.memory import PYTHON_IMAGE, calls, discovered, services

APPS = {
    "code/a1/Dockerfile": PYTHON_IMAGE,
    "code/a1/app.py": "x = 1",
    "code/b2/Dockerfile": PYTHON_IMAGE,
    "code/b2/app.py": "x = 1",
}


def test_skaffold_says_which_folder_an_image_is_built_from() -> None:
    skaffold = """
        build:
          artifacts:
            - {image: registry.invalid/shop/cart, context: code/a1}
            - {image: web, context: code/b2}
        """
    graph = discovered(APPS | {"skaffold.yaml": skaffold, "code/b2/a.js": "fetch('http://cart:80')"})
    assert calls(graph) == {("b2", "a1")}


def test_a_chart_gives_its_values_to_the_service_of_its_name() -> None:
    graph = discovered(
        APPS
        | {
            "charts/a1/Chart.yaml": "name: a1\n",
            "charts/a1/values.yaml": "image: {tag: x}\nendpoints: {peer: 'http://b2:80'}\n",
        }
    )
    assert [(edge.source, edge.target, edge.evidence) for edge in graph.edges] == [
        ("a1", "b2", "charts/a1/values.yaml:2")
    ]


def test_an_umbrella_chart_gives_each_part_to_the_service_of_its_key() -> None:
    values = "a1:\n  image: x\n  env: [{name: PEER, value: 'http://b2:80'}]\nb2:\n  image: y\n"
    graph = discovered(APPS | {"chart/Chart.yaml": "name: shop\n", "chart/values.yaml": values})
    assert calls(graph) == {("a1", "b2")}


def test_an_image_is_matched_with_the_folder_that_its_name_ends_in() -> None:
    compose = """
        services:
          front: {image: acme/shop-billing, environment: [PEER=http://b2:80]}
          db: {image: postgres}
        """
    graph = discovered(
        APPS | {"code/billing/Dockerfile": PYTHON_IMAGE, "code/billing/a.py": "", "compose.yml": compose}
    )
    assert services(graph) == {"a1": "code/a1", "b2": "code/b2", "billing": "code/billing"}
    assert calls(graph) == {("billing", "b2")}


def test_defaults_in_a_dockerfile_are_addresses_too() -> None:
    graph = discovered(APPS | {"code/a1/Dockerfile": PYTHON_IMAGE + "ENV PEER_URL=http://b2:8080\n"})
    assert [(edge.source, edge.target, edge.evidence) for edge in graph.edges] == [
        ("a1", "b2", "code/a1/Dockerfile:4")
    ]
