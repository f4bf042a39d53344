"""Rules about AsyncAPI documents apart from their payload schemas."""

from hive.contracts.rules.rule import Rule
from hive.model import Direction, Severity


def _rule(id_: str, change: str, direction: Direction, severity: Severity, about: str) -> Rule:
    return Rule(id_, "asyncapi", change, {direction: severity}, about)


ASYNCAPI: dict[str, Rule] = {
    rule.id: rule
    for rule in (
        _rule("operation-added", "added", "none", "compatible", "a new operation"),
        _rule("operation-removed", "removed", "none", "breaking", "an operation is gone"),
        _rule("channel-address-changed", "changed", "none", "breaking", "a channel has another address"),
        _rule("sent-message-added", "added", "response", "dangerous", "listeners get one more message"),
        _rule("sent-message-removed", "removed", "response", "breaking", "a message is no longer sent"),
        _rule("received-message-added", "added", "request", "compatible", "one more message is taken"),
        _rule("received-message-removed", "removed", "request", "breaking", "a message is no longer taken"),
        _rule(
            "message-content-type-changed", "changed", "none", "breaking", "the content type is another one"
        ),
        _rule(
            "message-unreadable",
            "changed",
            "none",
            "unknown",
            "something that hive cannot compare differs",
        ),
        Rule(
            "component-schema-added",
            "asyncapi",
            "added",
            {"none": "compatible", "both": "compatible"},
            "a new named schema",
        ),
        Rule(
            "component-schema-removed",
            "asyncapi",
            "removed",
            {"none": "dangerous", "both": "breaking"},
            "a named schema is gone",
        ),
    )
}
