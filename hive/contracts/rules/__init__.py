"""Every rule that a comparison can report, with its severity by direction: data that documentation prints."""

from collections.abc import Iterator

from hive.contracts.rules.asyncapi import ASYNCAPI
from hive.contracts.rules.jsonschema import JSONSCHEMA
from hive.contracts.rules.opaque import AVRO, GRAPHQL, SPRING
from hive.contracts.rules.openapi import OPENAPI
from hive.contracts.rules.protobuf import PROTOBUF
from hive.contracts.rules.rule import Rule
from hive.contracts.rules.schema import every_rule
from hive.model import ContractKind

TABLES: dict[ContractKind, dict[str, Rule]] = {
    "openapi": OPENAPI,
    "asyncapi": ASYNCAPI,
    "jsonschema": JSONSCHEMA,
    "protobuf": PROTOBUF,
    "avro": AVRO,
    "graphql": GRAPHQL,
    "spring-cloud-contract": SPRING,
}
SCHEMA_KINDS: tuple[ContractKind, ...] = ("openapi", "asyncapi", "jsonschema")


def rules() -> Iterator[Rule]:
    """All rules, each id of a format once, with the severities of all directions in which it applies."""
    for kind, table in TABLES.items():
        merged = dict(table)
        for rule in every_rule(kind) if kind in SCHEMA_KINDS else ():
            known = merged.get(rule.id, rule)
            merged[rule.id] = known._replace(severity={**known.severity, **rule.severity})
        yield from merged.values()
