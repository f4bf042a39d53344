"""Which files are contracts: by content, cheaply enough to ask it of every file of a repository."""

import json
import re
from pathlib import PurePosixPath

from hive.contracts.node import MAX_BYTES, Json
from hive.contracts.source import decode_contract, is_json, read
from hive.errors import ContractError
from hive.model import ContractKind

HEAD_BYTES = 65536
_YAML = frozenset({".yaml", ".yml"})
_GRAPHQL = frozenset({".graphql", ".graphqls", ".gql"})
_ROOT_KEY = re.compile(rb"""(?m)^["']?(openapi|swagger|asyncapi)["']?[ \t]*:[ \t]*["']?[0-9]""")
_JSON_HINT = re.compile(
    rb'"(openapi|swagger|asyncapi|\$schema|properties|\$defs|definitions|fields)"[ \t\r\n]*:'
)
_PROTO = re.compile(
    rb"""(?m)^[ \t]*(?:syntax[ \t]*=[ \t]*["']proto[23]["']|edition[ \t]*=|"""
    rb"""(?:message|service|enum)[ \t]+\w+[ \t\r\n]*\{)"""
)
_SDL = re.compile(
    rb"(?m)^[ \t]*(?:extend[ \t]+)?(?:schema[ \t]*[@{]|(?:type|interface|input|union|enum|scalar|directive)[ \t]+@?\w)"
)
_SPRING = re.compile(rb"(?m)^[ \t\[]*(?:[\w.]+\.)?Contract\.make[ \t]*\{")
_YAML_SCHEMA = re.compile(rb"""(?m)^["']?\$schema["']?[ \t]*:[ \t]*["']?https?://json-schema\.org/""")
_SETTINGS = re.compile(
    r"(package|tsconfig|jsconfig|composer|package-lock|components|angular|nx|turbo|lerna)\b.*\.json\Z"
)


def detect(path: str, raw: bytes) -> ContractKind | None:
    """The kind of contract that a file is, or none. Never raises."""
    suffix = PurePosixPath(path).suffix.lower()
    if suffix == ".proto":
        return "protobuf" if _PROTO.search(raw[:HEAD_BYTES]) else None
    if suffix in _GRAPHQL:
        return "graphql" if _SDL.search(raw[:HEAD_BYTES]) else None
    if suffix == ".groovy":
        return "spring-cloud-contract" if _SPRING.search(raw[:HEAD_BYTES]) else None
    if suffix in _YAML:
        return _yaml_kind(path, raw)
    if suffix in (".json", ".avsc"):
        return _json_kind(path, raw, suffix)
    return None


def _yaml_kind(path: str, raw: bytes) -> ContractKind | None:
    head = raw[:HEAD_BYTES].removeprefix(b"\xef\xbb\xbf")
    if head.lstrip()[:1] == b"{":
        return _json_kind(path, raw, ".yaml")
    match = _ROOT_KEY.search(head)
    if match:
        return "asyncapi" if match[1] == b"asyncapi" else "openapi"
    if _YAML_SCHEMA.search(head):
        return "jsonschema" if _is_schema(_value(path, raw)) else None
    return None


def _json_kind(path: str, raw: bytes, suffix: str) -> ContractKind | None:
    name = PurePosixPath(path).name
    if len(raw) > MAX_BYTES or not _JSON_HINT.search(raw[:HEAD_BYTES]) or _SETTINGS.match(name):
        return None
    value = _value(path, raw)
    if not isinstance(value, dict):
        return None
    if isinstance(value.get("openapi", value.get("swagger")), str):
        return "openapi"
    if isinstance(value.get("asyncapi"), str):
        return "asyncapi"
    if suffix == ".avsc" or (value.get("type") == "record" and isinstance(value.get("fields"), list)):
        return "avro" if value.get("type") in ("record", "enum", "fixed") else None
    return "jsonschema" if _is_schema(value) else None


def _value(path: str, raw: bytes) -> Json:
    """The root, or none when the file does not parse; JSON's C parser spares the positions."""
    try:
        text = decode_contract(path, raw).removeprefix("\ufeff")
        return json.loads(text) if is_json(text) else read(path, raw).value
    except (ContractError, ValueError, RecursionError):
        return None


def _is_schema(value: Json) -> bool:
    """Whether a value describes data rather than being some: a dialect, or properties that are schemas."""
    if not isinstance(value, dict):
        return False
    dialect = value.get("$schema")
    if isinstance(dialect, str) and "json-schema.org/" in dialect:
        return True
    definitions = value.get("$defs", value.get("definitions"))
    typed = value.get("type") in ("object", "array") or "$id" in value
    if typed and isinstance(properties := value.get("properties"), dict):
        return bool(properties) and all(_is_subschema(one) for one in properties.values())
    if not isinstance(definitions, dict) or not definitions:
        return False
    only = value.keys() <= {"$defs", "definitions", "$id", "$ref", "title", "description", "$comment"}
    return only and all(_is_subschema(one) for one in definitions.values())


_KEYWORDS = frozenset(
    {"type", "$ref", "allOf", "oneOf", "anyOf", "enum", "const", "properties", "items", "format"}
)


def _is_subschema(value: Json) -> bool:
    if not isinstance(value, dict):
        return isinstance(value, bool)
    kind = value.get("type")
    return (not value or bool(value.keys() & _KEYWORDS)) and not isinstance(kind, dict)
