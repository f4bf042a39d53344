"""Edits of YAML and JSON contracts are surgical: the expected texts differ from the originals in few lines."""

import difflib
import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hive import contracts
from hive.errors import UsageError
from hive.model import AddField, Intent, RemoveField, RenameField, RetypeField

YAML = """\
# The users API
openapi: 3.0.3
info: {title: Users, version: '1'}   # flow
paths:
  /users:
    post:
      requestBody:
        content:
          application/json:
            schema:
              $ref: "#/components/schemas/User"
      responses: {}
components:
  schemas:
    User:
      type: object
      required:
        - id
        - email
      properties:
        id:
          type: string
          format: uuid
        # how to reach them
        email: # never empty
          type: string
          description: >
            Two lines
            of text

        age:
          type: integer
          format: int64   # as the others

      description: Someone
    Flow: {type: object, properties: {a: {type: string}, b: { type: integer }}, required: [a]}
    Mixed:
      properties:
        one: { type: string, maxLength: 3 } # short
        "two": { type: string }
    Empty:
      type: object
    Derived:
      allOf:
        - $ref: '#/components/schemas/User'
        - required: [extra]
          properties:
            extra:
              type: boolean
    Colour: {type: string, enum: [red]}
"""


def changed(before: str, intent: Intent, path: str = "users.yaml") -> list[str]:
    """The changed lines of an edit: removed ones with `-`, new ones with `+`."""
    after = contracts.edit("openapi", path, before.encode(), intent).decode()
    contracts.parse("openapi", path, after.encode())
    return [
        line.rstrip("\n")
        for line in difflib.ndiff(before.splitlines(keepends=True), after.splitlines(keepends=True))
        if line[0] in "+-"
    ]


def test_a_new_property_goes_behind_the_last_one_in_its_style() -> None:
    assert changed(YAML, AddField(entity="User", name="loyalty_points", type="integer")) == [
        "+         loyalty_points:",
        "+           type: integer",
        "+           format: int64",
    ]


def test_a_required_property_joins_the_list() -> None:
    assert changed(YAML, AddField(entity="User", name="name", required=True)) == [
        "+         - name",
        "+         name:",
        "+           type: string",
    ]


def test_flow_style_stays_flow_style() -> None:
    new = "{type: object, properties: {a: {type: string}, b: { type: integer }, c: { type: integer }}, required: [a, c]}"
    lines = changed(YAML, AddField(entity="Flow", name="c", type="integer", required=True))
    assert [line for line in lines if line[0] == "+"] == [f"+     Flow: {new}"]


def test_siblings_on_one_line_are_copied_with_their_spaces() -> None:
    assert changed(YAML, AddField(entity="Mixed", name="three")) == ["+         three: { type: string }"]


def test_a_schema_without_properties_gets_them() -> None:
    assert changed(YAML, AddField(entity="Empty", name="a", type="timestamp", required=True)) == [
        "+       properties:",
        "+         a:",
        "+           type: string",
        "+           format: date-time",
        "+       required:",
        "+         - a",
    ]


def test_a_derived_schema_gets_the_property_in_its_own_part() -> None:
    lines = changed(YAML, AddField(entity="Derived", name="more", type="User", required=True))
    assert [line for line in lines if line[0] == "+"] == [
        "+         - required: [extra, more]",
        "+             more:",
        "+               $ref: '#/components/schemas/User'",
    ]


def test_removing_takes_the_property_and_its_requirement_and_leaves_comments() -> None:
    assert changed(YAML, RemoveField(entity="User", name="email")) == [
        "-         - email",
        "-         email: # never empty",
        "-           type: string",
        "-           description: >",
        "-             Two lines",
        "-             of text",
    ]


def test_removing_the_only_property_leaves_an_empty_map() -> None:
    lines = changed(YAML, RemoveField(entity="Derived", name="extra"))
    assert [line for line in lines if line[0] == "+"] == ["+         - properties: {}"]


def test_renaming_touches_the_name_and_nothing_else() -> None:
    assert changed(YAML, RenameField(entity="User", name="email", new_name="mail")) == [
        "-         - email",
        "+         - mail",
        "-         email: # never empty",
        "+         mail: # never empty",
    ]
    lines = changed(YAML, RenameField(entity="Mixed", name="two", new_name="zwei"))
    assert lines == ['-         "two": { type: string }', '+         "zwei": { type: string }']


def test_retyping_drops_what_no_longer_holds_and_keeps_the_rest() -> None:
    assert changed(YAML, RetypeField(entity="User", name="age", type="string")) == [
        "-           type: integer",
        "+           type: string",
        "-           format: int64   # as the others",
    ]
    lines = changed(YAML, RetypeField(entity="User", name="email", type="Colour"))
    assert lines == ["-           type: string", "+           $ref: '#/components/schemas/Colour'"]
    lines = changed(YAML, RetypeField(entity="Mixed", name="one", type="array"))
    assert lines[1] == "+         one: { type: array, items: {} } # short"
    lines = changed(YAML, RetypeField(entity="Mixed", name="one", type="string[]"))
    assert lines[1] == "+         one: { type: array, items: {type: string} } # short"


@pytest.mark.parametrize(
    ("intent", "message"),
    [
        (AddField(entity="User", name="email"), "has a field 'email' already"),
        (AddField(entity="Usr", name="x"), "there is no entity 'Usr'"),
        (AddField(entity="Derived", name="id"), "has a field 'id' already"),
        (AddField(entity="User", name="x", type="Nothing"), "there is no type 'Nothing'"),
        (AddField(entity="User", name=""), "needs a name"),
        (RemoveField(entity="User", name="emial"), "there is no field 'emial'"),
        (RemoveField(entity="Derived", name="id"), "has the field 'id' from 'components/schemas/User'"),
        (RenameField(entity="User", name="email", new_name="id"), "has a field 'id' already"),
        (RenameField(entity="User", name="email", new_name=""), "needs a name"),
        (RetypeField(entity="User", name="email", type="string"), "has the type 'string' already"),
        (RetypeField(entity="Colour", name="email", type="string"), "there is no entity 'Colour'"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_nearest_names(intent: Intent, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        contracts.edit("openapi", "users.yaml", YAML.encode(), intent)
    assert message in caught.value.message
    assert caught.value.next_step


def test_text_that_is_shared_through_an_alias_is_not_edited() -> None:
    raw = b"openapi: 3.0.0\nx: &u\n  properties: {a: {type: string}}\ncomponents:\n  schemas:\n    User: *u\n"
    with pytest.raises(UsageError, match="YAML alias"):
        contracts.edit("openapi", "a.yaml", raw, AddField(entity="User", name="b"))


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("end", [True, False])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_line_ends_the_last_line_and_a_byte_order_mark_stay(newline: str, end: bool, bom: bytes) -> None:
    lines = ["openapi: 3.0.0", "components:", "  schemas:", "    A:", "      properties:", "        a:"]
    lines += ["          type: string", ""]
    raw = bom + newline.join(lines if end else lines[:-1]).encode()
    new = contracts.edit("openapi", "a.yaml", raw, AddField(entity="A", name="b"))
    added = newline.join(["        b:", "          type: string"])
    assert new == (raw + (added + newline).encode() if end else raw + (newline + added).encode())
    gone = contracts.edit("openapi", "a.yaml", new, RemoveField(entity="A", name="b"))
    assert gone == raw


JSON = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "title": "Order made",
    "type": "object",
    "properties": {"id": {"type": "string"}, "lines": {"type": "array", "items": {"$ref": "#/$defs/Line"}}},
    "required": ["id"],
    "$defs": {
        "Line": {"type": "object", "properties": {"sku": {"type": "string"}}},
        "Bare": {"type": "object"},
    },
}


@pytest.mark.parametrize("indent", [2, 4, "\t"])
def test_json_keeps_its_indentation(indent: int | str) -> None:
    raw = json.dumps(JSON, indent=indent).encode()
    new = contracts.edit("jsonschema", "o.json", raw, AddField(entity="Line", name="count", type="integer"))
    expected = json.loads(raw)
    expected["$defs"]["Line"]["properties"]["count"] = {"type": "integer"}
    assert new.decode() == json.dumps(expected, indent=indent)
    bare = contracts.edit("jsonschema", "o.json", raw, AddField(entity="Bare", name="a", type="Line"))
    expected = json.loads(raw)
    expected["$defs"]["Bare"]["properties"] = {"a": {"$ref": "#/$defs/Line"}}
    assert bare.decode() == json.dumps(expected, indent=indent)


def test_json_on_one_line_stays_on_one_line() -> None:
    raw = json.dumps(JSON).encode()
    new = contracts.edit("jsonschema", "o.json", raw, AddField(entity="Order made", name="n", required=True))
    expected = json.loads(raw)
    expected["properties"]["n"] = {"type": "string"}
    expected["required"].append("n")
    assert new.decode() == json.dumps(expected)


def test_empty_lines_between_all_properties_are_kept_up() -> None:
    raw = b"openapi: 3.0.0\ncomponents:\n  schemas:\n    A:\n      properties:\n        a:\n          type: string\n\n"
    raw += b"        b:\n          type: string\n"
    new = contracts.edit("openapi", "a.yaml", raw, AddField(entity="A", name="c"))
    assert new == raw + b"\n        c:\n          type: string\n"


def test_an_empty_properties_map_is_filled() -> None:
    raw = json.dumps({"title": "A", "type": "object", "properties": {}}, indent=2).encode()
    new = contracts.edit("jsonschema", "a.json", raw, AddField(entity="A", name="b", required=True))
    assert json.loads(new) == {
        "title": "A",
        "type": "object",
        "properties": {"b": {"type": "string"}},
        "required": ["b"],
    }
    assert b'    "b": {\n      "type": "string"\n    }' in new


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)
TYPES = st.sampled_from(
    ["string", "integer", "number", "boolean", "array", "string[]", "object", "timestamp"]
)
READ_AS = {"timestamp": "string", "string[]": "array"}
ENTITIES = st.sampled_from(["User", "Flow", "Mixed", "Empty", "Derived"])


@given(ENTITIES, NAMES, TYPES, st.booleans())
def test_adding_changes_exactly_one_property_and_removing_it_restores_the_schema(
    entity: str, name: str, kind: str, required: bool
) -> None:
    raw = YAML.encode()
    assume(name not in ("id", "email", "age", "a", "b", "one", "two", "extra"))
    new = contracts.edit(
        "openapi", "u.yaml", raw, AddField(entity=entity, name=name, type=kind, required=required)
    )
    changes = contracts.diff("openapi", "u.yaml", raw, new)
    assert {change.kind for change in changes} == {"added"}
    assert len({change.element for change in changes}) == 1
    field = next(
        f
        for e in contracts.parse("openapi", "u.yaml", new).entities()
        if e.name == entity
        for f in e.fields
        if f.name == name
    )
    assert (field.required, field.type) == (required, READ_AS.get(kind, kind))
    back = contracts.edit("openapi", "u.yaml", new, RemoveField(entity=entity, name=name))
    assert contracts.diff("openapi", "u.yaml", raw, back) == ()


@given(
    st.sampled_from(
        [("User", "email"), ("User", "age"), ("Flow", "a"), ("Mixed", "one"), ("Derived", "extra")]
    ),
    NAMES,
    TYPES,
)
def test_renaming_and_retyping_are_undone_by_their_opposites(
    field: tuple[str, str], name: str, kind: str
) -> None:
    raw, (entity, old) = YAML.encode(), field
    assume(name not in ("id", "email", "age", "a", "b", "one", "two", "extra"))
    new = contracts.edit("openapi", "u.yaml", raw, RenameField(entity=entity, name=old, new_name=name))
    back = contracts.edit("openapi", "u.yaml", new, RenameField(entity=entity, name=name, new_name=old))
    assert contracts.diff("openapi", "u.yaml", raw, back) == ()
    before = {
        f.name: f.type
        for e in contracts.parse("openapi", "u.yaml", raw).entities()
        if e.name == entity
        for f in e.fields
    }
    assume(before[old] != kind)
    retyped = contracts.edit("openapi", "u.yaml", raw, RetypeField(entity=entity, name=old, type=kind))
    assert {c.kind for c in contracts.diff("openapi", "u.yaml", raw, retyped)} <= {"changed"}
