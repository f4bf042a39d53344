"""Contract files: what counts, whose they are, which are copies."""

import json

from tests.discovery.memory import discovered, node

CART = 'syntax = "proto3";\npackage shop;\nservice Cart {\n  rpc Get (Id) returns (Id);\n}\nmessage Id {\n  string id = 1;\n}\n'
MAIL = "service Mail {\n  rpc Send (Id) returns (Id);\n}\n"
OPENAPI = "openapi: 3.0.3\ninfo: {title: %s, version: '1'}\npaths: {}\n"


def service(name: str, **files: str) -> dict[str, str]:
    """A service with files of its own."""
    return {f"{name}/package.json": node(name), f"{name}/index.js": "app.listen(80)"} | {
        f"{name}/{path}": text for path, text in files.items()
    }


def test_contracts_are_known_by_their_content() -> None:
    schema = json.dumps(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "properties": {"a": {"type": "string"}},
        }
    )
    graph = discovered(
        {
            "specs/users.yml": OPENAPI % "Users",
            "specs/events.yaml": "asyncapi: 2.6.0\ninfo: {title: x, version: '1'}\nchannels: {}\n",
            "specs/order.json": schema,
            "specs/user.avsc": '{"type": "record", "name": "User", "fields": []}',
            "specs/schema.graphql": "type Query { a: String }",
            "specs/cart.proto": CART,
            "specs/values.yaml": "openapi: disabled\n",
            "tsconfig.json": '{"compilerOptions": {}}',
            "chart/values.schema.json": schema,
            "app/application.yml": "openapi: {title: x}\n",
        }
    )  # fmt: skip
    assert {contract.path: contract.kind for contract in graph.contracts} == {
        "specs/users.yml": "openapi",
        "specs/events.yaml": "asyncapi",
        "specs/order.json": "jsonschema",
        "specs/user.avsc": "avro",
        "specs/schema.graphql": "graphql",
        "specs/cart.proto": "protobuf",
    }


def test_spring_cloud_contracts_belong_to_whoever_keeps_them_for_a_consumer() -> None:
    text = "org.springframework.cloud.contract.spec.Contract.make {\n  label '%s'\n}\n"
    spring = "plugins { id 'org.springframework.boot' }"
    graph = discovered(
        {
            "orders/build.gradle": spring,
            "orders/src/main/java/A.java": "@SpringBootApplication class A {}",
            "mail/build.gradle": spring,
            "mail/src/main/java/A.java": "@SpringBootApplication class A {}",
            "orders-contracts/src/main/resources/contracts/mail/Sent.groovy": text % "sent",
            "mail/src/test/resources/contracts/Bounced.groovy": text % "bounced",
            "orders/src/test/groovy/OrderTest.groovy": "class OrderTest {}",
        }
    )
    assert [(one.kind, one.path.rpartition("/")[2], one.owner) for one in graph.contracts] == [
        ("spring-cloud-contract", "Bounced.groovy", "mail"),
        ("spring-cloud-contract", "Sent.groovy", "orders"),
    ]


def test_well_known_and_test_contracts_are_left_out() -> None:
    graph = discovered(
        {
            "protos/grpc/health/v1/health.proto": CART,
            "vendored/status.proto": CART.replace("package shop", "package google.rpc"),
            "tests/fixtures/users.yaml": OPENAPI % "Users",
            "node_modules/x/a.proto": CART,
        }
    )
    assert graph.contracts == ()


def test_the_file_for_all_is_the_original_and_parts_of_it_are_copies() -> None:
    files = service("cart", **{"cart.proto": CART, "server.go": "pb.RegisterCartServer(s, x)"})
    files |= service("mail", **{"protos/shop.proto": CART + MAIL, "server.go": "pb.RegisterMailServer(s, x)"})
    graph = discovered(files | {"protos/shop.proto": CART + MAIL})
    assert [(one.path, one.owner, one.copies) for one in graph.contracts] == [
        ("protos/shop.proto", None, ("cart/cart.proto", "mail/protos/shop.proto"))
    ]


def test_the_providers_file_is_the_original_of_its_consumers_copies() -> None:
    files = service("cart", **{"proto/cart.proto": CART, "server.go": "pb.RegisterCartServer(s, x)"})
    files |= service("mail", **{"a.proto": CART})
    files |= {"phone/package.json": '{"dependencies": {"react-native": "1"}}', "phone/cart.proto": CART}
    graph = discovered(files)
    assert [(one.path, one.owner, one.copies) for one in graph.contracts] == [
        ("cart/proto/cart.proto", "cart", ("mail/a.proto", "phone/cart.proto"))
    ]


def test_versions_side_by_side_and_small_schemas_alike_are_no_copies() -> None:
    schema = '{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",\n"properties": {\n"id": {"type": "string"}\n}}'
    files = service("users", **{"v1.yaml": OPENAPI % "Users", "v2.yaml": OPENAPI % "Users"})
    graph = discovered(files | {"a/authorize.json": schema, "b/validate.json": schema})
    assert [contract.copies for contract in graph.contracts] == [(), (), (), ()]


def test_a_contract_in_a_shared_folder_belongs_to_the_service_that_it_is_named_after() -> None:
    files = service("users") | service("orders-service")
    graph = discovered(
        files
        | {
            "contracts/users.openapi.yaml": OPENAPI % "People",
            "contracts/order/v1/openapi.yaml": OPENAPI % "x",
            "contracts/b.yaml": OPENAPI % "Orders API",
            "contracts/events.yaml": OPENAPI % "Everything",
        }
    )
    assert {one.path: one.owner for one in graph.contracts} == {
        "contracts/users.openapi.yaml": "users",
        "contracts/order/v1/openapi.yaml": "orders-service",
        "contracts/b.yaml": "orders-service",
        "contracts/events.yaml": None,
    }


def test_who_keeps_a_copy_of_an_http_contract_calls_its_owner() -> None:
    graph = discovered(
        service("users", **{"openapi.yaml": OPENAPI % "Users"})
        | service("web", **{"clients/users.yaml": OPENAPI % "Users"})
    )
    assert [(edge.source, edge.target, edge.contract) for edge in graph.edges] == [
        ("web", "users", "users/openapi.yaml")
    ]
