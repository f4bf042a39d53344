import json
from typing import Any

import pytest

from hive import contracts
from hive.model import AddField, Change

REF = "#/components/schemas/"


def ref(name: str) -> dict:
    return {"$ref": f"{REF}{name}"}


def api(
    schemas: dict[str, Any], request: Any = None, response: Any = None, version: str = "3.1.0", **paths: Any
) -> bytes:
    """`POST /users/{id}` that takes and answers schemas."""
    post: dict = {"responses": {"200": {"description": ""}}}
    if request is not None:
        post["requestBody"] = {"content": {"application/json": {"schema": request}}}
    if response is not None:
        post["responses"]["200"]["content"] = {"application/json": {"schema": response}}
    everything = {"/users/{id}": {"post": post}, **paths}
    return json.dumps(
        {"openapi": version, "info": {}, "paths": everything, "components": {"schemas": schemas}}
    ).encode()


def rules(old: bytes, new: bytes) -> dict[str, str]:
    return {change.rule: change.severity for change in contracts.diff("openapi", "a.json", old, new)}


def thing(*required: str, **properties: Any) -> dict:
    return {"type": "object", "required": list(required), "properties": properties}


TEXT, COUNT = {"type": "string"}, {"type": "integer"}


def test_operations_name_the_entities_that_they_carry_nested_ones_included() -> None:
    schemas = {
        "User": thing("id", id=TEXT, home=ref("Address"), tags={"type": "array", "items": ref("Tag")}),
        "Address": thing(owner=ref("User"), city=TEXT),
        "Tag": {"allOf": [ref("Base"), thing(name=TEXT)]},
        "Base": thing(at={"type": "string", "format": "date-time"}, any={}, pick={"oneOf": [ref("Tag")]}),
        "Colour": {"type": "string", "enum": ["red"]},
    }
    document = contracts.parse(
        "openapi", "a.json", api(schemas, ref("User"), {"type": "array", "items": ref("Tag")})
    )
    (operation,) = document.operations()
    assert (operation.name, set(operation.request)) == (
        "POST /users/{id}",
        {"User", "Address", "Tag", "Base"},
    )
    assert operation.response == ("Tag", "Base")
    entities = {entity.name: entity for entity in document.entities()}
    assert list(entities) == ["User", "Address", "Tag", "Base"]
    assert [(f.name, f.type, f.required) for f in entities["User"].fields] == [
        ("id", "string", True),
        ("home", "Address", False),
        ("tags", "array", False),
    ]
    assert [(f.name, f.type) for f in entities["Tag"].fields] == [
        ("at", "string"),
        ("any", "object"),
        ("pick", "Tag"),
        ("name", "string"),
    ]
    assert entities["User"].pointer == "/components/schemas/User"


def test_schemas_written_into_a_body_are_entities_too() -> None:
    listed = {"type": "array", "items": {"title": "Row", **thing(a=TEXT, user=ref("User"))}}
    raw = api({"User": thing(id=TEXT)}, thing(b=TEXT), listed)
    document = contracts.parse("openapi", "a.json", raw)
    assert [entity.name for entity in document.entities()] == ["User", "POST /users/{id} request", "Row"]
    (operation,) = document.operations()
    assert (operation.request, operation.response) == (("POST /users/{id} request",), ("Row", "User"))
    new = contracts.edit("openapi", "a.json", raw, AddField(entity="Row", name="c"))
    assert rules(raw, new) == {"response-optional-property-added": "compatible"}


def test_one_schema_in_both_directions_is_judged_in_each() -> None:
    old, new = thing(id=TEXT), thing("points", id=TEXT, points=COUNT)
    changes = contracts.diff(
        "openapi",
        "users.json",
        api({"User": old}, ref("User"), ref("User")),
        api({"User": new}, ref("User"), ref("User")),
    )
    assert [(c.rule, c.direction, c.severity, c.kind) for c in changes] == [
        ("new-required-request-property", "request", "breaking", "added"),
        ("response-required-property-added", "response", "compatible", "added"),
    ]
    assert {c.element for c in changes} == {"users.json#/components/schemas/User/properties/points"}
    assert {c.affected for c in changes} == {("POST /users/{id}",)}


def test_a_change_deep_below_references_names_every_operation_that_carries_it() -> None:
    other = {
        "/tags": {"get": {"responses": {"200": {"content": {"application/json": {"schema": ref("Tag")}}}}}}
    }
    schemas = {
        "User": thing(tags={"type": "array", "items": ref("Tag")}),
        "Tag": thing(name=TEXT, next=ref("Tag")),
    }
    after = {**schemas, "Tag": thing(name=TEXT, next=ref("Tag"), colour=TEXT)}
    (change,) = contracts.diff(
        "openapi", "a.json", api(schemas, None, ref("User"), **other), api(after, None, ref("User"), **other)
    )
    assert change.affected == ("POST /users/{id}", "GET /tags")


def test_a_schema_that_nothing_in_the_file_uses_is_dangerous_to_break_not_free() -> None:
    changes = contracts.diff("openapi", "a.json", api({"A": thing(a=TEXT)}), api({"A": thing(a=COUNT)}))
    assert [(c.direction, c.severity, c.affected) for c in changes] == [("none", "dangerous", ())]


SAME: dict[str, tuple[dict, dict, dict]] = {
    "inlining a reference": ({"A": thing(a=TEXT)}, thing(x=ref("A")), thing(x=thing(a=TEXT))),
    "moving properties into allOf": (
        {"A": thing("a", a=TEXT)},
        thing("a", "b", a=TEXT, b=COUNT),
        {"allOf": [ref("A"), thing("b", b=COUNT)]},
    ),
    "a description beside a reference": (
        {"A": thing(a=TEXT, next=ref("A"))},
        thing(x=ref("A")),
        thing(x={"allOf": [ref("A")], "description": "the next"}),
    ),
    "nullable as a type": (
        {},
        thing(a={"type": "string", "nullable": True}),
        thing(a={"type": ["string", "null"]}),
    ),
    "nullable as an alternative": (
        {"A": thing(a=TEXT)},
        thing(a={"anyOf": [ref("A"), {"type": "null"}]}),
        thing(a={"type": ["object", "null"], "properties": {"a": TEXT}}),
    ),
    "exclusive bounds of both dialects": (
        {},
        {"type": "integer", "maximum": 5, "exclusiveMaximum": True},
        {"type": "integer", "exclusiveMaximum": 5},
    ),
    "a constant as an enum": ({}, {"const": "a"}, {"enum": ["a"]}),
    "documentation": ({}, {**TEXT, "description": "a", "example": 1, "x-note": 1}, {**TEXT, "title": "b"}),
    "order": ({}, thing("a", "b", a=TEXT, b=TEXT), thing("b", "a", b=TEXT, a=TEXT)),
    "escaped names": ({"a/b~c d": thing(a=TEXT)}, ref("a~1b~0c%20d"), ref("a~1b~0c d")),
    "a remote reference that stays": ({}, thing(a={"$ref": "x.json#/A"}), thing(a={"$ref": "x.json#/A"})),
}


@pytest.mark.parametrize("name", SAME)
def test_what_means_the_same_is_no_change(name: str) -> None:
    schemas, old, new = SAME[name]
    used = {**schemas, "Used": {"type": "object"}}
    assert rules(api(used, old, old), api(used, new, new)) == {}
    assert rules(api(used, new, new), api(used, old, old)) == {}


DIFFERENT: dict[str, tuple[dict, dict, dict[str, str]]] = {
    "one schema becomes one of several": (
        ref("A"),
        {"oneOf": [ref("A"), ref("B")]},
        {"request-body-one-of-added": "compatible", "response-body-one-of-added": "breaking"},
    ),
    "one of several becomes the only one": (
        {"anyOf": [ref("A"), ref("B")]},
        ref("A"),
        {"request-body-any-of-removed": "breaking", "response-body-any-of-removed": "compatible"},
    ),
    "something becomes a choice without it": (
        TEXT,
        {"oneOf": [ref("A")]},
        {"request-body-union-changed": "unknown", "response-body-union-changed": "unknown"},
    ),
    "another remote reference": (
        thing(a={"$ref": "x.json"}),
        thing(a={"$ref": "y.json"}),
        {
            "request-property-reference-unresolved": "unknown",
            "response-property-reference-unresolved": "unknown",
        },
    ),
    "a condition": (
        {**TEXT, "if": {"const": 1}, "then": {}},
        {**TEXT, "if": {"const": 2}, "then": {}},
        {"request-body-keyword-changed": "unknown", "response-body-keyword-changed": "unknown"},
    ),
    "another type hides what is below it": (
        thing(a=thing("x", x=TEXT)),
        thing(a=TEXT),
        {"request-property-type-changed": "breaking", "response-property-type-changed": "breaking"},
    ),
    "a wider integer": (
        {"type": "integer", "format": "int32"},
        {"type": "integer", "format": "int64"},
        {"request-body-type-generalized": "compatible", "response-body-type-generalized": "breaking"},
    ),
    "a read-only property is required": (
        thing(a={**TEXT, "readOnly": True}),
        thing("a", a={**TEXT, "readOnly": True}),
        {"response-property-became-required": "compatible"},
    ),
    "a write-only property is gone": (
        thing(a={**TEXT, "writeOnly": True}, b=TEXT),
        thing(b=TEXT),
        {"request-property-removed": "dangerous"},
    ),
    "the type of additional properties": (
        {"type": "object", "additionalProperties": TEXT},
        {"type": "object", "additionalProperties": COUNT},
        {"request-property-type-changed": "breaking", "response-property-type-changed": "breaking"},
    ),
    "any items become texts": (
        {"type": "array", "items": {}},
        {"type": "array", "items": TEXT},
        {"request-property-type-changed": "breaking", "response-property-type-specialized": "compatible"},
    ),
}


@pytest.mark.parametrize("name", DIFFERENT)
def test_what_means_something_else_is_judged_in_each_direction(name: str) -> None:
    old, new, expected = DIFFERENT[name]
    used = {"A": thing(a=TEXT), "B": thing(b=TEXT)}
    assert rules(api(used, old, old), api(used, new, new)) == expected


def test_a_keyword_that_cannot_be_compared_is_unknown_when_what_it_refers_to_changes() -> None:
    schema = {**TEXT, "not": ref("A")}
    found = rules(api({"A": {"const": 1}}, schema), api({"A": {"const": 2}}, schema))
    assert found["request-body-keyword-changed"] == "unknown"


def test_parameters_are_matched_by_place_and_path_parameters_by_position() -> None:
    def get(template: str, **parameter: Any) -> bytes:
        shared = [{"in": "path", "required": True, "schema": TEXT, **parameter}]
        return json.dumps(
            {"openapi": "3.0.0", "paths": {template: {"parameters": shared, "get": {}}}}
        ).encode()

    renamed = get("/users/{id}", name="id"), get("/users/{user}", name="user")
    assert rules(*renamed) == {}
    retyped = rules(get("/users/{id}", name="id"), get("/users/{id}", name="id", schema=COUNT))
    assert retyped == {"request-parameter-type-changed": "breaking"}


def test_swagger_2_is_read_like_its_successors() -> None:
    def swagger(kind: str, **body: Any) -> bytes:
        listed = [
            {"in": "body", "name": "b", "schema": {"$ref": "#/definitions/User"}},
            {"in": "query", "name": "q", "type": kind},
        ]
        post = {"parameters": listed, "responses": {"200": {"schema": {"$ref": "#/definitions/User"}}}}
        users = {"User": thing(id=TEXT, **body)}
        return json.dumps({"swagger": "2.0", "paths": {"/u": {"post": post}}, "definitions": users}).encode()

    (operation,) = contracts.parse("openapi", "a.json", swagger("string")).operations()
    assert (operation.request, operation.response) == (("User",), ("User",))
    assert rules(swagger("string"), swagger("integer", age=COUNT)) == {
        "request-parameter-type-changed": "breaking",
        "new-optional-request-property": "compatible",
        "response-optional-property-added": "compatible",
    }


def test_webhooks_and_callbacks_travel_the_other_way() -> None:
    def hook(schema: dict) -> bytes:
        body = {"requestBody": {"content": {"application/json": {"schema": schema}}}}
        callbacks = {"done": {"{$request.body#/url}": {"post": body}}}
        paths = {"/jobs": {"post": {"callbacks": callbacks}}}
        return json.dumps({"openapi": "3.1.0", "paths": paths, "webhooks": {"made": {"post": body}}}).encode()

    names = [one.name for one in contracts.parse("openapi", "a", hook({})).operations()]
    assert names == ["POST /jobs", "POST callback done of POST /jobs", "POST webhook made"]
    assert rules(hook(thing(a=TEXT)), hook(thing())) == {"response-optional-property-removed": "breaking"}


def test_a_new_and_a_deleted_file_are_compared_with_nothing() -> None:
    raw = api({"User": thing(id=TEXT)}, ref("User"))
    added: tuple[Change, ...] = contracts.diff("openapi", "a.json", None, raw)
    assert {(c.rule, c.kind) for c in added} == {("endpoint-added", "added"), ("api-schema-added", "added")}
    gone = contracts.diff("openapi", "a.json", raw, None)
    assert {(c.rule, c.severity) for c in gone} == {
        ("api-path-removed-without-deprecation", "breaking"),
        ("api-schema-removed", "dangerous"),
    }
