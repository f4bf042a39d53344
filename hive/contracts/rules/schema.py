"""Rules about schemas. One table of codes; each format has its own names for them."""

from typing import Literal, NamedTuple

from hive.contracts.rules.rule import Rule, worst
from hive.model import ContractKind, Direction, Severity

Subject = Literal["body", "property", "parameter", "header"]


class Code(NamedTuple):
    """What can happen to a schema, and how bad it is for either direction.

    In a request the provider reads, so accepting less breaks callers; in a response it writes, so sending
    more, or no longer sending, breaks them.
    """

    name: str
    change: str
    request: Severity
    response: Severity
    about: str
    request_name: str = ""
    """The format's best-known checker calls it so in requests, where that differs."""


def _narrowing(name: str, about: str, response: Severity = "compatible") -> Code:
    return Code(name, "changed", "breaking", response, about)


def _widening(name: str, about: str, response: Severity = "breaking") -> Code:
    return Code(name, "changed", "compatible", response, about)


_LIMITS = (
    ("max", "the largest number"),
    ("exclusive-max", "the exclusive largest number"),
    ("max-length", "the longest text"),
    ("max-items", "the longest list"),
    ("max-properties", "the largest map"),
)
_LOWER_LIMITS = (
    ("min", "the smallest number"),
    ("exclusive-min", "the exclusive smallest number"),
    ("min-length", "the shortest text"),
    ("min-items", "the shortest list"),
    ("min-properties", "the smallest map"),
)

VALUE_CODES: tuple[Code, ...] = (
    Code("type-changed", "changed", "breaking", "breaking", "the type or format is another one"),
    _widening("type-generalized", "the type or format allows more than before"),
    Code(
        "type-specialized",
        "changed",
        "breaking",
        "compatible",
        "the type or format allows less than before",
        "type-changed",
    ),
    _widening("became-nullable", "null is allowed now"),
    _narrowing("became-not-nullable", "null is no longer allowed"),
    Code("enum-value-added", "added", "compatible", "dangerous", "one more value is allowed"),
    Code("enum-value-removed", "removed", "breaking", "compatible", "a value is no longer allowed"),
    _narrowing("became-enum", "only listed values are allowed now"),
    _widening("became-not-enum", "any value is allowed where only listed ones were", "dangerous"),
    *(_narrowing(f"{name}-set", f"{about} is limited now") for name, about in _LIMITS + _LOWER_LIMITS),
    *(_widening(f"{name}-unset", f"{about} is no longer limited") for name, about in _LIMITS + _LOWER_LIMITS),
    *(_narrowing(f"{name}-decreased", f"{about} was lowered") for name, about in _LIMITS),
    *(_widening(f"{name}-increased", f"{about} was raised") for name, about in _LIMITS),
    *(_narrowing(f"{name}-increased", f"{about} was raised") for name, about in _LOWER_LIMITS),
    *(_widening(f"{name}-decreased", f"{about} was lowered") for name, about in _LOWER_LIMITS),
    _narrowing("multiple-of-set", "numbers must be multiples now"),
    _widening("multiple-of-unset", "numbers need not be multiples any more"),
    Code("multiple-of-changed", "changed", "breaking", "breaking", "numbers must be other multiples"),
    _narrowing("unique-items-set", "list items must differ now"),
    _widening("unique-items-unset", "list items may repeat now"),
    _narrowing("pattern-added", "text must match a pattern now"),
    _widening("pattern-removed", "text need not match the pattern any more", "dangerous"),
    Code("pattern-changed", "changed", "unknown", "unknown", "two patterns cannot be compared"),
    Code("default-value-added", "changed", "dangerous", "compatible", "leaving it out means a value now"),
    Code("default-value-removed", "changed", "dangerous", "compatible", "leaving it out means nothing now"),
    Code("default-value-changed", "changed", "dangerous", "compatible", "leaving it out means another value"),
    Code("deprecated", "changed", "compatible", "compatible", "it is deprecated now"),
    Code("reactivated", "changed", "compatible", "compatible", "it is no longer deprecated"),
    _narrowing("additional-properties-closed", "unknown properties are no longer allowed"),
    _widening("additional-properties-opened", "unknown properties are allowed now", "dangerous"),
    Code("one-of-added", "added", "compatible", "breaking", "one more alternative of a oneOf"),
    Code("one-of-removed", "removed", "breaking", "compatible", "one alternative of a oneOf less"),
    Code("any-of-added", "added", "compatible", "breaking", "one more alternative of an anyOf"),
    Code("any-of-removed", "removed", "breaking", "compatible", "one alternative of an anyOf less"),
    Code("union-changed", "changed", "unknown", "unknown", "alternatives cannot be compared"),
    Code(
        "discriminator-changed",
        "changed",
        "breaking",
        "breaking",
        "another property tells alternatives apart",
    ),
    Code("discriminator-mapping-added", "added", "compatible", "dangerous", "one more discriminator value"),
    Code(
        "discriminator-mapping-changed",
        "changed",
        "breaking",
        "breaking",
        "a discriminator value is gone or means another alternative",
    ),
    Code("keyword-changed", "changed", "unknown", "unknown", "a keyword that hive cannot compare differs"),
    Code("reference-unresolved", "changed", "unknown", "unknown", "a reference leads nowhere in this file"),
)

PROPERTY_CODES: tuple[Code, ...] = (
    Code("property-became-required", "changed", "breaking", "compatible", "an optional property is required"),
    Code(
        "property-became-required-with-default",
        "changed",
        "breaking",
        "compatible",
        "an optional property with a default is required",
    ),
    Code("property-became-optional", "changed", "compatible", "breaking", "a required property is optional"),
    Code("required-property-added", "added", "breaking", "compatible", "a new required property"),
    Code(
        "required-property-with-default-added",
        "added",
        "breaking",
        "compatible",
        "a new required property with a default",
    ),
    Code("optional-property-added", "added", "compatible", "compatible", "a new optional property"),
    Code(
        "property-added-to-closed-object",
        "added",
        "compatible",
        "dangerous",
        "a new property where readers were told that there are no others",
    ),
    Code("required-property-removed", "removed", "dangerous", "breaking", "a required property is gone"),
    Code("optional-property-removed", "removed", "dangerous", "breaking", "an optional property is gone"),
    Code(
        "property-removed-from-closed-object",
        "removed",
        "breaking",
        "breaking",
        "a property is gone where unknown ones are refused",
    ),
    Code("property-became-read-only", "changed", "dangerous", "compatible", "it is ignored when sent"),
    Code("property-became-not-read-only", "changed", "compatible", "compatible", "it may be sent now"),
    Code(
        "required-property-became-not-read-only",
        "changed",
        "breaking",
        "compatible",
        "a required property must be sent now",
    ),
    Code("property-became-write-only", "changed", "compatible", "breaking", "it is no longer returned"),
    Code("property-became-not-write-only", "changed", "compatible", "compatible", "it is returned now"),
)
_CODES = {code.name: code for code in VALUE_CODES + PROPERTY_CODES}
_PROPERTY = {code.name for code in PROPERTY_CODES}

_WORDS: dict[ContractKind, tuple[str, str, str]] = {
    "openapi": ("request", "response", "body"),
    "asyncapi": ("received", "sent", "payload"),
}
_REQUEST_PROPERTY_IDS = {
    "required-property-added": "new-required-{}-property",
    "required-property-with-default-added": "new-required-{}-property-with-default",
    "optional-property-added": "new-optional-{}-property",
    "property-added-to-closed-object": "new-optional-{}-property",
    "required-property-removed": "{}-property-removed",
    "optional-property-removed": "{}-property-removed",
}


def rule(kind: ContractKind, direction: Direction, subject: Subject, name: str) -> Rule:
    """The rule for a code, as the format names it in that direction."""
    code = _CODES[name]
    severity = _severity(code, direction)
    identity = _identity(kind, direction, subject, code)
    return Rule(identity, kind, code.change, {direction: severity}, code.about)


def _severity(code: Code, direction: Direction) -> Severity:
    if direction == "request":
        return code.request
    if direction == "response":
        return code.response
    both = worst(code.request, code.response)
    # Nothing in this file takes or returns it; another file may still refer to it.
    return "dangerous" if direction == "none" and both == "breaking" else both


def _identity(kind: ContractKind, direction: Direction, subject: Subject, code: Code) -> str:
    if direction in ("both", "none") or kind not in _WORDS:
        return f"schema-{code.name}"
    request, response, body = _WORDS[kind]
    if direction == "request":
        if code.name in _PROPERTY:
            return _REQUEST_PROPERTY_IDS.get(code.name, "{}-" + code.name).format(request)
        return f"{request}-{body if subject == 'body' else subject}-{code.request_name or code.name}"
    if code.name in _PROPERTY:
        name = code.name.replace("-with-default", "")
        return f"{response}-{name}"
    return f"{response}-{body if subject == 'body' else subject}-{code.name}"


def every_rule(kind: ContractKind) -> list[Rule]:
    """All schema rules of a format, one per id and direction."""
    subjects: dict[Direction, tuple[Subject, ...]] = {"both": ("property",), "none": ("property",)}
    if kind == "openapi":
        subjects["request"] = ("body", "property", "parameter")
        subjects["response"] = ("body", "property", "header")
    if kind == "asyncapi":
        subjects["request"] = subjects["response"] = ("body", "property")
    if kind == "jsonschema":
        del subjects["none"]
    return [
        rule(kind, direction, subject, code.name)
        for direction, chosen in subjects.items()
        for subject in chosen
        for code in VALUE_CODES + PROPERTY_CODES
    ]
