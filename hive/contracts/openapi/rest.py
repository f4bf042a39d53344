"""What stands in an OpenAPI document beside all that hive compares: it is at least seen to differ."""

from collections.abc import Iterator

from hive.contracts.openapi.operations import HttpOperation
from hive.contracts.place import Place
from hive.contracts.schema.closure import canonical, closure

_NOTES = frozenset({"description", "summary", "tags", "externalDocs", "example", "examples", "info"})
_OPERATION = frozenset(
    {"operationId", "parameters", "requestBody", "responses", "callbacks", "deprecated", "security"}
)
_COMPARED: dict[str, frozenset[str]] = {
    "document": frozenset(
        {"openapi", "swagger", "paths", "webhooks", "components", "definitions", "parameters"}
    )
    | {
        "responses",
        "security",
        "securityDefinitions",
        "servers",
        "host",
        "basePath",
        "schemes",
        "consumes",
        "produces",
    },
    "operation": _OPERATION | {"servers", "consumes", "produces", "schemes"},
    "body": frozenset({"content", "required", "schema", "in", "name"}),
    "response": frozenset({"content", "headers", "schema"}),
}


def rest(place: Place | None, what: str) -> dict[str, str]:
    """The keywords of a part of a document that hive does not compare, each with all that it refers to."""
    if place is None:
        return {}
    left = place.map.keys() - _COMPARED[what] - _NOTES - {"$ref"}
    return {
        key: canonical(closure(found))
        for key in sorted(left)
        if not key.startswith("x-") and (found := place.child(key)) is not None
    }


def uncompared(old: HttpOperation, new: HttpOperation) -> Iterator[tuple[Place, str]]:
    """Places in an operation where such keywords differ, with one of the keywords."""
    parts: list[tuple[Place | None, Place | None, str]] = [(old.place, new.place, "operation")]
    if old.body and new.body:
        parts.append((old.body.place, new.body.place, "body"))
    parts += [
        (old.responses[status].place, new.responses[status].place, "response")
        for status in old.responses.keys() & new.responses.keys()
    ]
    for before, after, what in parts:
        known, wanted = rest(before, what), rest(after, what)
        differing = [key for key in known.keys() | wanted.keys() if known.get(key) != wanted.get(key)]
        if differing and after is not None:
            yield after, sorted(differing)[0]
