"""Which folders are services, and what they are called."""

import pytest

from tests.discovery.memory import PYTHON_IMAGE, discovered, node, services


def test_a_manifest_at_the_root_alone_is_one_service_at_the_root() -> None:
    graph = discovered({"package.json": node("@acme/billing"), "index.js": "require('express')().listen(80)"})
    assert services(graph) == {"billing": "."}


def test_a_root_that_only_holds_services_is_no_service() -> None:
    graph = discovered(
        {
            "Dockerfile": "FROM python:3.12\n",
            "users/Dockerfile": PYTHON_IMAGE,
            "users/app.py": "x = 1",
            "orders/Dockerfile": PYTHON_IMAGE,
            "orders/app.py": "x = 1",
        }
    )
    assert services(graph) == {"orders": "orders", "users": "users"}


SERVER = "from fastapi import FastAPI\napp = FastAPI()\n"


def test_servers_side_by_side_without_build_files_are_services() -> None:
    graph = discovered(
        {
            "requirements.txt": "fastapi\n",
            "services/users/main.py": SERVER,
            "services/orders/app/server.py": SERVER,
            "services/common/clock.py": "now = 1",
            "scripts/serve.py": SERVER,
        }
    )
    assert services(graph) == {"orders": "services/orders", "users": "services/users"}


def test_a_server_beside_services_is_one_too() -> None:
    go = "package main\nfunc main() { http.ListenAndServe(a, b) }\n"
    graph = discovered(
        {
            "src/users/Dockerfile": PYTHON_IMAGE,
            "src/users/app.py": "x = 1",
            "src/frontend/main.go": go,
            "src/frontend/genproto/demo.pb.go": go,
            "src/shared/money.go": "package shared\n",
        }
    )
    assert services(graph) == {"frontend": "src/frontend", "users": "src/users"}


def test_the_parts_of_one_program_are_no_services() -> None:
    package = {"pyproject.toml": '[project]\nname = "shop"\n', "shop/__init__.py": "", "shop/main.py": SERVER}
    graph = discovered(package | {"shop/admin/app.py": SERVER, "shop/api/app.py": SERVER})
    assert list(services(graph).values()) == ["."]


@pytest.mark.parametrize(
    "folder", ["e2e", "tests/users", "load-generator", "docs/site", "k8s", "libs/common"]
)
def test_tests_tools_documents_and_libraries_are_no_services(folder: str) -> None:
    graph = discovered(
        {
            "users/package.json": node("users"),
            "users/index.js": "app.listen(80)",
            f"{folder}/package.json": node("other"),
            f"{folder}/index.js": "app.listen(80)",
        }
    )
    assert services(graph) == {"users": "users"}


@pytest.mark.parametrize("base", ["postgres:16", "bitnami/redis:7", "fluent/fluentd:v1", "mongo"])
def test_a_dressed_up_database_or_broker_is_no_service(base: str) -> None:
    graph = discovered(
        {
            "compose.yaml": "services:\n  store: {build: store}\n  users: {build: users}\n",
            "store/Dockerfile": f"FROM {base}\nCOPY init.sh /\n",
            "store/init.sh": "echo",
            "users/Dockerfile": PYTHON_IMAGE,
            "users/app.py": "x = 1",
        }
    )
    assert services(graph) == {"users": "users"}


def test_a_web_server_with_pages_of_its_own_is_a_service() -> None:
    graph = discovered(
        {
            "web/Dockerfile": "FROM nginx:1\nCOPY static /usr/share/nginx/html\n",
            "web/static/index.html": "<p>",
        }
    )
    assert services(graph) == {"web": "web"}


def test_a_generic_folder_stands_for_its_parent_when_it_is_alone_there() -> None:
    graph = discovered(
        {
            "src/cart/src/cart.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"/>',
            "src/cart/src/Program.cs": "WebApplication.CreateBuilder(args);",
            "src/cart/tests/cart.tests.csproj": '<Project Sdk="Microsoft.NET.Sdk"/>',
            "src/ads/package.json": node("ads"),
            "src/ads/index.js": "app.listen(80)",
        }
    )
    assert services(graph) == {"ads": "src/ads", "cart": "src/cart"}


def test_two_folders_of_one_name_get_two_names() -> None:
    graph = discovered(
        {
            "shop/api/package.json": node("a"),
            "shop/api/index.js": "app.listen(80)",
            "shop/web/package.json": node("b"),
            "shop/web/index.js": "app.listen(80)",
            "bank/api/package.json": node("c"),
            "bank/api/index.js": "app.listen(80)",
            "bank/web/package.json": node("d"),
            "bank/web/index.js": "app.listen(80)",
        }
    )
    assert services(graph) == {
        "c": "bank/api",
        "web": "bank/web",
        "a": "shop/api",
        "shop-web": "shop/web",
    }


def test_an_unsafe_folder_name_becomes_a_safe_service_name() -> None:
    graph = discovered({"My Users!/package.json": node("x"), "My Users!/index.js": "app.listen(80)"})
    assert services(graph) == {"my-users": "My Users!"}


def test_a_wide_build_context_is_narrowed_by_what_the_dockerfile_builds() -> None:
    main = "package main\nfunc main() {\n\thttp.ListenAndServe(addr, nil)\n}\n"
    graph = discovered(
        {
            "go.mod": "module example.org/coffee\n",
            "compose.yaml": """
                services:
                  barista: {build: {context: ., dockerfile: docker/Dockerfile-barista}}
                  counter: {build: {context: ., dockerfile: docker/Dockerfile-counter}}
                """,
            "docker/Dockerfile-barista": "FROM golang\nRUN go build ./cmd/barista\n",
            "docker/Dockerfile-counter": "FROM golang\nRUN go build ./cmd/counter\n",
            "cmd/barista/main.go": main,
            "cmd/counter/main.go": main,
        }
    )
    assert services(graph) == {"barista": "cmd/barista", "counter": "cmd/counter"}


def test_java_modules_are_services_when_a_plugin_packages_them_as_such() -> None:
    def module(name: str, plugin: str = "") -> str:
        build = f"<build><plugins><plugin><artifactId>{plugin}</artifactId></plugin></plugins></build>"
        return f"<project><artifactId>{name}</artifactId>{build if plugin else ''}</project>"

    graph = discovered(
        {
            "pom.xml": "<project><packaging>pom</packaging><modules><module>users</module></modules></project>",
            "users/pom.xml": module("users", "spring-boot-maven-plugin"),
            "users/src/main/java/App.java": "class App {}",
            "users-api/pom.xml": module("users-api"),
            "users-api/src/main/java/User.java": "class User {}",
        }
    )
    assert services(graph) == {"users": "users"}


def test_aspire_projects_are_services_and_their_host_is_not() -> None:
    web = '<Project Sdk="Microsoft.NET.Sdk.Web"/>'
    graph = discovered(
        {
            "src/Shop.AppHost/Shop.AppHost.csproj": "<Project><PropertyGroup><IsAspireHost>true</IsAspireHost></PropertyGroup></Project>",
            "src/Shop.AppHost/Program.cs": """
                var builder = DistributedApplication.CreateBuilder(args);
                var basket = builder.AddProject<Projects.Basket_API>("basket-api");
                var identity = builder.AddProject<Projects.Identity_API>("identity-api");
                builder.AddProject<Projects.WebApp>("webapp").WithReference(basket);
                identity.WithEnvironment("BasketApiClient", basket.GetEndpoint("http"));
                """,
            "src/Basket.API/Basket.API.csproj": web,
            "src/Basket.API/Program.cs": "WebApplication.CreateBuilder(args);",
            "src/Identity.API/Identity.API.csproj": web,
            "src/Identity.API/Program.cs": "WebApplication.CreateBuilder(args);",
            "src/WebApp/WebApp.csproj": web,
            "src/WebApp/Program.cs": "WebApplication.CreateBuilder(args);",
        }
    )
    assert set(services(graph)) == {"basket.api", "identity.api", "webapp"}
    assert [(edge.source, edge.target, edge.evidence) for edge in graph.edges] == [
        ("webapp", "basket.api", "src/Shop.AppHost/Program.cs:4")
    ]


def test_the_order_of_everything_is_the_same_each_time() -> None:
    files = {
        "b/package.json": node("b"),
        "b/index.js": "fetch('http://a:80'); app.listen(1)",
        "a/package.json": node("a"),
        "a/index.js": "fetch('http://b:80'); app.listen(1)",
        "contracts/b.graphql": "type B { id: ID }",
        "contracts/a.graphql": "type A { id: ID }",
    }
    assert discovered(files) == discovered(dict(reversed(files.items())))
