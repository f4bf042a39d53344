"""Contracts: what kind a file is, what is in it, what changed, and how to change it. Pure: bytes in, values out."""

from hive.contracts.asyncapi import AsyncApi
from hive.contracts.detect import detect
from hive.contracts.document import Document, Format
from hive.contracts.jsonschema import JsonSchema
from hive.contracts.opaque import Opaque
from hive.contracts.openapi import OpenApi
from hive.contracts.protobuf import Protobuf
from hive.contracts.rules.rule import gravest
from hive.model import Change, ContractKind, Intent

__all__ = ["FORMATS", "Document", "Format", "detect", "diff", "edit", "gravest", "parse"]

FORMATS: dict[ContractKind, Format] = {
    "openapi": OpenApi(),
    "protobuf": Protobuf(),
    "jsonschema": JsonSchema(),
    "asyncapi": AsyncApi(),
    "avro": Opaque("avro"),
    "graphql": Opaque("graphql"),
    "spring-cloud-contract": Opaque("spring-cloud-contract"),
}


def parse(kind: ContractKind, path: str, raw: bytes) -> Document:
    """Read a contract. Raises ContractError with the path, a 1-based line and the reason."""
    return FORMATS[kind].parse(path, raw)


def diff(kind: ContractKind, path: str, old: bytes | None, new: bytes | None) -> tuple[Change, ...]:
    """All differences between two versions, additions too; None is a version without the file.

    Raises ContractError when a version does not parse. What cannot be compared has the severity `unknown`.
    """
    return () if old == new else FORMATS[kind].diff(path, old, new)


def edit(kind: ContractKind, path: str, raw: bytes, intent: Intent) -> bytes:
    """Add, remove, rename or retype one field; comments, order and style stay as they are.

    Raises UsageError when the entity or field is not there (or is there already), ContractError when the
    contract does not parse.
    """
    return FORMATS[kind].edit(path, raw, intent)
