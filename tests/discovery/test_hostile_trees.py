"""Trees that are broken, huge or meant to harm: discovery leaves out what it cannot read, and ends."""

import pytest

from hive.discovery import discover
from hive.discovery.documents import helm_documents, line_of, xml_root, yaml_documents
from hive.discovery.names import safe
from tests.discovery.memory import MemoryTree, calls, discovered, node, services

SERVICE = {"users/package.json": node("users"), "users/index.js": "app.listen(80)"}
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{one}: &{one} [{', '.join(['*' + before] * 9)}]\n"
    for before, one in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("compose.yaml", b"services: [\n: : :\n\t"),
        ("compose.yaml", b"services: {users: [1, 2], x: {build: 5, environment: 7, ports: {a: b}, depends_on: 1}}"),
        ("compose.yaml", BOMB.encode()),
        ("compose.yaml", b"[" * 200_000),
        ("compose.yaml", b"- " * 200_000),
        ("compose.yaml", b"services: {a: {build: ../../../etc, env_file: ../../secret}}"),
        ("k8s/a.yaml", b"apiVersion: v1\nkind: Deployment\nmetadata: 5\nspec: {template: []}\n"),
        ("k8s/a.yaml", b"{{- range .x }}\napiVersion: v1\nkind: {{ .k }}\n{{ end }}{{{{{{"),
        ("chart/values.yaml", b"a: &a\n  b: *a\n"),
        ("orders/package.json", b'{"scripts": [], "dependencies": 4, "workspaces": 7}'),
        ("orders/package.json", b"[" * 200_000),
        ("orders/package.json", b"\xff\xfe\x00{"),
        ("orders/pom.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><project><artifactId>&a;</artifactId></project>'),
        ("orders/pom.xml", b"<project><artifactId>"),
        ("orders/pyproject.toml", b"[project\nname ="),
        ("orders/Cargo.toml", b"package = 3\nworkspace = []"),
        ("orders/Dockerfile", b"FROM\nFROM \nENV\n"),
        ("orders/openapi.yaml", b"openapi: 3.0.3\n" + b"[" * 100_000),
        ("orders/a.proto", b"service " * 100_000 + b"/*" * 100_000),
        ("orders/a.go", b"A_" * 300_000 + b"_URL"),
        ("orders/a.js", b"publish(" * 100_000),
        ("orders/a.ts", b"http://" * 100_000 + b"\n" * 100_000),
        ("orders/a.cs", b"DistributedApplication AddProject<Projects.A>(\"a\"" * 20_000),
        ("orders/nginx.conf", b"\n" * 900_000),
        ("orders/application.yml", b"{{" * 100_000),
        ("orders/big.json", b'{"openapi": "' + b"x" * 2_000_000 + b'"}'),
    ],
)  # fmt: skip
def test_a_broken_file_is_left_out_and_the_rest_is_found(path: str, content: bytes) -> None:
    graph = discovered(SERVICE | {path: content})
    assert services(graph)["users"] == "users"


def test_names_that_are_not_text_are_skipped() -> None:
    graph = discovered(SERVICE | {"caf\udce9/package.json": node("x"), "a\nb/package.json": node("y")})
    assert services(graph) == {"users": "users"}


def test_a_file_that_cannot_be_read_is_skipped() -> None:
    class Torn(MemoryTree):
        def read(self, path: str) -> bytes:
            if path.endswith(".js"):
                raise KeyError(path)
            return super().read(path)

    graph = discover(Torn(SERVICE | {"orders/Dockerfile": "FROM node", "orders/a.py": "x = 1"}))
    assert services(graph) == {"orders": "orders", "users": "users"}


def test_an_empty_tree_has_an_empty_graph() -> None:
    graph = discovered({})
    assert (graph.services, graph.contracts, graph.edges, graph.event_edges) == ((), (), (), ())


def test_dependencies_build_outputs_and_bundles_are_not_read() -> None:
    skipped = {
        "users/node_modules/a/index.js": "x",
        "users/dist/a.js": "x",
        "users/vendor/modules.txt": "x",
        "users/vendor/a/a.go": "x",
        "users/a.min.js": "x",
        "users/package-lock.json": "{}",
        "users/logo.png": "x",
    }
    tree = MemoryTree(SERVICE | skipped)
    discover(tree)
    assert set(tree.reads).isdisjoint(skipped)


def test_source_files_are_read_once() -> None:
    tree = MemoryTree(SERVICE | {"users/a.py": "x = 1", "compose.yaml": "services: {}"})
    discover(tree)
    assert {path: tree.reads[path] for path in ("users/index.js", "users/a.py", "compose.yaml")} == {
        "users/index.js": 1,
        "users/a.py": 1,
        "compose.yaml": 1,
    }


def test_a_vendor_folder_that_no_tool_filled_may_be_a_service() -> None:
    graph = discovered(
        SERVICE | {"vendor/package.json": node("vendor"), "vendor/a.js": "fetch('http://users'); x.listen(1)"}
    )
    assert calls(graph) == {("vendor", "users")}


def test_yaml_scalars_know_their_lines_through_merges_and_templates() -> None:
    documents = helm_documents(
        "a: &x {b: c}\n{{ if .y }}\nd:\n  <<: *x\n  e: {{ .z }}\n{{ end }}\n---\nf: g\n"
    )
    assert documents == [{"a": {"b": "c"}, "d": {"b": "c", "e": ""}}, {"f": "g"}]
    assert line_of(documents[0]["d"]) == 1
    assert line_of(documents[1]) == 8


def test_a_bomb_gives_no_document_and_entities_no_root() -> None:
    assert yaml_documents(BOMB) == []
    assert xml_root("<!DOCTYPE a><a/>") is None
    assert xml_root('<a xmlns="urn:x"><b/></a>') is not None


@pytest.mark.parametrize(
    ("text", "name"), [("../..", ""), ("A b;$(x)", "a-b-x"), ("-rf", "rf"), ("Ünï", "n")]
)
def test_names_are_made_safe(text: str, name: str) -> None:
    assert safe(text) == name
