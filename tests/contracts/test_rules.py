import pytest

from hive import contracts
from hive.contracts.rules import rules
from hive.contracts.rules.rule import gravest, worst
from hive.contracts.rules.schema import PROPERTY_CODES, VALUE_CODES, Subject
from hive.contracts.rules.schema import rule as schema_rule
from hive.model import Change, ContractKind, Direction
from tests.contracts import cases

SUBJECTS: dict[tuple[ContractKind, Direction], tuple[Subject, ...]] = {
    ("openapi", "request"): ("body", "property", "parameter"),
    ("openapi", "response"): ("body", "property", "header"),
    ("openapi", "both"): ("property",),
    ("openapi", "none"): ("property",),
    ("asyncapi", "request"): ("body", "property"),
    ("asyncapi", "response"): ("body", "property"),
    ("asyncapi", "both"): ("property",),
    ("asyncapi", "none"): ("property",),
    ("jsonschema", "both"): ("property",),
}
PLACES = [(kind, direction, subject) for (kind, direction), chosen in SUBJECTS.items() for subject in chosen]
STRUCTURAL: list[tuple[ContractKind, str, tuple[bytes | None, bytes | None]]] = [
    *(("openapi", name, pair) for name, pair in cases.OPENAPI.items()),
    *(("asyncapi", name, pair) for name, pair in cases.ASYNCAPI.items()),
    *(("protobuf", name, pair) for name, pair in cases.PROTOBUF.items()),
    *(("jsonschema", name, pair) for name, pair in cases.JSONSCHEMA.items()),
    *((kind, name, pair) for (kind, name), pair in cases.OPAQUE.items()),
]
TABLE = {(rule.kind, rule.id): rule for rule in rules()}


def schema_changes(
    kind: ContractKind, direction: Direction, subject: Subject, code: str
) -> tuple[Change, ...]:
    old, new = {**cases.VALUES, **cases.PROPERTIES}[code]
    before = cases.document(kind, direction, subject, old)
    return contracts.diff(kind, "c.json", before, cases.document(kind, direction, subject, new))


@pytest.mark.parametrize("place", PLACES, ids=lambda place: "-".join(place))
def test_every_schema_rule_is_reported_with_its_severity_in_its_direction(place) -> None:
    kind, direction, subject = place
    for code in (*VALUE_CODES, *PROPERTY_CODES):
        rule = schema_rule(kind, direction, subject, code.name)
        found = {change.rule: change for change in schema_changes(*place, code.name)}
        assert rule.id in found, code.name
        assert found[rule.id].severity == rule.severity[direction], code.name
        assert found[rule.id].direction == direction


@pytest.mark.parametrize(("kind", "name", "pair"), STRUCTURAL, ids=[f"{k}-{n}" for k, n, _ in STRUCTURAL])
def test_every_other_rule_is_reported_with_its_severity(kind, name, pair) -> None:
    found = {change.rule: change for change in contracts.diff(kind, "c.x", *pair)}
    assert name in found
    assert found[name].severity == TABLE[kind, name].severity[found[name].direction]
    assert found[name].kind == TABLE[kind, name].change


def test_the_table_holds_every_rule_once_and_every_rule_has_a_case() -> None:
    listed = [(rule.kind, rule.id) for rule in rules()]
    assert len(listed) == len(set(listed))
    produced = {(kind, name) for kind, name, _ in STRUCTURAL}
    for kind, direction, subject in PLACES:
        for code in (*VALUE_CODES, *PROPERTY_CODES):
            changes = schema_changes(kind, direction, subject, code.name)
            produced |= {(kind, change.rule) for change in changes}
    assert set(listed) - produced == set()
    assert produced - set(listed) == set()


@pytest.mark.parametrize(("kind", "name", "pair"), STRUCTURAL, ids=[f"{k}-{n}" for k, n, _ in STRUCTURAL])
def test_a_version_does_not_differ_from_itself(kind, name, pair) -> None:
    for version in pair:
        assert contracts.diff(kind, "c.x", version, version) == ()
        if version is not None and kind not in ("avro", "graphql", "spring-cloud-contract"):
            # White space makes other bytes of it, so that the whole comparison runs.
            assert contracts.diff(kind, "c.x", version, version + b"\n") == ()


@pytest.mark.parametrize("kind", ["openapi", "asyncapi"])
def test_narrowing_a_request_is_breaking_and_widening_it_is_not(kind) -> None:
    narrowed = schema_rule(kind, "request", "property", "became-enum").severity["request"]
    assert (narrowed, schema_rule(kind, "response", "property", "became-enum").severity["response"]) == (
        "breaking",
        "compatible",
    )


def test_the_gravest_severity_is_told_and_unknown_is_worse_than_dangerous() -> None:
    assert worst("dangerous", "unknown", "compatible") == "unknown"
    assert gravest(()) == "compatible"
    assert gravest(contracts.diff("avro", "a.avsc", b"1", b"2")) == "unknown"


def test_ids_follow_the_best_known_checkers() -> None:
    known = {
        "request-property-became-required",
        "new-required-request-property",
        "new-optional-request-property",
        "request-property-type-changed",
        "response-required-property-removed",
        "response-optional-property-removed",
        "response-property-enum-value-added",
        "api-removed-without-deprecation",
        "request-parameter-became-required",
        "FIELD_NO_DELETE",
        "RPC_SAME_CLIENT_STREAMING",
    }
    assert known <= {rule.id for rule in rules()}
