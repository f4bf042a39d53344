import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive.contracts import detect

SCHEMA = {"type": "object", "properties": {"id": {"type": "string"}}}
CONTRACTS = [
    ("api.yaml", b"openapi: 3.0.1\ninfo: {}\n", "openapi"),
    ("api.yml", b"# licence\n---\n\"openapi\": '3.1.0'\n", "openapi"),
    ("api.yml", b"\xef\xbb\xbfopenapi: 3.0.1\r\ninfo: {}\r\n", "openapi"),
    ("old.yaml", b'swagger: "2.0"\n', "openapi"),
    ("api.json", json.dumps({"swagger": "2.0", "paths": {}}).encode(), "openapi"),
    ("api.json", json.dumps({"info": {}, "openapi": "3.1.0"}, indent=2).encode(), "openapi"),
    ("events.yaml", b"asyncapi: '2.6.0'\nchannels: {}\n", "asyncapi"),
    ("events.json", b'{"asyncapi": "3.0.0"}', "asyncapi"),
    ("a.proto", b'// c\nsyntax = "proto3";\n', "protobuf"),
    ("a.proto", b"message A {\n}\n", "protobuf"),
    ("a.proto", b'edition = "2023";\n', "protobuf"),
    (
        "a.schema.json",
        b'{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "string"}',
        "jsonschema",
    ),
    ("Created.json", json.dumps(SCHEMA).encode(), "jsonschema"),
    ("defs.json", json.dumps({"definitions": {"A": SCHEMA}}).encode(), "jsonschema"),
    ("a.schema.yaml", b"$schema: https://json-schema.org/draft-07/schema#\ntype: object\n", "jsonschema"),
    ("user.avsc", b'{"type": "record", "name": "User", "fields": []}', "avro"),
    ("user.json", b'{"type": "record", "name": "User", "fields": []}', "avro"),
    ("api.graphql", b'"""Users"""\ntype User {\n  id: ID!\n}\n', "graphql"),
    (
        "GetOrder.groovy",
        b"org.springframework.cloud.contract.spec.Contract.make {\n}\n",
        "spring-cloud-contract",
    ),
    ("list.groovy", b"import a.Contract\n[Contract.make { }]\n", "spring-cloud-contract"),
    ("api.graphqls", b"extend type Query { users: [User] }\n", "graphql"),
]
OTHERS = [
    ("package.json", b'{"name": "a", "version": "1", "definitions": {"a": {"type": "string"}}}'),
    ("tsconfig.json", b'{"$schema": "https://json.schemastore.org/tsconfig", "compilerOptions": {}}'),
    ("composer.lock", b'{"packages": []}'),
    ("composer.json", b'{"type": "object", "properties": {"a": {"type": "string"}}}'),
    ("renovate.json", b'{"$schema": "https://docs.renovatebot.com/renovate-schema.json"}'),
    ("geo.json", b'{"type": "Feature", "properties": {"name": "Berlin"}}'),
    ("data.json", b'{"type": "object", "properties": {"name": {"first": "a"}}}'),
    ("data.json", b'{"type": "object", "properties": {}}'),
    ("data.json", b'{"fields": [1], "properties": 3, "type": "object"}'),
    ("broken.json", b'{"openapi": "3.0.0",'),
    ("list.json", b'[{"openapi": "3.0.0"}]'),
    ("deep.json", b'{"openapi":' * 100_000),
    ("values.json", b'{"openapi": {"enabled": true}}'),
    ("deployment.yaml", b"apiVersion: apps/v1\nkind: Deployment\nspec:\n  openapi: 3.0.0\n"),
    ("docker-compose.yml", b"services:\n  a:\n    image: openapi:3\n"),
    ("values.yaml", b"openapi:\n  enabled: true\n"),
    ("template.yaml", b"{{- if .Values.x }}\nkind: {{ .Values.kind }}\n{{- end }}\n"),
    (
        "crd.yaml",
        b"kind: CustomResourceDefinition\nspec:\n  validation:\n    openAPIV3Schema:\n      type: object\n",
    ),
    ("notes.proto", b"nothing of the kind\n"),
    ("build.groovy", b"// Contract.make { } makes one\nprintln 1\n"),
    ("query.graphql", b"query Users { users { id } }\n"),
    ("readme.md", b"openapi: 3.0.0\n"),
    ("a.avsc", b'"string"'),
    ("bad.avsc", b"\xff\xfe"),
    ("empty.json", b""),
    ("empty.yaml", b""),
]


@pytest.mark.parametrize(("path", "raw", "kind"), CONTRACTS)
def test_contracts_are_known_by_their_content(path: str, raw: bytes, kind: str) -> None:
    assert detect(f"some/folder/{path}", raw) == kind


@pytest.mark.parametrize(("path", "raw"), OTHERS)
def test_other_files_are_not_contracts(path: str, raw: bytes) -> None:
    assert detect(path, raw) is None


def test_a_helm_template_of_a_contract_is_known_by_its_root_key_without_being_parsed() -> None:
    assert detect("a.yaml", b"openapi: 3.0.0\ninfo: {{ .Values.info }}\n{{- end }}\n") == "openapi"


@given(
    st.sampled_from([".json", ".yaml", ".yml", ".proto", ".avsc", ".graphql", ".groovy", ""]),
    st.binary(max_size=80),
)
def test_no_bytes_make_it_fail(suffix: str, raw: bytes) -> None:
    detect(f"a{suffix}", raw)
    detect(f"a{suffix}", b'{"properties": ' + raw)
