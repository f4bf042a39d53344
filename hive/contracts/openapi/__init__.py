"""OpenAPI 3.0 and 3.1, and Swagger 2.0 as far as its shape goes."""

from collections.abc import Iterator

from hive.contracts.document import Document
from hive.contracts.openapi.diff import compare, request_schemas, response_schemas
from hive.contracts.openapi.operations import operations
from hive.contracts.place import Place
from hive.contracts.schema.edit import edit_schema
from hive.contracts.schema.entities import Named, components, item_of
from hive.contracts.source import Source, read
from hive.errors import ContractError
from hive.model import Change, Entity, Intent, Operation

EMPTY = b'{"openapi": "3.0.0", "info": {}, "paths": {}}'


class OpenApiDocument:
    """A parsed OpenAPI document."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.swagger = "swagger" in source.value
        schemas = ("definitions",) if self.swagger else ("components", "schemas")
        self.components = Named(source, components(source, *schemas))
        self.named = Named(source, [*self.components.places.items(), *_inline(source)])

    def entities(self) -> tuple[Entity, ...]:
        """Its named object schemas, then those that are written into an operation."""
        return self.named.entities()

    def operations(self) -> tuple[Operation, ...]:
        """Its methods by path, its callbacks and its webhooks."""
        return tuple(
            Operation(
                name=operation.name,
                request=self.named.carried(request_schemas(operation)),
                response=self.named.carried(response_schemas(operation)),
            )
            for operation in operations(self.source)
        )


def _inline(source: Source) -> Iterator[tuple[str, Place]]:
    """Object schemas that are written right into a body: by their title, else by their operation."""
    for operation in operations(source):
        sides = (("request", request_schemas(operation)), ("response", response_schemas(operation)))
        for side, schemas in sides:
            for schema in schemas:
                place = item_of(schema)
                if place.ref is None and "properties" in place.map:
                    title = place.map.get("title")
                    yield (title if isinstance(title, str) else f"{operation.name} {side}"), place


def _read(path: str, raw: bytes) -> OpenApiDocument:
    source = read(path, raw)
    version = source.value.get("openapi", source.value.get("swagger"))
    if version is None:
        raise ContractError(path, 1, "there is no `openapi` or `swagger` key at the root")
    if not str(version).startswith(("3.", "2.")):
        raise ContractError(path, source.line(("openapi",)), f"unknown OpenAPI version {version!r}")
    for key in ("paths", "components", "webhooks", "definitions"):
        if not isinstance(source.value.get(key) or {}, dict):
            raise ContractError(path, source.line((key,)), f"{key!r} must be a map")
    return OpenApiDocument(source)


class OpenApi:
    """The format of HTTP APIs."""

    def parse(self, path: str, raw: bytes) -> Document:
        """Read a document. Raises ContractError."""
        return _read(path, raw)

    def diff(self, path: str, old: bytes | None, new: bytes | None) -> tuple[Change, ...]:
        """Compare two versions by oasdiff's rules."""
        before, after = _read(path, old or EMPTY), _read(path, new or EMPTY)
        return compare(path, before.source, after.source, before.components, after.components)

    def edit(self, path: str, raw: bytes, intent: Intent) -> bytes:
        """Change one property of a named schema."""
        document = _read(path, raw)
        return edit_schema(document.named, intent)
