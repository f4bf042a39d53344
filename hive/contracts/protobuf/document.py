"""The entities and operations of a Protocol Buffers file."""

from collections.abc import Iterable

from hive.contracts.protobuf.syntax import Enum, Field, File, Message
from hive.model import ContractField, Entity, Operation

SCALARS: dict[str, str] = {
    "string": "string",
    "bytes": "string",
    "bool": "boolean",
    "double": "number",
    "float": "number",
    **dict.fromkeys(("int32", "int64", "uint32", "uint64", "sint32", "sint64"), "integer"),
    **dict.fromkeys(("fixed32", "fixed64", "sfixed32", "sfixed64"), "integer"),
}


class ProtoDocument:
    """A parsed file, its type names resolved."""

    def __init__(self, path: str, text: str, file: File) -> None:
        self.path = path
        self.text = text
        self.file = file
        self.messages: dict[str, Message] = {one.full: one for one in file.every_message()}
        self.enums: dict[str, Enum] = {one.full: one for one in file.every_enum()}
        for message in self.messages.values():
            for field in message.fields:
                field.resolved = self.resolve(field.value_type, message.full)
        self._carried: dict[str, tuple[str, ...]] = {}

    def resolve(self, name: str, scope: str) -> str:
        """The full name that a type means inside a scope (innermost first); as written when it is not here."""
        if name in SCALARS:
            return name
        if name.startswith("."):
            return name[1:]
        while True:
            full = f"{scope}.{name}" if scope else name
            if full in self.messages or full in self.enums:
                return full
            if not scope:
                return name
            scope = scope.rpartition(".")[0]

    def short(self, full: str) -> str:
        """A name without the file's own package."""
        package = self.file.package
        return full[len(package) + 1 :] if package and full.startswith(f"{package}.") else full

    def type_word(self, field: Field) -> str:
        """The type in hive's words."""
        if field.key is not None:
            return "object"
        if field.label == "repeated":
            return "array"
        return SCALARS.get(field.type) or self.short(field.resolved)

    def entities(self) -> tuple[Entity, ...]:
        """Its messages, nested ones as `Outer.Inner`."""
        return tuple(self._entity(message) for message in self.messages.values())

    def _entity(self, message: Message) -> Entity:
        fields = tuple(
            ContractField(
                name=field.name,
                type=self.type_word(field),
                required=field.label == "required",
                line=field.line,
            )
            for field in message.fields
        )
        return Entity(name=self.short(message.full), contract=self.path, pointer=message.full, fields=fields)

    def operations(self) -> tuple[Operation, ...]:
        """Its methods."""
        return tuple(
            Operation(
                name=f"{service.full}/{rpc.name}",
                request=self._names(self.resolve(rpc.request, service.full)),
                response=self._names(self.resolve(rpc.response, service.full)),
            )
            for service in self.file.services
            for rpc in service.rpcs
        )

    def _names(self, full: str) -> tuple[str, ...]:
        return tuple(self.short(name) for name in self.carried([full]) if name in self.messages)

    def carried(self, roots: Iterable[str]) -> tuple[str, ...]:
        """Full names of the messages and enums that some messages carry, nested ones included."""
        found: dict[str, None] = {}
        queue = list(roots)
        while queue:
            name = queue.pop(0)
            if name in found or (name not in self.messages and name not in self.enums):
                continue
            found[name] = None
            if name in self.messages:
                queue += [field.resolved for field in self.messages[name].fields]
        return tuple(found)
