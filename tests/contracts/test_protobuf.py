import difflib

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hive import contracts
from hive.contracts.protobuf.parser import parse_file
from hive.errors import UsageError
from hive.model import AddField, Intent, RemoveField, RenameField, RetypeField

FULL = """\
// licence
syntax = "proto3";

package shop.v1;

import "google/api/annotations.proto"; // http
import public 'other.proto';
option go_package = "example.com/shop;shop";
option (own.file).list = { a: 1, b: ["x", "}"] };

service Users {
  option deprecated = true;
  rpc Get(GetUser) returns (User) {
    option (google.api.http) = { get: "/v1/{id}" additional_bindings { get: "/v2" } };
  }
  rpc Watch(stream .shop.v1.GetUser) returns (stream User);
}

message GetUser { string id = 1; }

message User {
  string id = 1; // key
  /* block } */
  repeated Address addresses = 2 [(own.rule) = {min: 1}, deprecated = true];
  map<string, Address.Kind> kinds = 3;
  oneof contact {
    string mail = 4;
    string phone = 5;
  }
  reserved 6 to 8, 20;
  reserved "name", 'title';
  int64 age = 10;
  google.protobuf.Timestamp seen = 11;
  optional bool message = 12;

  message Address {
    enum Kind { option allow_alias = true; HOME = 0; HOUSE = 0; WORK = 1; reserved 5 to max; };
    Kind kind = 1;
    User owner = 2;
  }
}

enum Colour { RED = 0; BLUE = 0x10 [(own) = "x"]; MINUS = -1; }
message Empty {}
"""
PROTO2 = """\
message Old {
    required string id = 1;
    optional int32 count = 2 [default = -1];
    optional group Result = 3 { optional string url = 1; }
    extensions 100 to 199, 500 to max [verification = UNVERIFIED];
    extend Old { optional string more = 100; }
}
extend Old { repeated group Deep = 101 { optional int32 a = 1; } }
"""


def parsed(text: str) -> contracts.Document:
    return contracts.parse("protobuf", "a.proto", text.encode())


def edited(text: str, intent: Intent) -> str:
    new = contracts.edit("protobuf", "a.proto", text.encode(), intent).decode()
    parsed(new)
    return new


def changed(text: str, intent: Intent) -> list[str]:
    lines = difflib.ndiff(text.splitlines(), edited(text, intent).splitlines())
    return [line.rstrip() for line in lines if line[0] in "+-"]


def test_messages_are_entities_with_the_types_of_their_fields() -> None:
    entities = {entity.name: entity for entity in parsed(FULL).entities()}
    assert list(entities) == ["GetUser", "User", "User.Address", "Empty"]
    assert entities["User.Address"].pointer == "shop.v1.User.Address"
    assert {field.name: field.type for field in entities["User"].fields} == {
        "id": "string",
        "addresses": "array",
        "kinds": "object",
        "mail": "string",
        "phone": "string",
        "age": "integer",
        "seen": "google.protobuf.Timestamp",
        "message": "boolean",
    }
    assert {field.name: field.type for field in entities["User.Address"].fields} == {
        "kind": "User.Address.Kind",
        "owner": "User",
    }
    assert entities["User"].fields[0].line == 22


def test_methods_name_what_they_take_and_answer_nested_messages_included() -> None:
    get, watch = parsed(FULL).operations()
    assert (get.name, get.request, get.response) == (
        "shop.v1.Users/Get",
        ("GetUser",),
        ("User", "User.Address"),
    )
    assert (watch.request, watch.response) == (get.request, get.response)


def test_groups_extensions_and_required_fields_of_proto2_are_read() -> None:
    file = parse_file("a.proto", PROTO2)
    assert [message.full for message in file.every_message()] == ["Old", "Old.Result", "Deep"]
    assert [field.name for field in file.extends] == ["more", "Deep"]
    assert file.messages[0].extensions == [(100, 199), (500, 536_870_911)]
    old = parsed(PROTO2).entities()[0]
    assert [(field.name, field.required) for field in old.fields] == [
        ("id", True),
        ("count", False),
        ("Result", False),
    ]


def test_keywords_may_be_names_of_fields_and_types() -> None:
    text = "message M { reserved reserved = 1; message message = 2; string option = 3; oneof o { int32 rpc = 4; } }"
    assert [field.name for field in parsed(text).entities()[0].fields] == [
        "reserved",
        "message",
        "option",
        "rpc",
    ]


def test_a_change_is_carried_by_the_methods_that_reach_the_message() -> None:
    (change,) = contracts.diff(
        "protobuf",
        "a.proto",
        FULL.encode(),
        edited(FULL, AddField(entity="User.Address", name="zip")).encode(),
    )
    assert (change.rule, change.direction, change.severity) == ("FIELD_ADDED", "response", "compatible")
    assert change.element == "a.proto#shop.v1.User.Address.zip"
    assert change.affected == ("shop.v1.Users/Get", "shop.v1.Users/Watch")


def test_moving_a_type_to_its_full_name_is_no_change() -> None:
    new = FULL.replace("returns (User)", "returns (.shop.v1.User)").replace(
        "Kind kind", "User.Address.Kind kind"
    )
    assert contracts.diff("protobuf", "a.proto", FULL.encode(), new.encode()) == ()


def test_a_renumbered_field_is_gone_and_new() -> None:
    new = FULL.replace("int64 age = 10;", "int64 age = 14;").encode()
    rules = {change.rule: change.severity for change in contracts.diff("protobuf", "a", FULL.encode(), new)}
    assert rules == {"FIELD_NO_DELETE": "breaking", "FIELD_ADDED": "compatible"}


def test_a_new_field_takes_the_next_free_number_and_the_integers_of_its_siblings() -> None:
    assert changed(FULL, AddField(entity="User", name="points", type="integer")) == ["+   int64 points = 13;"]
    small = 'syntax = "proto3";\nmessage M {\n\tint32 a = 18999;\n}\n'
    assert edited(small, AddField(entity="M", name="b", type="integer")) == (
        'syntax = "proto3";\nmessage M {\n\tint32 a = 18999;\n\tint32 b = 20000;\n}\n'
    )
    reserved = "message M {\n  int32 a = 1;\n  reserved 2 to 4, 6;\n  extensions 5;\n}\n"
    assert "string b = 7;" in edited(reserved, AddField(entity="M", name="b"))


@pytest.mark.parametrize(
    ("intent", "line"),
    [
        (AddField(entity="User", name="a", type="number"), "  double a = 13;"),
        (AddField(entity="User", name="a", type="boolean"), "  bool a = 13;"),
        (AddField(entity="User", name="a", type="array"), "  repeated string a = 13;"),
        (AddField(entity="User", name="a", type="object"), "  map<string, string> a = 13;"),
        (AddField(entity="User", name="a", type="User.Address[]"), "  repeated Address a = 13;"),
        (AddField(entity="User", name="a", type="number[]"), "  repeated double a = 13;"),
        (AddField(entity="User", name="a", type="User.Address"), "  Address a = 13;"),
        (AddField(entity="User", name="a", type="Colour"), "  Colour a = 13;"),
        (AddField(entity="shop.v1.User.Address", name="a", type="bytes"), "    bytes a = 3;"),
        (AddField(entity="Empty", name="a"), "  string a = 1;"),
    ],
)
def test_types_are_written_as_the_format_names_them(intent: Intent, line: str) -> None:
    assert line in edited(FULL, intent).splitlines()


@pytest.mark.parametrize("item", ["array", "object", "string[]"])
def test_a_list_of_lists_or_maps_is_refused_with_what_to_do(item: str) -> None:
    with pytest.raises(UsageError, match="have no list of") as refused:
        edited(FULL, AddField(entity="User", name="a", type=f"{item}[]"))
    assert "message of its own" in refused.value.next_step


def test_a_timestamp_brings_its_import() -> None:
    assert changed(FULL, AddField(entity="User", name="a", type="timestamp")) == [
        '+ import "google/protobuf/timestamp.proto";',
        "+   google.protobuf.Timestamp a = 13;",
    ]
    bare = edited("message A {}\n", AddField(entity="A", name="a", type="timestamp"))
    assert bare.startswith('import "google/protobuf/timestamp.proto";\nmessage A {')


def test_fields_of_proto2_need_a_label() -> None:
    assert "    required string name = 4;" in edited(
        PROTO2, AddField(entity="Old", name="name", required=True)
    )
    assert "    optional string name = 4;" in edited(PROTO2, AddField(entity="Old", name="name"))


def test_a_message_on_one_line_stays_there() -> None:
    assert "message GetUser { string id = 1; bool all = 2; }" in edited(
        FULL, AddField(entity="GetUser", name="all", type="boolean")
    )


def test_a_removed_field_reserves_its_number_and_name() -> None:
    assert changed(FULL, RemoveField(entity="User", name="age")) == [
        "-   int64 age = 10;",
        "+   reserved 10;",
        '+   reserved "age";',
    ]
    lines = changed(FULL, RemoveField(entity="User", name="mail"))
    assert lines == ["+   reserved 4;", '+   reserved "mail";', "-     string mail = 4;"]
    assert 'message GetUser { reserved 1; reserved "id"; }' in edited(
        FULL, RemoveField(entity="GetUser", name="id")
    )
    with pytest.raises(UsageError, match="reserves the name"):
        edited(edited(FULL, RemoveField(entity="User", name="age")), AddField(entity="User", name="age"))


def test_renaming_and_retyping_touch_one_word() -> None:
    assert changed(FULL, RenameField(entity="User", name="id", new_name="key")) == [
        "-   string id = 1; // key",
        "+   string key = 1; // key",
    ]
    assert changed(FULL, RetypeField(entity="User", name="age", type="string")) == [
        "-   int64 age = 10;",
        "+   string age = 10;",
    ]
    lines = changed(FULL, RetypeField(entity="User", name="addresses", type="Colour"))
    assert lines[1].startswith("+   Colour addresses = 2 [")


@pytest.mark.parametrize(
    ("intent", "message"),
    [
        (AddField(entity="User", name="age"), "has a field 'age' already"),
        (AddField(entity="User", name="contact"), "has a field 'contact' already"),
        (AddField(entity="User", name="not-a-name"), "is not a name"),
        (AddField(entity="User", name="title"), "reserves the name 'title'"),
        (AddField(entity="Usr", name="a"), "there is no entity 'Usr'"),
        (AddField(entity="User", name="a", type="Nothing"), "there is no type 'Nothing'"),
        (RemoveField(entity="User", name="agee"), "there is no field 'agee'"),
        (RenameField(entity="User", name="age", new_name="id"), "has a field 'id' already"),
        (RetypeField(entity="User", name="mail", type="array"), "it cannot hold 'array'"),
        (RetypeField(entity="User", name="age", type="integer"), "has the type 'integer' already"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_nearest_names(intent: Intent, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        edited(FULL, intent)
    assert message in caught.value.message
    assert caught.value.next_step


def test_the_last_field_of_a_oneof_is_not_removed_from_it() -> None:
    with pytest.raises(UsageError, match="only field of the oneof"):
        edited("message M { oneof o { int32 a = 1; } }", RemoveField(entity="M", name="a"))


NAMES = st.from_regex(r"\A[a-z][a-z_0-9]{0,8}\Z")
TYPES = ["string", "integer", "number", "boolean", "array", "object", "timestamp", "Empty"]


@given(
    st.sampled_from(["User", "User.Address", "GetUser", "Empty"]),
    NAMES,
    st.sampled_from(TYPES),
    st.booleans(),
)
def test_every_edit_is_exactly_the_change_that_was_asked_for(
    entity: str, name: str, kind: str, windows: bool
) -> None:
    raw = FULL.replace("\n", "\r\n" if windows else "\n").encode()
    used = {"name", "title", "contact"} | {f.name for e in parsed(FULL).entities() for f in e.fields}
    assume(name not in used)
    new = contracts.edit("protobuf", "a", raw, AddField(entity=entity, name=name, type=kind))
    assert [change.rule for change in contracts.diff("protobuf", "a", raw, new)] == ["FIELD_ADDED"]
    assert (b"\r\n" in new, new.count(b"\n") == new.count(b"\r\n")) == (windows, windows)
    renamed = contracts.edit(
        "protobuf", "a", new, RenameField(entity=entity, name=name, new_name=f"{name}_x")
    )
    assert [change.rule for change in contracts.diff("protobuf", "a", new, renamed)] == ["FIELD_SAME_NAME"]
    gone = contracts.edit("protobuf", "a", new, RemoveField(entity=entity, name=name))
    assert {c.rule for c in contracts.diff("protobuf", "a", new, gone)} == {
        "FIELD_NO_DELETE",
        "RESERVED_ADDED",
    }
    assert {c.rule for c in contracts.diff("protobuf", "a", raw, gone)} == {"RESERVED_ADDED"}
