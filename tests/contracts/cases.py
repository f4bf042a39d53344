"""Pairs of contracts for every rule: the tests of severity and of completeness share them."""

import json
from typing import Any

from hive.contracts.rules.schema import Subject
from hive.model import ContractKind, Direction

S, INT, N = {"type": "string"}, {"type": "integer"}, {"type": "number"}
A = {"type": "object", "title": "A", "properties": {"a": S}}
B = {"type": "object", "title": "B", "properties": {"b": S}}
OBJECT = {"type": "object"}


def _with(schema: dict, **keywords: Any) -> dict:
    return {**schema, **keywords}


def _limits(keyword: str, name: str, base: dict) -> dict[str, tuple[dict, dict]]:
    low, high = _with(base, **{keyword: 3}), _with(base, **{keyword: 5})
    return {
        f"{name}-set": (base, low),
        f"{name}-unset": (low, base),
        f"{name}-increased": (low, high),
        f"{name}-decreased": (high, low),
    }


def _tells(name: str, **mapping: str) -> dict:
    return {"oneOf": [A, B], "discriminator": {"propertyName": name, "mapping": mapping}}


VALUES: dict[str, tuple[dict, dict]] = {
    "type-changed": (S, INT),
    "type-generalized": (INT, N),
    "type-specialized": (N, INT),
    "became-nullable": (S, {"type": ["string", "null"]}),
    "became-not-nullable": ({"type": "string", "nullable": True}, S),
    "enum-value-added": (_with(S, enum=["a"]), _with(S, enum=["a", "b"])),
    "enum-value-removed": (_with(S, enum=["a", "b"]), _with(S, enum=["a"])),
    "became-enum": (S, _with(S, const="a")),
    "became-not-enum": (_with(S, enum=["a"]), S),
    **_limits("maximum", "max", INT),
    **_limits("exclusiveMaximum", "exclusive-max", INT),
    **_limits("maxLength", "max-length", S),
    **_limits("maxItems", "max-items", {"type": "array"}),
    **_limits("maxProperties", "max-properties", OBJECT),
    **_limits("minimum", "min", INT),
    **_limits("exclusiveMinimum", "exclusive-min", INT),
    **_limits("minLength", "min-length", S),
    **_limits("minItems", "min-items", {"type": "array"}),
    **_limits("minProperties", "min-properties", OBJECT),
    "multiple-of-set": (INT, _with(INT, multipleOf=2)),
    "multiple-of-unset": (_with(INT, multipleOf=2), INT),
    "multiple-of-changed": (_with(INT, multipleOf=2), _with(INT, multipleOf=3)),
    "unique-items-set": ({"type": "array"}, {"type": "array", "uniqueItems": True}),
    "unique-items-unset": ({"type": "array", "uniqueItems": True}, {"type": "array"}),
    "pattern-added": (S, _with(S, pattern="a+")),
    "pattern-removed": (_with(S, pattern="a+"), S),
    "pattern-changed": (_with(S, pattern="a+"), _with(S, pattern="a*")),
    "default-value-added": (S, _with(S, default="a")),
    "default-value-removed": (_with(S, default="a"), S),
    "default-value-changed": (_with(S, default="a"), _with(S, default="b")),
    "deprecated": (S, _with(S, deprecated=True)),
    "reactivated": (_with(S, deprecated=True), S),
    "additional-properties-closed": (OBJECT, _with(OBJECT, additionalProperties=False)),
    "additional-properties-opened": (_with(OBJECT, additionalProperties=False), OBJECT),
    "one-of-added": ({"oneOf": [A]}, {"oneOf": [A, B]}),
    "one-of-removed": ({"oneOf": [A, B]}, {"oneOf": [A]}),
    "any-of-added": ({"anyOf": [A]}, {"anyOf": [A, B]}),
    "any-of-removed": ({"anyOf": [A, B]}, {"anyOf": [A]}),
    "union-changed": ({"anyOf": [A]}, {"oneOf": [A]}),
    "discriminator-changed": (_tells("kind"), _tells("sort")),
    "discriminator-mapping-added": (_tells("kind", a="#/x"), _tells("kind", a="#/x", b="#/y")),
    "discriminator-mapping-changed": (_tells("kind", a="#/x"), _tells("kind", a="#/y")),
    "keyword-changed": (_with(S, **{"not": {"const": "a"}}), _with(S, **{"not": {"const": "b"}})),
    "reference-unresolved": (S, {"$ref": "#/components/schemas/Nowhere"}),
}


def _object(required: tuple[str, ...] = (), closed: bool = False, **properties: dict) -> dict:
    extra = {"additionalProperties": False} if closed else {}
    return {"type": "object", "properties": {"id": S, **properties}, "required": list(required), **extra}


PROPERTIES: dict[str, tuple[dict, dict]] = {
    "property-became-required": (_object(a=S), _object(("a",), a=S)),
    "property-became-required-with-default": (
        _object(a=_with(S, default="x")),
        _object(("a",), a=_with(S, default="x")),
    ),
    "property-became-optional": (_object(("a",), a=S), _object(a=S)),
    "required-property-added": (_object(), _object(("a",), a=S)),
    "required-property-with-default-added": (_object(), _object(("a",), a=_with(S, default="x"))),
    "optional-property-added": (_object(), _object(a=S)),
    "property-added-to-closed-object": (_object(closed=True), _object(closed=True, a=S)),
    "required-property-removed": (_object(("a",), a=S), _object()),
    "optional-property-removed": (_object(a=S), _object()),
    "property-removed-from-closed-object": (_object(closed=True, a=S), _object(closed=True)),
    "property-became-read-only": (_object(a=S), _object(a=_with(S, readOnly=True))),
    "property-became-not-read-only": (_object(a=_with(S, readOnly=True)), _object(a=S)),
    "required-property-became-not-read-only": (
        _object(("a",), a=_with(S, readOnly=True)),
        _object(("a",), a=S),
    ),
    "property-became-write-only": (_object(a=S), _object(a=_with(S, writeOnly=True))),
    "property-became-not-write-only": (_object(a=_with(S, writeOnly=True)), _object(a=S)),
}


def document(kind: ContractKind, direction: Direction, subject: Subject, schema: dict) -> bytes:
    """A contract in which a schema travels in a direction, as a body, a property, a parameter or a header."""
    if subject == "property" and direction in ("request", "response"):
        schema = {"type": "object", "properties": {"it": schema}}
    build = {"openapi": _openapi, "asyncapi": _asyncapi, "jsonschema": _jsonschema}[kind]
    return json.dumps(build(direction, subject, schema)).encode()


def _openapi(direction: Direction, subject: Subject, schema: dict) -> dict:
    content = {"content": {"application/json": {"schema": schema}}}
    answer: dict = {"responses": {"200": {"description": ""}}}
    operation: dict = {"post": answer}
    components: dict = {}
    if direction in ("both", "none"):
        components = {"schemas": {"It": schema}}
        operation = operation if direction == "none" else {}
    elif subject == "parameter":
        answer["parameters"] = [{"in": "query", "name": "q", "schema": schema}]
    elif subject == "header":
        answer["responses"]["200"]["headers"] = {"X-It": {"schema": schema}}
    elif direction == "request":
        answer["requestBody"] = content
    else:
        answer["responses"]["200"].update(content)
    paths = {"/things": operation} if operation else {}
    return {"openapi": "3.1.0", "info": {}, "paths": paths, "components": components}


def _asyncapi(direction: Direction, subject: Subject, schema: dict) -> dict:
    verb = "subscribe" if direction == "response" else "publish"
    payload = S if direction in ("both", "none") else schema
    channels = {"orders": {verb: {"message": {"name": "made", "payload": payload}}}}
    components = {"schemas": {"It": schema}} if direction in ("both", "none") else {}
    return {
        "asyncapi": "2.6.0",
        "channels": {} if direction == "both" else channels,
        "components": components,
    }


def _jsonschema(direction: Direction, subject: Subject, schema: dict) -> dict:
    return {"type": "object", "properties": {"root": S}, "$defs": {"It": schema}}


def openapi(operation: dict | None = None, **top: Any) -> bytes:
    """An OpenAPI document with one operation, `GET /users/{id}`."""
    paths = {} if operation is None else {"/users/{id}": {"get": {"responses": {}, **operation}}}
    return json.dumps({"openapi": "3.1.0", "info": {}, "paths": paths, **top}).encode()


def _body(required: bool = False, *media: str, **more: Any) -> dict:
    return {"requestBody": {"required": required, "content": dict.fromkeys(media, more)}}


def _query(**more: Any) -> dict:
    return {"parameters": [{"in": "query", "name": "q", "schema": S, **more}]}


def _answer(status: str = "200", *media: str, **headers: dict) -> dict:
    return {"responses": {status: {"content": {name: {} for name in media}, "headers": headers}}}


_KEYS = {"components": {"securitySchemes": {"key": {"type": "apiKey"}}}}
_OTHER = {"components": {"securitySchemes": {"key": {"type": "http"}}}}
_PATH_Q = {"parameters": [{"in": "path", "name": "id", "required": True, "schema": S}]}
_HOOK = {"hook": {"post": {"requestBody": {"required": True, "content": {}}}}}

OPENAPI: dict[str, tuple[bytes, bytes]] = {
    "endpoint-added": (openapi(), openapi({})),
    "api-removed-without-deprecation": (
        openapi({}),
        openapi(paths={"/users/{key}": {"put": {"responses": {}}}}),
    ),
    "api-removed-with-deprecation": (
        openapi({"deprecated": True}),
        openapi(paths={"/users/{id}": {"put": {"responses": {}}}}),
    ),
    "api-path-removed-without-deprecation": (openapi({}), openapi()),
    "api-path-removed-with-deprecation": (openapi({"deprecated": True}), openapi()),
    "endpoint-deprecated": (openapi({}), openapi({"deprecated": True})),
    "endpoint-reactivated": (openapi({"deprecated": True}), openapi({})),
    "api-operation-id-changed": (openapi({"operationId": "a"}), openapi({"operationId": "b"})),
    "api-security-added": (openapi({}), openapi({}, security=[{"key": []}])),
    "api-security-removed": (
        openapi({"security": [{"a": []}, {"b": []}]}),
        openapi({"security": [{"a": []}]}),
    ),
    "api-security-relaxed": (openapi({"security": [{"a": []}]}), openapi({"security": []})),
    "api-security-component-changed": (openapi(**_KEYS), openapi(**_OTHER)),
    "api-servers-changed": (openapi(servers=[{"url": "/v1"}]), openapi(servers=[{"url": "/v2"}])),
    "api-keyword-changed": (openapi({}), openapi({"own": 1})),
    "api-reference-changed": (openapi(_query()), openapi({"parameters": [{"$ref": "other.yaml#/q"}]})),
    "api-schema-removed": (openapi(components={"schemas": {"A": A}}), openapi()),
    "api-schema-added": (openapi({}), openapi({}, components={"schemas": {"A": A}})),
    "webhook-changed": (openapi(webhooks={"hook": {"post": {}}}), openapi(webhooks=_HOOK)),
    "new-required-request-parameter": (openapi({}), openapi(_query(required=True))),
    "new-optional-request-parameter": (openapi({}), openapi(_query())),
    "new-request-path-parameter": (openapi({}), openapi(_PATH_Q)),
    "request-parameter-removed": (openapi(_query()), openapi({})),
    "request-parameter-became-required": (openapi(_query()), openapi(_query(required=True))),
    "request-parameter-became-optional": (openapi(_query(required=True)), openapi(_query())),
    "request-parameter-deprecated": (openapi(_query()), openapi(_query(deprecated=True))),
    "request-parameter-reactivated": (openapi(_query(deprecated=True)), openapi(_query())),
    "request-parameter-serialization-changed": (openapi(_query()), openapi(_query(explode=False))),
    "request-body-added-required": (openapi({}), openapi(_body(True))),
    "request-body-added-optional": (openapi({}), openapi(_body())),
    "request-body-removed": (openapi(_body()), openapi({})),
    "request-body-became-required": (openapi(_body()), openapi(_body(True))),
    "request-body-became-optional": (openapi(_body(True)), openapi(_body())),
    "request-body-media-type-added": (openapi(_body()), openapi(_body(False, "text/csv"))),
    "request-body-media-type-removed": (openapi(_body(False, "text/csv")), openapi(_body())),
    "request-body-encoding-changed": (
        openapi(_body(False, "text/csv")),
        openapi(_body(False, "text/csv", encoding={"a": {}})),
    ),
    "response-media-type-added": (openapi(_answer()), openapi(_answer("200", "text/csv"))),
    "response-media-type-removed": (openapi(_answer("200", "text/csv")), openapi(_answer())),
    "response-success-status-added": (openapi({}), openapi(_answer("201"))),
    "response-success-status-removed": (openapi(_answer("201")), openapi({})),
    "response-non-success-status-added": (openapi({}), openapi(_answer("404"))),
    "response-non-success-status-removed": (openapi(_answer("404")), openapi({})),
    "response-header-added": (openapi(_answer()), openapi(_answer(X={}))),
    "required-response-header-removed": (openapi(_answer(X={"required": True})), openapi(_answer())),
    "optional-response-header-removed": (openapi(_answer(X={})), openapi(_answer())),
    "response-header-became-optional": (openapi(_answer(X={"required": True})), openapi(_answer(X={}))),
    "response-header-became-required": (openapi(_answer(X={})), openapi(_answer(X={"required": True}))),
}


def asyncapi(verb: str = "", channel: str = "orders", schemas: dict | None = None, **messages: dict) -> bytes:
    """An AsyncAPI 2 document with one operation, or none."""
    listed = {"message": {"oneOf": [{"name": name, "payload": S, **more} for name, more in messages.items()]}}
    channels = {channel: {verb: listed}} if verb else {}
    return json.dumps(
        {"asyncapi": "2.6.0", "channels": channels, "components": {"schemas": schemas or {}}}
    ).encode()


def asyncapi_3(address: str = "orders", action: str = "send", message: str = "made") -> bytes:
    """An AsyncAPI 3 document with one channel, one message and one operation."""
    return json.dumps(
        {
            "asyncapi": "3.0.0",
            "channels": {
                "orders": {
                    "address": address,
                    "messages": {message: {"$ref": f"#/components/messages/{message}"}},
                }
            },
            "operations": {"tell": {"action": action, "channel": {"$ref": "#/channels/orders"}}},
            "components": {
                "messages": {message: {"payload": {"$ref": "#/components/schemas/Order"}}},
                "schemas": {
                    "Order": {"type": "object", "properties": {"lines": {"type": "array", "items": A}}}
                },
            },
        }
    ).encode()


ASYNCAPI: dict[str, tuple[bytes, bytes]] = {
    "operation-added": (asyncapi(), asyncapi("publish", m={})),
    "operation-removed": (asyncapi("publish", m={}), asyncapi()),
    "channel-address-changed": (asyncapi_3("orders"), asyncapi_3("orders.v2")),
    "sent-message-added": (asyncapi("subscribe", m={}), asyncapi("subscribe", m={}, n={})),
    "sent-message-removed": (asyncapi("subscribe", m={}, n={}), asyncapi("subscribe", m={})),
    "received-message-added": (asyncapi("publish", m={}), asyncapi("publish", m={}, n={})),
    "received-message-removed": (asyncapi("publish", m={}, n={}), asyncapi("publish", m={})),
    "message-content-type-changed": (
        asyncapi("publish", m={"contentType": "application/json"}),
        asyncapi("publish", m={"contentType": "text/csv"}),
    ),
    "message-unreadable": (
        asyncapi("publish", m={"schemaFormat": "application/vnd.apache.avro", "payload": S}),
        asyncapi("publish", m={"schemaFormat": "application/vnd.apache.avro", "payload": INT}),
    ),
    "component-schema-added": (asyncapi(), asyncapi(schemas={"A": A})),
    "component-schema-removed": (asyncapi(schemas={"A": A}), asyncapi()),
}


def proto(body: str) -> bytes:
    """A proto3 file of the package `p`."""
    return f'syntax = "proto3";\npackage p;\n{body}\n'.encode()


def _message(*lines: str) -> bytes:
    return proto("message M {\n" + "\n".join(lines) + "\n}")


_RPC = "message A {}\nmessage B {}\nservice S { %s }"


def _rpc(line: str) -> bytes:
    return proto(_RPC % line)


PROTOBUF: dict[str, tuple[bytes | None, bytes | None]] = {
    "FILE_NO_DELETE": (proto(""), None),
    "FILE_ADDED": (None, proto("")),
    "FILE_SAME_PACKAGE": (proto(""), b'syntax = "proto3";\npackage q;'),
    "FILE_SAME_SYNTAX": (proto(""), b'syntax = "proto2";\npackage p;'),
    "FILE_SAME_OPTION": (proto('option go_package = "a";'), proto('option go_package = "b";')),
    "FILE_OPTION_CHANGED": (proto(""), proto('option (own.option) = "b";')),
    "MESSAGE_NO_DELETE": (_message(), proto("")),
    "MESSAGE_ADDED": (proto(""), _message()),
    "MESSAGE_OPTION_CHANGED": (_message(), _message("option (own).x = true;")),
    "MESSAGE_SAME_REQUIRED_FIELDS": (
        b"message M { optional int32 a = 1; }",
        b"message M { required int32 a = 1; }",
    ),
    "FIELD_NO_DELETE": (_message("string a = 1;"), _message()),
    "FIELD_ADDED": (_message(), _message("string a = 1;")),
    "FIELD_SAME_NAME": (_message("string a = 1;"), _message("string b = 1;")),
    "FIELD_SAME_TYPE": (_message("int32 a = 1;"), _message("int64 a = 1;")),
    "FIELD_SAME_CARDINALITY": (_message("int32 a = 1;"), _message("repeated int32 a = 1;")),
    "FIELD_SAME_JSON_NAME": (_message("int32 a = 1;"), _message('int32 a = 1 [json_name = "b"];')),
    "FIELD_SAME_ONEOF": (_message("int32 a = 1;"), _message("oneof o { int32 a = 1; }")),
    "FIELD_SAME_DEFAULT": (
        b"message M { optional int32 a = 1 [default = 1]; }",
        b"message M { optional int32 a = 1 [default = 2]; }",
    ),
    "FIELD_SAME_JSTYPE": (_message("int64 a = 1;"), _message("int64 a = 1 [jstype = JS_STRING];")),
    "FIELD_DEPRECATED": (_message("int32 a = 1;"), _message("int32 a = 1 [deprecated = true];")),
    "FIELD_OPTION_CHANGED": (_message("int32 a = 1;"), _message("int32 a = 1 [(own.rule).gt = 1];")),
    "FIELD_NUMBER_REUSED": (_message("reserved 1;"), _message("reserved 1;", "int32 a = 1;")),
    "ONEOF_NO_DELETE": (_message("oneof o { int32 a = 1; }"), _message("int32 a = 1;")),
    "ONEOF_ADDED": (_message(), _message("oneof o { int32 a = 1; }")),
    "RESERVED_MESSAGE_NO_DELETE": (_message("reserved 1 to 5;"), _message("reserved 1 to 4;")),
    "RESERVED_ENUM_NO_DELETE": (
        proto('enum E { A = 0; reserved "B"; }'),
        proto("enum E { A = 0; }"),
    ),
    "RESERVED_ADDED": (_message(), _message("reserved 1, 3 to max;")),
    "EXTENSION_MESSAGE_NO_DELETE": (_message("extensions 5 to 9;"), _message("extensions 5 to 8;")),
    "EXTENSION_RANGE_ADDED": (_message(), _message("extensions 5 to 9;")),
    "EXTENSION_NO_DELETE": (proto("extend X { int32 a = 5; }"), proto("")),
    "EXTENSION_ADDED": (proto(""), proto("extend X { int32 a = 5; }")),
    "EXTENSION_CHANGED": (proto("extend X { int32 a = 5; }"), proto("extend X { int64 a = 5; }")),
    "ENUM_NO_DELETE": (proto("enum E { A = 0; }"), proto("")),
    "ENUM_ADDED": (proto(""), proto("enum E { A = 0; }")),
    "ENUM_OPTION_CHANGED": (proto("enum E { A = 0; }"), proto("enum E { A = 0 [(own) = 1]; }")),
    "ENUM_VALUE_NO_DELETE": (proto("enum E { A = 0; B = 1; }"), proto("enum E { A = 0; }")),
    "ENUM_VALUE_SAME_NAME": (proto("enum E { A = 0; }"), proto("enum E { B = 0; }")),
    "ENUM_VALUE_ADDED": (proto("enum E { A = 0; }"), proto("enum E { A = 0; B = -1; }")),
    "SERVICE_NO_DELETE": (_rpc(""), proto("message A {}\nmessage B {}")),
    "SERVICE_ADDED": (proto("message A {}\nmessage B {}"), _rpc("")),
    "SERVICE_OPTION_CHANGED": (_rpc(""), _rpc("option (own) = 1;")),
    "RPC_NO_DELETE": (_rpc("rpc Do(A) returns (B);"), _rpc("")),
    "RPC_ADDED": (_rpc(""), _rpc("rpc Do(A) returns (B);")),
    "RPC_SAME_REQUEST_TYPE": (_rpc("rpc Do(A) returns (B);"), _rpc("rpc Do(B) returns (B);")),
    "RPC_SAME_RESPONSE_TYPE": (_rpc("rpc Do(A) returns (B);"), _rpc("rpc Do(A) returns (A);")),
    "RPC_SAME_CLIENT_STREAMING": (_rpc("rpc Do(A) returns (B);"), _rpc("rpc Do(stream A) returns (B);")),
    "RPC_SAME_SERVER_STREAMING": (_rpc("rpc Do(A) returns (B);"), _rpc("rpc Do(A) returns (stream B);")),
    "RPC_SAME_IDEMPOTENCY_LEVEL": (
        _rpc("rpc Do(A) returns (B);"),
        _rpc("rpc Do(A) returns (B) { option idempotency_level = IDEMPOTENT; }"),
    ),
    "RPC_OPTION_CHANGED": (
        _rpc("rpc Do(A) returns (B);"),
        _rpc('rpc Do(A) returns (B) { option (google.api.http) = { get: "/a" }; }'),
    ),
}

JSONSCHEMA: dict[str, tuple[bytes | None, bytes | None]] = {
    "schema-file-added": (None, json.dumps(A).encode()),
    "schema-file-removed": (json.dumps(A).encode(), None),
    "schema-definition-added": (json.dumps(A).encode(), json.dumps({**A, "$defs": {"B": B}}).encode()),
    "schema-definition-removed": (json.dumps({**A, "$defs": {"B": B}}).encode(), json.dumps(A).encode()),
}
OPAQUE: dict[tuple[ContractKind, str], tuple[bytes | None, bytes | None]] = {
    ("avro", "avro-added"): (None, b"{}"),
    ("avro", "avro-removed"): (b"{}", None),
    ("avro", "avro-changed"): (b"{}", b"{ }"),
    ("graphql", "graphql-added"): (None, b"type A"),
    ("graphql", "graphql-removed"): (b"type A", None),
    ("graphql", "graphql-changed"): (b"type A", b"type B"),
    ("spring-cloud-contract", "spring-cloud-contract-added"): (None, b"Contract.make { }"),
    ("spring-cloud-contract", "spring-cloud-contract-removed"): (b"Contract.make { }", None),
    ("spring-cloud-contract", "spring-cloud-contract-changed"): (
        b"Contract.make { }",
        b"Contract.make { label 'a' }",
    ),
}
