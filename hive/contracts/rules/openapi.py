"""Rules about OpenAPI documents apart from their schemas; ids as in oasdiff where it has the check."""

from hive.contracts.rules.rule import Rule
from hive.model import Direction, Severity


def _rule(id_: str, change: str, direction: Direction, severity: Severity, about: str) -> Rule:
    return Rule(id_, "openapi", change, {direction: severity}, about)


OPENAPI: dict[str, Rule] = {
    rule.id: rule
    for rule in (
        _rule("endpoint-added", "added", "none", "compatible", "a new operation"),
        _rule("api-removed-without-deprecation", "removed", "none", "breaking", "an operation is gone"),
        _rule(
            "api-removed-with-deprecation", "removed", "none", "dangerous", "a deprecated operation is gone"
        ),
        _rule("api-path-removed-without-deprecation", "removed", "none", "breaking", "a path is gone"),
        _rule(
            "api-path-removed-with-deprecation", "removed", "none", "dangerous", "a deprecated path is gone"
        ),
        _rule("endpoint-deprecated", "changed", "none", "compatible", "an operation is deprecated now"),
        _rule(
            "endpoint-reactivated", "changed", "none", "compatible", "an operation is no longer deprecated"
        ),
        _rule(
            "api-operation-id-changed", "changed", "none", "dangerous", "generated clients get other names"
        ),
        _rule("api-security-added", "added", "none", "breaking", "callers must identify themselves now"),
        _rule("api-security-removed", "removed", "none", "breaking", "a way to identify oneself is gone"),
        _rule(
            "api-security-relaxed",
            "changed",
            "none",
            "compatible",
            "more ways to identify oneself, or no need",
        ),
        _rule("api-security-component-changed", "changed", "none", "unknown", "a security scheme differs"),
        _rule("api-servers-changed", "changed", "none", "dangerous", "the addresses or base path differ"),
        _rule(
            "api-reference-changed",
            "changed",
            "none",
            "unknown",
            "a reference leads out of this file, or nowhere",
        ),
        Rule(
            "api-schema-removed",
            "openapi",
            "removed",
            {"none": "dangerous", "both": "breaking"},
            "a named schema is gone",
        ),
        Rule(
            "api-schema-added",
            "openapi",
            "added",
            {"none": "compatible", "request": "compatible", "response": "compatible", "both": "compatible"},
            "a new named schema",
        ),
        _rule(
            "api-keyword-changed", "changed", "none", "unknown", "something that hive cannot compare differs"
        ),
        _rule("webhook-changed", "changed", "none", "unknown", "a webhook or callback differs"),
        _rule("new-required-request-parameter", "added", "request", "breaking", "a new required parameter"),
        _rule("new-optional-request-parameter", "added", "request", "compatible", "a new optional parameter"),
        _rule("new-request-path-parameter", "added", "request", "breaking", "a new path parameter"),
        _rule("request-parameter-removed", "removed", "request", "dangerous", "a parameter is gone"),
        _rule(
            "request-parameter-became-required",
            "changed",
            "request",
            "breaking",
            "a parameter is required now",
        ),
        _rule(
            "request-parameter-became-optional",
            "changed",
            "request",
            "compatible",
            "a parameter is optional now",
        ),
        _rule(
            "request-parameter-deprecated",
            "changed",
            "request",
            "compatible",
            "a parameter is deprecated now",
        ),
        _rule("request-parameter-reactivated", "changed", "request", "compatible", "no longer deprecated"),
        _rule(
            "request-parameter-serialization-changed", "changed", "request", "breaking", "written another way"
        ),
        _rule("request-body-added-required", "added", "request", "breaking", "a body must be sent now"),
        _rule("request-body-added-optional", "added", "request", "compatible", "a body may be sent now"),
        _rule("request-body-removed", "removed", "request", "breaking", "the body is gone"),
        _rule("request-body-became-required", "changed", "request", "breaking", "the body is required now"),
        _rule("request-body-became-optional", "changed", "request", "compatible", "the body is optional now"),
        _rule(
            "request-body-media-type-added", "added", "request", "compatible", "one more media type is taken"
        ),
        _rule(
            "request-body-media-type-removed", "removed", "request", "breaking", "a media type is refused now"
        ),
        _rule(
            "request-body-encoding-changed", "changed", "request", "unknown", "parts are encoded another way"
        ),
        _rule(
            "response-media-type-added", "added", "response", "compatible", "one more media type is answered"
        ),
        _rule(
            "response-media-type-removed",
            "removed",
            "response",
            "breaking",
            "a media type is not answered now",
        ),
        _rule("response-success-status-added", "added", "response", "compatible", "a new status of success"),
        _rule(
            "response-success-status-removed",
            "removed",
            "response",
            "breaking",
            "a status of success is gone",
        ),
        _rule(
            "response-non-success-status-added", "added", "response", "compatible", "a new status of failure"
        ),
        _rule(
            "response-non-success-status-removed",
            "removed",
            "response",
            "dangerous",
            "a failure status is gone",
        ),
        _rule("response-header-added", "added", "response", "compatible", "a new response header"),
        _rule("required-response-header-removed", "removed", "response", "breaking", "a sure header is gone"),
        _rule("optional-response-header-removed", "removed", "response", "dangerous", "a header is gone"),
        _rule(
            "response-header-became-optional",
            "changed",
            "response",
            "breaking",
            "a header may be missing now",
        ),
        _rule(
            "response-header-became-required",
            "changed",
            "response",
            "compatible",
            "a header is always sent now",
        ),
    )
}
