"""Rules about Protocol Buffers; ids as in `buf breaking`, category FILE: source and wire must both hold."""

from hive.contracts.rules.rule import Rule
from hive.model import Direction, Severity

_DIRECTIONS: tuple[Direction, ...] = ("request", "response", "both", "none")


def _rule(id_: str, change: str, severity: Severity, about: str) -> Rule:
    return Rule(id_, "protobuf", change, dict.fromkeys(_DIRECTIONS, severity), about)


PROTOBUF: dict[str, Rule] = {
    rule.id: rule
    for rule in (
        _rule("FILE_NO_DELETE", "removed", "breaking", "the file is gone"),
        _rule("FILE_ADDED", "added", "compatible", "a new file"),
        _rule("FILE_SAME_PACKAGE", "changed", "breaking", "the package is another one"),
        _rule("FILE_SAME_SYNTAX", "changed", "breaking", "the syntax is another one"),
        _rule("FILE_SAME_OPTION", "changed", "breaking", "generated code changes its package or shape"),
        _rule("FILE_OPTION_CHANGED", "changed", "unknown", "a file option that hive does not know differs"),
        _rule("MESSAGE_NO_DELETE", "removed", "breaking", "a message is gone"),
        _rule("MESSAGE_ADDED", "added", "compatible", "a new message"),
        _rule("MESSAGE_OPTION_CHANGED", "changed", "unknown", "an option of a message differs"),
        _rule("MESSAGE_SAME_REQUIRED_FIELDS", "changed", "breaking", "a required field came or went"),
        _rule("FIELD_NO_DELETE", "removed", "breaking", "a field is gone"),
        _rule("FIELD_ADDED", "added", "compatible", "a new field"),
        _rule("FIELD_SAME_NAME", "changed", "breaking", "a field number has another name"),
        _rule("FIELD_SAME_TYPE", "changed", "breaking", "a field has another type"),
        _rule(
            "FIELD_SAME_CARDINALITY",
            "changed",
            "breaking",
            "a field is optional, repeated or a map otherwise",
        ),
        _rule("FIELD_SAME_JSON_NAME", "changed", "breaking", "a field has another name in JSON"),
        _rule("FIELD_SAME_ONEOF", "changed", "breaking", "a field moved into or out of a oneof"),
        _rule("FIELD_SAME_DEFAULT", "changed", "breaking", "a field has another default"),
        _rule("FIELD_SAME_JSTYPE", "changed", "breaking", "a field has another type in JavaScript"),
        _rule("FIELD_DEPRECATED", "changed", "compatible", "a field is deprecated, or no longer"),
        _rule("FIELD_OPTION_CHANGED", "changed", "unknown", "a field option that hive does not know differs"),
        _rule("FIELD_NUMBER_REUSED", "changed", "breaking", "a reserved number or name is in use again"),
        _rule("ONEOF_NO_DELETE", "removed", "breaking", "a oneof is gone"),
        _rule("ONEOF_ADDED", "added", "compatible", "a new oneof"),
        _rule("RESERVED_MESSAGE_NO_DELETE", "changed", "breaking", "a reservation of a message is gone"),
        _rule("RESERVED_ENUM_NO_DELETE", "changed", "breaking", "a reservation of an enum is gone"),
        _rule("RESERVED_ADDED", "changed", "compatible", "numbers or names are reserved"),
        _rule("EXTENSION_MESSAGE_NO_DELETE", "removed", "breaking", "an extension range is gone"),
        _rule("EXTENSION_RANGE_ADDED", "added", "compatible", "a new extension range"),
        _rule("EXTENSION_NO_DELETE", "removed", "breaking", "an extension is gone"),
        _rule("EXTENSION_ADDED", "added", "compatible", "a new extension"),
        _rule("EXTENSION_CHANGED", "changed", "breaking", "an extension has another name, type or label"),
        _rule("ENUM_NO_DELETE", "removed", "breaking", "an enum is gone"),
        _rule("ENUM_ADDED", "added", "compatible", "a new enum"),
        _rule("ENUM_OPTION_CHANGED", "changed", "unknown", "an option of an enum or of a value differs"),
        _rule("ENUM_VALUE_NO_DELETE", "removed", "breaking", "an enum value is gone"),
        _rule("ENUM_VALUE_SAME_NAME", "changed", "breaking", "an enum number has another name"),
        _rule("ENUM_VALUE_ADDED", "added", "compatible", "a new enum value"),
        _rule("SERVICE_NO_DELETE", "removed", "breaking", "a service is gone"),
        _rule("SERVICE_ADDED", "added", "compatible", "a new service"),
        _rule("SERVICE_OPTION_CHANGED", "changed", "unknown", "an option of a service differs"),
        _rule("RPC_NO_DELETE", "removed", "breaking", "a method is gone"),
        _rule("RPC_ADDED", "added", "compatible", "a new method"),
        _rule("RPC_SAME_REQUEST_TYPE", "changed", "breaking", "a method takes another message"),
        _rule("RPC_SAME_RESPONSE_TYPE", "changed", "breaking", "a method answers another message"),
        _rule("RPC_SAME_CLIENT_STREAMING", "changed", "breaking", "the caller streams, or no longer"),
        _rule("RPC_SAME_SERVER_STREAMING", "changed", "breaking", "the provider streams, or no longer"),
        _rule("RPC_SAME_IDEMPOTENCY_LEVEL", "changed", "breaking", "a method may be repeated otherwise"),
        _rule("RPC_OPTION_CHANGED", "changed", "unknown", "an option of a method differs"),
    )
}
