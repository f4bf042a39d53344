import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive import contracts
from hive.contracts.jsontext import read_json
from hive.contracts.node import MAX_BYTES
from hive.contracts.source import read
from hive.contracts.yamltext import read_yaml
from hive.errors import ContractError

HEAD = b"openapi: 3.0.0\npaths: {}\n"


def _laughs(levels: int, width: int = 10) -> bytes:
    lines = [b"a0: &a0 [x]"]
    for level in range(1, levels):
        aliases = b",".join([b"*a%d" % (level - 1)] * width)
        lines.append(b"a%d: &a%d [%s]" % (level, level, aliases))
    return b"\n".join(lines) + b"\n"


BOMBS: dict[str, tuple[str, bytes]] = {
    "a billion laughs": ("openapi", HEAD + _laughs(10)),
    "laughs in map values": (
        "openapi",
        HEAD
        + b"".join(
            b"m%d: &m%d {a: %s, b: %s}\n" % (i, i, p, p)
            for i in range(30)
            for p in [b"*m%d" % (i - 1) if i else b"1"]
        ),
    ),
    "laughs by merge keys": (
        "openapi",
        HEAD
        + b"m0: &m0 {a: 1}\n"
        + b"".join(
            b"m%d: &m%d {<<: [*m%d, *m%d], k%d: [*m%d, *m%d]}\n" % (i, i, i - 1, i - 1, i, i - 1, i - 1)
            for i in range(1, 40)
        ),
    ),
    "an anchor inside itself": ("openapi", HEAD + b"a: &a\n  b: *a\n"),
    "brackets without end": ("openapi", b"a: " + b"[" * 200_000),
    "brackets that match": ("openapi", b"a: " + b"[" * 50_000 + b"]" * 50_000),
    "dashes": ("openapi", b"a:\n  " + b"- " * 200_000 + b"x"),
    "deep indentation": ("openapi", b"".join(b" " * i + b"a:\n" for i in range(400))),
    "deep JSON": ("jsonschema", b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    "deep JSON arrays": ("jsonschema", b'{"a":' + b"[" * 300_000 + b"]" * 300_000 + b"}"),
    "a huge file": ("openapi", b"#" * (MAX_BYTES + 1)),
    "a YAML object of Python": ("openapi", HEAD + b"x: !!python/object/apply:os.system [id]\n"),
    "nested messages": ("protobuf", b"message A {" * 50_000),
    "a comment without end": ("protobuf", b"message A {} /*" + b"*" * 500_000),
    "a string without end": ("protobuf", b'import "' + b"\\a" * 500_000),
    "many tokens": ("protobuf", b";" * 2_000_000),
    "options without end": ("protobuf", b"option a = " + b"{" * 500_000),
    "deep AsyncAPI": ("asyncapi", b"asyncapi: 2.6.0\nx: " + b"{a: " * 5_000),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_as_an_error(name: str) -> None:
    kind, raw = BOMBS[name]
    with pytest.raises(ContractError):
        contracts.parse(kind, "bomb.yaml", raw)


def test_a_reference_is_never_fetched_and_circles_end() -> None:
    raw = b"""openapi: 3.0.0
paths:
  /a:
    get:
      responses:
        "200":
          content:
            application/json:
              schema: {$ref: '#/components/schemas/A'}
components:
  schemas:
    A: {$ref: '#/components/schemas/B'}
    B: {$ref: '#/components/schemas/A'}
    C: {allOf: [{$ref: '#/components/schemas/C'}], properties: {far: {$ref: 'http://127.0.0.1:1/x.json'}}}
"""
    document = contracts.parse("openapi", "a.yaml", raw)
    assert [entity.name for entity in document.entities()] == ["C"]
    assert {c.severity for c in contracts.diff("openapi", "a.yaml", raw, raw + b"\n")} == {"unknown"}


@pytest.mark.parametrize(
    ("kind", "raw", "line", "reason"),
    [
        ("openapi", b"openapi: 3.0.0\npaths:\n  /a: {}\n  /a: {}\n", 4, "duplicate key '/a'"),
        ("openapi", b'{"openapi": "3.0.0",\n "paths": {},\n "paths": {}}', 3, "duplicate key 'paths'"),
        ("openapi", b"openapi: 3.0.0\npaths: [\n", 3, "not valid YAML"),
        ("openapi", b'{"openapi": "3.0.0",\n}', 2, "not valid JSON"),
        ("openapi", b'{"openapi": NaN}', 1, "not a number"),
        ("openapi", b"- openapi\n", 1, "the root must be a map"),
        ("openapi", b"info: {}\n", 1, "no `openapi` or `swagger` key"),
        ("openapi", b"openapi: 4.0.0\n", 1, "unknown OpenAPI version '4.0.0'"),
        ("openapi", b"openapi: 3.0.0\npaths: 3\n", 2, "'paths' must be a map"),
        ("openapi", b"openapi: 3.0.0\n---\nopenapi: 3.0.0\n", None, "more than one YAML document"),
        ("openapi", b"openapi: 3.0.0\n[1, 2]: 3\n", 2, "cannot be a key"),
        ("openapi", b"openapi: 3.0.0\nx: \xff\n", 2, "not UTF-8"),
        ("openapi", b"openapi: !!int abc\n", 1, "not a value of its tag"),
        ("openapi", b"openapi: 3.0.0\nx: {<<: 3}\n", 2, "merge key"),
        ("asyncapi", b"channels: {}\n", 1, "no `asyncapi` key"),
        ("asyncapi", b"asyncapi: 9.0.0\n", 1, "unknown AsyncAPI version"),
        ("jsonschema", b"", 1, "empty"),
        ("protobuf", b'syntax = "proto3";\nmessage A {\n  string a = 1\n}\n', 4, "expected ';'"),
        ("protobuf", b"message A { string a = 1; string b = 1; }", 1, "number 1 is used by 'a' already"),
        ("protobuf", b"message A { string a = 1;\n string a = 2; }", 2, "has a field 'a' already"),
        ("protobuf", b"message A {}\nmessage A {}", 2, "declared already"),
        ("protobuf", b"enum A { B = 0; B = 1; }", 1, "has a value 'B' already"),
        ("protobuf", b'syntax = "proto4";', 1, "unknown syntax"),
        ("protobuf", b"message A { string a = 0; }", 1, "not between 1 and"),
        ("protobuf", b"message A { string a = x; }", 1, "expected a whole number"),
        ("protobuf", b"service A { rpc B(C) returns (D); rpc B(C) returns (D); }", 1, "a method twice"),
        ("protobuf", b"service A { message B {} }", 1, "expected 'rpc'"),
        ("protobuf", b"message A {", 1, "expected a name"),
        ("protobuf", b"hello", 1, "unexpected 'hello'"),
        ("protobuf", b"\n\nmessage \x01", 3, "unexpected character"),
        ("protobuf", b"option a = (];", 1, "unexpected ']'"),
        ("avro", b"{}", None, "does not read it"),
        ("graphql", b"type A", None, "does not read it"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(kind, raw, line, reason) -> None:
    with pytest.raises(ContractError) as caught:
        contracts.parse(kind, "some/file", raw)
    assert reason in caught.value.reason
    assert line is None or caught.value.line == line
    assert caught.value.path == "some/file"


def test_scalars_mean_what_yaml_1_2_says() -> None:
    source = read(
        "a", b"a: yes\nb: 2020-01-01\n200: 0o17\nc: 0x1f\nd: ~\ne: 1e3\nf: 'no'\ng: True\nh: !!str 1\n"
    )
    expected = {
        "a": "yes",
        "b": "2020-01-01",
        "200": 15,
        "c": 31,
        "d": None,
        "e": 1000.0,
        "f": "no",
        "g": True,
    }
    assert source.value == {**expected, "h": "1"}


def test_aliases_and_merge_keys_share_values_and_the_first_merged_one_wins() -> None:
    raw = b"a: &a {x: 1, y: 2}\nb: &b {x: 3}\nc:\n  <<: [*a, *b]\n  y: 4\nd: *a\n"
    assert read("a", raw).value["c"] == {"x": 1, "y": 4}
    assert read("a", raw).value["d"] == {"x": 1, "y": 2}


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert read("a", b"\xef\xbb\xbfa: 1").value == {"a": 1}
    assert read("b", b'\xef\xbb\xbf{"a": 1}').value == {"a": 1}


def test_lines_are_found_by_path() -> None:
    source = read("a", b'{\n  "a": {\n    "b": [\n      {"c": 1}\n    ]\n  }\n}')
    assert [source.line(path) for path in [("a",), ("a", "b"), ("a", "b", "0", "c"), ("a", "z")]] == [
        2,
        3,
        4,
        2,
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(JSON, st.sampled_from([None, 2, "\t"]))
def test_both_json_readers_agree_with_the_standard_library(value, indent) -> None:
    text = json.dumps(value, indent=indent)
    assert read_json("a", text).value == json.loads(text)


@given(st.text(max_size=60))
def test_no_text_makes_the_readers_fail_otherwise_than_by_saying_so(text: str) -> None:
    for reader in (read_json, read_yaml, lambda path, it: contracts.parse("protobuf", path, it.encode())):
        with contextlib.suppress(ContractError):
            reader("a", text)
