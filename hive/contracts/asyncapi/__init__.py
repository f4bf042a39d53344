"""AsyncAPI 2 and 3: the payloads of messages, and who sends and takes them."""

from hive.contracts.asyncapi.diff import compare
from hive.contracts.asyncapi.operations import operations, schema_format
from hive.contracts.document import Document
from hive.contracts.place import Place, resolve, top
from hive.contracts.schema.edit import edit_schema
from hive.contracts.schema.entities import Named, components
from hive.contracts.source import Source, read
from hive.errors import ContractError
from hive.model import Change, Entity, Intent, Operation

EMPTY = b'{"asyncapi": "2.6.0", "info": {}, "channels": {}}'


class AsyncApiDocument:
    """A parsed AsyncAPI document."""

    def __init__(self, source: Source) -> None:
        self.source = source
        schemas = components(source, "components", "schemas")
        known = {place.path for _, place in schemas}
        self.named = Named(source, [*schemas, *_inline_payloads(source, known)])

    def entities(self) -> tuple[Entity, ...]:
        """Its named object schemas, and payloads written into their message under the message's name."""
        return self.named.entities()

    def operations(self) -> tuple[Operation, ...]:
        """What the application sends (`response`) and takes (`request`)."""
        found = []
        for operation in operations(self.source):
            payloads = [one.payload for one in operation.messages.values() if one.payload]
            carried = self.named.carried(payloads)
            request, response = ((), carried) if operation.sends else (carried, ())
            found.append(Operation(name=operation.name, request=request, response=response))
        return tuple(found)


def _inline_payloads(source: Source, known: set[tuple[str, ...]]) -> list[tuple[str, Place]]:
    found = []
    messages = [m for operation in operations(source) for m in operation.messages.values()]
    names = {message.place.path: message.name for message in messages}
    for place in top(source.value).children("components", "messages"):
        names.setdefault(place.path, str(place.map.get("name") or place.name))
    for path, name in names.items():
        message = top(source.value).child(*path)
        payload = message.child("payload") if message else None
        if payload is not None and "schemaFormat" in payload.map:
            payload = payload.child("schema")
        inline = payload is not None and payload.ref is None and resolve(payload) is not None
        if message and payload and inline and payload.path not in known and not schema_format(message):
            found.append((name, payload))
    return found


def _read(path: str, raw: bytes) -> AsyncApiDocument:
    source = read(path, raw)
    version = source.value.get("asyncapi")
    if version is None:
        raise ContractError(path, 1, "there is no `asyncapi` key at the root")
    if not str(version).startswith(("2.", "3.")):
        raise ContractError(path, source.line(("asyncapi",)), f"unknown AsyncAPI version {version!r}")
    return AsyncApiDocument(source)


class AsyncApi:
    """The format of event-driven APIs."""

    def parse(self, path: str, raw: bytes) -> Document:
        """Read a document. Raises ContractError."""
        return _read(path, raw)

    def diff(self, path: str, old: bytes | None, new: bytes | None) -> tuple[Change, ...]:
        """Compare what is sent and taken in two versions."""
        before, after = _read(path, old or EMPTY), _read(path, new or EMPTY)
        return compare(path, before.source, after.source, before.named, after.named)

    def edit(self, path: str, raw: bytes, intent: Intent) -> bytes:
        """Change one property of a payload or named schema."""
        return edit_schema(_read(path, raw).named, intent)
