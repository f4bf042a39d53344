"""Adding, removing, renaming and retyping a property, touching nothing else of the text."""

from typing import assert_never

from hive.contracts.names import exists, unknown
from hive.contracts.node import Node
from hive.contracts.schema.entities import Named
from hive.contracts.schema.maptext import Pairs, Writer
from hive.contracts.schema.typewords import type_pairs
from hive.contracts.schema.view import view
from hive.contracts.source import BOM
from hive.contracts.textedit import apply
from hive.errors import UsageError
from hive.model import AddField, Entity, Intent, RemoveField, RenameField, RetypeField

KEPT = frozenset(
    {"title", "description", "deprecated", "readOnly", "writeOnly", "nullable", "externalDocs", "$comment"}
)
"""What still holds when a property gets another type."""


def edit_schema(named: Named, intent: Intent) -> bytes:
    """The whole new text.

    Raises UsageError when the intent does not fit what is there.
    """
    entity = next((one for one in named.entities() if one.name == intent.entity), None)
    if entity is None:
        raise unknown("entity", intent.entity, (one.name for one in named.entities()), named.source.path)
    edit = _SchemaEdit(named, entity)
    match intent:
        case AddField():
            edit.add(intent)
        case RemoveField():
            edit.remove(intent.name)
        case RenameField():
            edit.rename(intent.name, intent.new_name)
        case RetypeField():
            edit.retype(intent.name, intent.type)
        case _:
            assert_never(intent)
    text = apply(named.source.text, edit.writer.edits)
    return ((BOM if named.source.bom else "") + text).encode()


class _SchemaEdit:
    def __init__(self, named: Named, entity: Entity) -> None:
        self.named = named
        self.entity = entity
        self.place = view(named.places[entity.name]).place
        self.flat = view(self.place)
        source = named.source
        self.where = source.path
        self.writer = Writer(source.text, json_text=source.json, reference=_some_reference(source.root))
        self.members = self._members()

    def _members(self) -> list[Node]:
        """The schema's own map and those of its allOf that are written in place."""
        found = [self._node(self.place.path)]
        for member in self.place.children("allOf"):
            if member.ref is None:
                found.append(self._node(member.path))
        return found

    def _node(self, path: tuple[str, ...]) -> Node:
        node: Node | None = self.named.source.root
        for step in path:
            node = node.at((step,)) if node is not None else None
            if node is not None and node.pairs and node.pairs[0][0].start < node.start:
                raise UsageError(
                    f"{self.entity.name!r} in {self.where} shares text with another place through a YAML alias",
                    next_step="write the alias out in full, or change the file by hand",
                )
        if node is None:
            raise UsageError(
                f"{self.entity.name!r} in {self.where} comes from a YAML merge key",
                next_step="write the merged keys out in full, or change the file by hand",
            )
        return node

    # --- intents ---

    def add(self, intent: AddField) -> None:
        if not intent.name:
            raise UsageError("a field needs a name", next_step="name the field to add")
        if intent.name in self.flat.properties:
            raise exists(self.entity.name, intent.name, self.where)
        value = self._pairs(intent.type)
        member = next((one for one in reversed(self.members) if one.get("properties")), None)
        if member is None:
            self._first_property(intent, value)
            return
        properties = member.get("properties")
        if properties is None or properties.kind != "map":
            raise self._not_a_map("properties")
        if properties.pairs:
            self.writer.add_pair(properties, intent.name, value, self._like(properties, intent.type))
        else:
            self.writer.add_pair(properties, intent.name, value, None)
        if intent.required:
            self._require(member, intent.name)

    def _pairs(self, kind: str) -> Pairs:
        return type_pairs(self.named, self.flat, kind)

    def _not_a_map(self, key: str) -> UsageError:
        return UsageError(
            f"{key!r} of {self.entity.name!r} in {self.where} is not written as hive expects",
            next_step="change the file by hand",
        )

    def _like(self, properties: Node, kind: str) -> Node | None:
        """The last sibling of the same type, else the last one at all, whose layout is copied."""
        maps = [value for _, value in properties.pairs if value.kind == "map" and value.pairs]
        names = {key.value: value for key, value in properties.pairs}
        same = [
            names[field.name]
            for field in self.entity.fields
            if field.type == kind and field.name in names and names[field.name] in maps
        ]
        found = same or maps
        return found[-1] if found else None

    def _first_property(self, intent: AddField, value: Pairs) -> None:
        """A schema that has no properties yet gets them at its end."""
        member = self.members[0]
        if member.kind != "map" or not member.pairs:
            raise self._not_a_map("schema")
        writer = self.writer
        required = [("required", [intent.name])] if intent.required else []
        if member.flow:
            nested = {intent.name: dict(value)}
            writer.add_members(member, [("properties", nested), *required])
            return
        column = member.pairs[0][0].column
        step = len(writer.unit())
        lines = [f"{' ' * column}properties:", f"{' ' * (column + step)}{writer.scalar(intent.name)}:"]
        lines += [
            f"{' ' * (column + 2 * step)}{writer.scalar(key)}: {writer.inline(one)}" for key, one in value
        ]
        if required:
            lines += [
                f"{' ' * column}required:",
                f"{' ' * (column + self._list_step())}- {writer.scalar(intent.name)}",
            ]
        last_key, last = member.pairs[-1]
        writer.insert_lines(max(last_key.end, writer.real_end(last)), lines)

    def _require(self, member: Node, name: str) -> None:
        required = next((one.get("required") for one in self.members if one.get("required")), None)
        if required is not None and required.items:
            self.writer.add_item(required, name)
            return
        if required is not None:
            self.writer.put(required.start, required.end, f"[{self.writer.scalar(name)}]")
            return
        if member.flow:
            self.writer.add_members(member, [("required", [name])])
            return
        pair = member.pair("properties")
        column = pair[0].column if pair else 0
        quote = pair[0].style if pair else ""
        pad = " " * column
        lines = [f"{pad}{self.writer.scalar('required', quote)}:"]
        lines += [f"{pad}{' ' * self._list_step()}- {self.writer.scalar(name)}"]
        last_key, last = member.pairs[-1]
        self.writer.insert_lines(max(last_key.end, self.writer.real_end(last)), lines)

    def _list_step(self) -> int:
        """How far the file's lists are indented below their key."""
        queue = [self.named.source.root]
        while queue:
            node = queue.pop(0)
            for key, value in node.pairs:
                if value.kind == "list" and not value.flow and value.items and value.line > key.line:
                    return max(0, value.column - key.column)
                queue.append(value)
        return 2

    def remove(self, name: str) -> None:
        properties, index = self._locate(name)
        if len(properties.pairs) == 1 and not properties.flow:
            self._empty(properties)
        else:
            self.writer.remove(properties, index)
        for member in self.members:
            self._unrequire(member, name)

    def _empty(self, properties: Node) -> None:
        """A block map that loses its last pair becomes `{}`, behind its key."""
        owner = next(one for one in self.members if one.get("properties") is properties)
        pair = owner.pair("properties")
        if pair is None:
            raise self._not_a_map("properties")
        key, _ = pair
        colon = self.writer.text.index(":", key.end) + 1
        self.writer.put(colon, colon, " {}")
        self.writer.remove(properties, 0)

    def _unrequire(self, member: Node, name: str) -> None:
        required = member.get("required")
        if required is None or name not in (required.value or ()):
            return
        if len(required.items) > 1:
            self.writer.remove(required, required.value.index(name))
            return
        index = next(i for i, (key, _) in enumerate(member.pairs) if key.value == "required")
        self.writer.remove(member, index)

    def rename(self, name: str, new_name: str) -> None:
        properties, index = self._locate(name)
        if not new_name:
            raise UsageError("a field needs a name", next_step="give the new name of the field")
        if new_name in self.flat.properties:
            raise exists(self.entity.name, new_name, self.where)
        self._replace(properties.pairs[index][0], new_name)
        for member in self.members:
            required = member.get("required")
            for item in required.items if required else ():
                if item.value == name:
                    self._replace(item, new_name)
            discriminator = member.get("discriminator")
            teller = discriminator.get("propertyName") if discriminator else None
            if teller is not None and teller.value == name:
                self._replace(teller, new_name)

    def _replace(self, node: Node, value: str) -> None:
        self.writer.put(node.start, node.end, self.writer.scalar(value, node.style))

    def retype(self, name: str, kind: str) -> None:
        properties, index = self._locate(name)
        key, value = properties.pairs[index]
        wanted = self._pairs(kind)
        if self._types(name) == kind and kind != "timestamp":
            raise UsageError(
                f"{self.entity.name}.{name} has the type {kind!r} already in {self.where}",
                next_step="choose another type",
            )
        if value.kind != "map" or (value.pairs and value.pairs[0][0].start < value.start):
            raise self._not_a_map(name)
        self._retype(properties, key, value, wanted)

    def _retype(self, properties: Node, key: Node, value: Node, wanted: Pairs) -> None:
        core = [i for i, (one, _) in enumerate(value.pairs) if not _is_kept(str(one.value))]
        if not core:
            self.writer.add_members(value, list(wanted))
            return
        self.writer.replace_members(value, core, list(wanted))

    def _types(self, name: str) -> str | None:
        return next((field.type for field in self.entity.fields if field.name == name), None)

    # --- where things are ---

    def _locate(self, name: str) -> tuple[Node, int]:
        if name not in self.flat.properties:
            raise unknown("field", name, self.flat.properties, f"{self.entity.name!r} of {self.where}")
        for member in self.members:
            properties = member.get("properties")
            for index, (key, _) in enumerate(properties.pairs if properties else ()):
                if key.value == name and properties is not None:
                    return properties, index
        owner = "/".join(self.flat.properties[name].path[:-2])
        raise UsageError(
            f"{self.entity.name!r} of {self.where} has the field {name!r} from {owner!r}",
            next_step="change it there",
        )


def _is_kept(key: str) -> bool:
    return key in KEPT or key.startswith("x-")


def _some_reference(root: Node) -> tuple[Node, Node] | None:
    """The first `$ref` of a document, breadth first."""
    queue = [root]
    for node in queue:
        found = node.pair("$ref")
        if found is not None and found[1].kind == "scalar":
            return found
        queue += [value for _, value in node.pairs] + node.items
    return None
