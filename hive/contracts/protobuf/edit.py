"""Adding, removing, renaming and retyping a field of a message, touching nothing else of the text."""

import re
from typing import assert_never

from hive.contracts.names import exists, unknown
from hive.contracts.protobuf.document import SCALARS, ProtoDocument
from hive.contracts.protobuf.syntax import MAX_NUMBER, Field, Message
from hive.contracts.textedit import Edit, apply, indent_of, line_end, line_start, newline, next_line
from hive.errors import UsageError
from hive.model import AddField, Intent, RemoveField, RenameField, RetypeField

_NAME = re.compile(r"[A-Za-z_]\w*\Z", re.ASCII)
_RESERVED_BY_PROTOC = (19_000, 19_999)
_PLAIN = {"string": "string", "number": "double", "boolean": "bool"}
_TIMESTAMP = "google.protobuf.Timestamp"
_TIMESTAMP_FILE = "google/protobuf/timestamp.proto"


def edit_file(document: ProtoDocument, intent: Intent) -> str:
    """The whole new text. Raises UsageError when the intent does not fit what is there."""
    edit = _ProtoEdit(document, intent.entity)
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
    return apply(document.text, edit.edits)


class _ProtoEdit:
    def __init__(self, document: ProtoDocument, entity: str) -> None:
        self.document = document
        self.text = document.text
        self.newline = newline(document.text)
        self.message = self._find(entity)
        self.edits: list[Edit] = []

    def _find(self, entity: str) -> Message:
        for message in self.document.messages.values():
            if entity in (self.document.short(message.full), message.full):
                return message
        names = (entity.name for entity in self.document.entities())
        raise unknown("entity", entity, names, self.document.path)

    def _field(self, name: str) -> Field:
        field = self.message.field(name)
        if field is None:
            where = f"{self.message.full!r} of {self.document.path}"
            raise unknown("field", name, (one.name for one in self.message.fields), where)
        return field

    def _free(self, name: str) -> None:
        """Raise unless a new field may have this name."""
        if not _NAME.match(name):
            raise UsageError(
                f"{name!r} is not a name for a Protocol Buffers field",
                next_step="use letters, digits and underscores, such as loyalty_points",
            )
        taken = {*self.message.oneofs, *(one.name for one in self.message.fields)}
        if name in taken:
            raise exists(self.message.full, name, self.document.path)
        if name in self.message.reserved.names:
            raise UsageError(
                f"{self.message.full!r} in {self.document.path} reserves the name {name!r}",
                next_step="choose another name: an old field had it",
            )

    # --- intents ---

    def add(self, intent: AddField) -> None:
        self._free(intent.name)
        declared = self._type(intent.type)
        if intent.required and self.document.file.syntax == "proto2" and "repeated" not in declared:
            declared = f"required {declared}"
        elif self.document.file.syntax == "proto2" and "repeated" not in declared:
            declared = f"optional {declared}"
        line = f"{declared} {intent.name} = {self._next_number()};"
        plain = [one for one in self.message.fields if one.oneof is None]
        if plain:
            self._behind(plain[-1], line)
        else:
            self._into_empty(line)

    def _behind(self, last: Field, line: str) -> None:
        start, end = last.span
        if self.text[line_start(self.text, start) : start].strip():
            self.edits.append(Edit(end, end, f" {line}"))  # several fields on one line
            return
        stop = line_end(self.text, end)
        if "}" in self.text[end:stop].split("//")[0]:
            stop = end
        indent = indent_of(self.text, start)
        self.edits.append(Edit(stop, stop, f"{self.newline}{indent}{line}"))

    def _into_empty(self, line: str) -> None:
        start, end = self.message.body
        outer = indent_of(self.text, start)
        indent = outer + self._unit()
        body = self.text[start:end]
        if not body.strip():
            self.edits.append(Edit(start, end, f"{self.newline}{indent}{line}{self.newline}{outer}"))
            return
        if "\n" not in body:
            self.edits.append(Edit(end, end, f"{line} " if body.endswith(" ") else f" {line} "))
            return
        stop = line_start(self.text, end)
        self.edits.append(Edit(stop, stop, f"{indent}{line}{self.newline}"))

    def _unit(self) -> str:
        """One step of indentation, as the file's fields have it."""
        for message in self.document.file.messages:
            for field in message.fields:
                if indent := indent_of(self.text, field.span[0]):
                    return indent
        return "  "

    def remove(self, name: str) -> None:
        field = self._field(name)
        if field.oneof is not None and len([f for f in self.message.fields if f.oneof == field.oneof]) == 1:
            raise UsageError(
                f"{name!r} is the only field of the oneof {field.oneof!r} in {self.message.full!r}",
                next_step="remove the whole oneof by hand",
            )
        quoted = name if self.document.file.syntax.startswith("edition") else f'"{name}"'
        lines = [f"reserved {field.number};", f"reserved {quoted};"]
        start, end = field.span
        first, stop = line_start(self.text, start), line_end(self.text, end)
        alone = not self.text[first:start].strip() and not _code(self.text[end:stop])
        if alone and field.oneof is None:
            indent = indent_of(self.text, start)
            self.edits.append(Edit(start, stop, f"{self.newline}{indent}".join(lines)))
            return
        if alone:
            self.edits.append(Edit(first, next_line(self.text, end), ""))
        else:
            self.edits.append(Edit(start, end + (self.text[end : end + 1] == " "), ""))
        self._reserve(lines)

    def _reserve(self, lines: list[str]) -> None:
        start, _ = self.message.body
        if "\n" not in self.text[slice(*self.message.body)]:
            self.edits.append(Edit(start, start, " " + " ".join(lines)))
            return
        indent = indent_of(self.text, start) + self._unit()
        self.edits.append(Edit(start, start, "".join(f"{self.newline}{indent}{line}" for line in lines)))

    def rename(self, name: str, new_name: str) -> None:
        field = self._field(name)
        self._free(new_name)
        self.edits.append(Edit(*field.name_span, new_name))

    def retype(self, name: str, kind: str) -> None:
        field = self._field(name)
        declared = self._type(kind, but=field)
        if self.document.type_word(field) == kind:
            raise UsageError(
                f"{self.message.full}.{name} has the type {kind!r} already in {self.document.path}",
                next_step="choose another type",
            )
        if field.oneof is not None and declared.startswith(("repeated ", "map<")):
            raise UsageError(
                f"{name!r} is part of the oneof {field.oneof!r} in {self.message.full!r}: it cannot hold {kind!r}",
                next_step="choose a single value's type",
            )
        start, end = field.type_span
        if field.label == "repeated" and not declared.startswith("repeated "):
            start = field.span[0]
            declared = f"optional {declared}" if self.document.file.syntax == "proto2" else declared
        elif declared.startswith(("repeated ", "map<")):
            start = field.span[0]
        self.edits.append(Edit(start, end, declared))

    # --- numbers and types ---

    def _next_number(self) -> int:
        message = self.message
        number = max((one.number for one in message.fields), default=0) + 1
        low, high = _RESERVED_BY_PROTOC
        while message.reserved.holds(number) or low <= number <= high or self._extended(number):
            number += 1
        if number > MAX_NUMBER:
            raise UsageError(
                f"{message.full!r} in {self.document.path} has no free field number after its last one",
                next_step="free a number by hand",
            )
        return number

    def _extended(self, number: int) -> bool:
        return any(first <= number <= last for first, last in self.message.extensions)

    def _type(self, kind: str, but: Field | None = None) -> str:
        """A type of Protocol Buffers for one of hive's words."""
        if kind == "integer":
            return self._integer(but)
        if kind in _PLAIN:
            return _PLAIN[kind]
        if kind == "array":
            return "repeated string"
        if kind.endswith("[]"):
            return f"repeated {self._item(kind.removesuffix('[]'))}"
        if kind == "object":
            return "map<string, string>"
        if kind == "timestamp":
            return self._timestamp()
        if kind in SCALARS:
            return kind
        names = {**self.document.messages, **self.document.enums}
        for full in names:
            if kind in (full, self.document.short(full)):
                return self._reference(full)
        words = ("string", "integer", "number", "boolean", "array", "object", "timestamp")
        raise unknown("type", kind, (*words, *map(self.document.short, names)), self.document.path)

    def _item(self, kind: str) -> str:
        if kind in ("array", "object") or kind.endswith("[]"):
            raise UsageError(
                f"Protocol Buffers have no list of {kind!r}, wanted in {self.document.path}",
                next_step="describe an item as a message of its own, and say a list of that",
            )
        return self._type(kind)

    def _reference(self, full: str) -> str:
        """The shortest way to name a type here."""
        name = full.rpartition(".")[2]
        for candidate in (name, self.document.short(full), full):
            if self.document.resolve(candidate, self.message.full) == full:
                return candidate
        return f".{full}"

    def _integer(self, but: Field | None) -> str:
        """The type that all other whole numbers of the message have, else the widest."""
        others = (one.value_type for one in self.message.fields if one is not but)
        used = {name for name in others if SCALARS.get(name) == "integer"}
        return used.pop() if len(used) == 1 else "int64"

    def _timestamp(self) -> str:
        if _TIMESTAMP_FILE not in self.document.file.imports:
            self._import(_TIMESTAMP_FILE)
        return _TIMESTAMP

    def _import(self, file: str) -> None:
        """A new import behind the last one, else behind the package or the syntax, else first."""
        line = f'import "{file}";'
        end = self.document.file.head.get("import")
        if end is not None:
            stop = line_end(self.text, end)
            self.edits.append(Edit(stop, stop, f"{self.newline}{line}"))
            return
        end = self.document.file.head.get("package", self.document.file.head.get("syntax"))
        stop = line_end(self.text, end) if end is not None else 0
        text = f"{self.newline}{self.newline}{line}" if end is not None else f"{line}{self.newline}"
        self.edits.append(Edit(stop, stop, text))


def _code(rest: str) -> str:
    """What stands behind a declaration on its line, apart from a comment."""
    return re.sub(r"/\*.*?\*/", "", rest).split("//")[0].strip()
