"""What differs between two versions of a Protocol Buffers file."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from hive.contracts.changes import Report
from hive.contracts.protobuf.carriers import Carriers
from hive.contracts.protobuf.document import ProtoDocument
from hive.contracts.protobuf.syntax import Enum, EnumValue, Field, Message, Reserved, Rpc, Service
from hive.contracts.rules.protobuf import PROTOBUF
from hive.model import Change, Direction

T = TypeVar("T")
Pair = tuple[T | None, T | None]


def compare(path: str, old: ProtoDocument, new: ProtoDocument) -> tuple[Change, ...]:
    """All changes by buf's rules, with the methods that carry what changed."""
    return _Diff(path, old, new).changes()


def _paired(old: Mapping[str, T], new: Mapping[str, T]) -> Iterator[tuple[str, T | None, T | None]]:
    for name in [*old, *(name for name in new if name not in old)]:
        yield name, old.get(name), new.get(name)


_FILE_OPTIONS = frozenset(
    {
        "go_package",
        "java_package",
        "java_multiple_files",
        "java_outer_classname",
        "csharp_namespace",
        "php_namespace",
    }
    | {"ruby_package", "swift_prefix", "objc_class_prefix", "php_class_prefix", "php_metadata_namespace"}
    | {
        "optimize_for",
        "cc_generic_services",
        "java_generic_services",
        "py_generic_services",
        "cc_enable_arenas",
    }
    | {"java_string_check_utf8"}
)


class _Diff:
    def __init__(self, path: str, old: ProtoDocument, new: ProtoDocument) -> None:
        self.report = Report(path)
        self.old = old
        self.new = new
        self.carriers = Carriers(old, new)

    def changes(self) -> tuple[Change, ...]:
        self._file()
        for full, message, other in _paired(self.old.messages, self.new.messages):
            self._message(full, message, other)
        for full, enum, other_enum in _paired(self.old.enums, self.new.enums):
            self._enum(full, enum, other_enum)
        services = ({one.full: one for one in side.file.services} for side in (self.old, self.new))
        for full, service, other_service in _paired(*services):
            self._service(full, service, other_service)
        self._extensions()
        return self.report.changes()

    def say(self, owner: str, element: str, rule: str, text: str) -> None:
        """Report a rule about something that belongs to the message, enum or service `owner`."""
        direction, affected = self.carriers.of(owner)
        found = PROTOBUF[rule]
        self.report.add(element, found, direction, f"{found.about}: {text}", affected)

    # --- the file ---

    def _file(self) -> None:
        old, new = self.old.file, self.new.file
        if old.package != new.package:
            self.say("", "package", "FILE_SAME_PACKAGE", f"{old.package or 'none'} → {new.package or 'none'}")
        if old.syntax != new.syntax:
            self.say("", "syntax", "FILE_SAME_SYNTAX", f"{old.syntax} → {new.syntax}")
        for name, before, after in _paired(old.options, new.options):
            if before != after and name != "deprecated":
                rule = "FILE_SAME_OPTION" if name in _FILE_OPTIONS else "FILE_OPTION_CHANGED"
                self.say("", f"option {name}", rule, f"{name}: {before or 'none'} → {after or 'none'}")

    def _extensions(self) -> None:
        sides = (
            {f"{one.scope}#{one.number}": one for one in side.file.extends} for side in (self.old, self.new)
        )
        for key, old, new in _paired(*sides):
            if new is None:
                self.say("", f"extend {key}", "EXTENSION_NO_DELETE", old.name if old else "")
            elif old is None:
                self.say("", f"extend {key}", "EXTENSION_ADDED", new.name)
            elif (old.name, old.type, old.label) != (new.name, new.type, new.label):
                self.say("", f"extend {key}", "EXTENSION_CHANGED", f"{old.name} → {new.name}")

    # --- messages ---

    def _message(self, full: str, old: Message | None, new: Message | None) -> None:
        if new is None:
            self.say(full, full, "MESSAGE_NO_DELETE", self.old.short(full))
            return
        if old is None:
            self.say(full, full, "MESSAGE_ADDED", self.new.short(full))
            return
        known, wanted = ({one.number: one for one in side.fields} for side in (old, new))
        for number in [*known, *(number for number in wanted if number not in known)]:
            self._field(full, known.get(number), wanted.get(number), old)
        for name in old.oneofs.keys() - new.oneofs.keys():
            self.say(full, f"{full}.{name}", "ONEOF_NO_DELETE", name)
        for name in new.oneofs.keys() - old.oneofs.keys():
            self.say(full, f"{full}.{name}", "ONEOF_ADDED", name)
        self._reserved(full, old.reserved, new.reserved, "RESERVED_MESSAGE_NO_DELETE")
        for first, last in old.extensions:
            if not _covered((first, last), new.extensions):
                self.say(full, f"{full}.{first}", "EXTENSION_MESSAGE_NO_DELETE", f"{first} to {last}")
        for first, last in new.extensions:
            if not _covered((first, last), old.extensions):
                self.say(full, f"{full}.{first}", "EXTENSION_RANGE_ADDED", f"{first} to {last}")
        self._options(full, full, "MESSAGE_OPTION_CHANGED", old.options, new.options)

    def _field(self, full: str, old: Field | None, new: Field | None, before: Message) -> None:
        if new is None:
            if old is not None:
                self.say(full, f"{full}.{old.name}", "FIELD_NO_DELETE", f"{old.name} = {old.number}")
                self._required(full, old)
            return
        element = f"{full}.{new.name}"
        if old is None:
            label = f"{new.label} " if new.label else ""
            self.say(full, element, "FIELD_ADDED", f"{label}{new.type} {new.name} = {new.number}")
            self._required(full, new)
            if before.reserved.holds(new.number) or new.name in before.reserved.names:
                self.say(full, element, "FIELD_NUMBER_REUSED", f"{new.name} = {new.number}")
            return
        self._same(full, element, old, new)

    def _required(self, full: str, field: Field) -> None:
        if field.label == "required":
            self.say(full, f"{full}.{field.name}", "MESSAGE_SAME_REQUIRED_FIELDS", field.name)

    def _same(self, full: str, element: str, old: Field, new: Field) -> None:
        if old.name != new.name:
            self.say(full, element, "FIELD_SAME_NAME", f"{old.name} → {new.name}")
        if (old.key, self._type(self.old, old)) != (new.key, self._type(self.new, new)):
            self.say(full, element, "FIELD_SAME_TYPE", f"{old.type} → {new.type}")
        if old.cardinality != new.cardinality:
            self.say(full, element, "FIELD_SAME_CARDINALITY", f"{_label(old)} → {_label(new)}")
            if "required" in (old.label, new.label):
                self.say(full, element, "MESSAGE_SAME_REQUIRED_FIELDS", new.name)
        if old.oneof != new.oneof:
            self.say(full, element, "FIELD_SAME_ONEOF", f"{old.oneof or 'none'} → {new.oneof or 'none'}")
        for name, before, after in _paired(old.options, new.options):
            if before != after:
                rule = _FIELD_OPTIONS.get(name, "FIELD_OPTION_CHANGED")
                self.say(full, element, rule, f"{name}: {before or 'none'} → {after or 'none'}")

    def _type(self, document: ProtoDocument, field: Field) -> str:
        """The type, free of the package, whose own change is another rule's business."""
        return document.short(field.resolved)

    def _reserved(self, full: str, old: Reserved, new: Reserved, rule: str) -> None:
        gone = [f"{a} to {b}" for a, b in old.ranges if not _covered((a, b), new.ranges)]
        gone += [name for name in old.names if name not in new.names]
        if gone:
            self.say(full, f"{full}.reserved", rule, ", ".join(gone))
        come = [f"{a} to {b}" for a, b in new.ranges if not _covered((a, b), old.ranges)]
        come += [name for name in new.names if name not in old.names]
        if come:
            self.say(full, f"{full}.reserved", "RESERVED_ADDED", ", ".join(come))

    def _options(
        self, owner: str, element: str, rule: str, old: Mapping[str, str], new: Mapping[str, str]
    ) -> None:
        for name, before, after in _paired(old, new):
            if before != after and name != "deprecated":
                self.say(owner, element, rule, f"{name}: {before or 'none'} → {after or 'none'}")

    # --- enums ---

    def _enum(self, full: str, old: Enum | None, new: Enum | None) -> None:
        if new is None:
            self.say(full, full, "ENUM_NO_DELETE", self.old.short(full))
            return
        if old is None:
            self.say(full, full, "ENUM_ADDED", self.new.short(full))
            return
        known, wanted = _by_number(old), _by_number(new)
        for number, values in known.items():
            self._values(full, number, values, wanted.get(number, []))
        for number, values in wanted.items():
            for value in values if number not in known else ():
                self.say(full, f"{full}.{value.name}", "ENUM_VALUE_ADDED", f"{value.name} = {number}")
                if old.reserved.holds(number) or value.name in old.reserved.names:
                    self.say(full, f"{full}.{value.name}", "FIELD_NUMBER_REUSED", f"{value.name} = {number}")
        self._reserved(full, old.reserved, new.reserved, "RESERVED_ENUM_NO_DELETE")
        self._options(full, full, "ENUM_OPTION_CHANGED", old.options, new.options)

    def _values(self, full: str, number: int, old: list[EnumValue], new: list[EnumValue]) -> None:
        names, others = {one.name: one for one in old}, {one.name: one for one in new}
        if not new:
            for name in names:
                self.say(full, f"{full}.{name}", "ENUM_VALUE_NO_DELETE", f"{name} = {number}")
        elif not names.keys() <= others.keys():
            text = f"{', '.join(sorted(names))} → {', '.join(sorted(others))}"
            self.say(full, f"{full}.{next(iter(others))}", "ENUM_VALUE_SAME_NAME", f"{text} = {number}")
        else:
            for name in others.keys() - names.keys():
                self.say(full, f"{full}.{name}", "ENUM_VALUE_ADDED", f"{name} = {number}")
        for name in names.keys() & others.keys():
            options = names[name].options, others[name].options
            self._options(full, f"{full}.{name}", "ENUM_OPTION_CHANGED", *options)

    # --- services ---

    def _service(self, full: str, old: Service | None, new: Service | None) -> None:
        if new is None:
            self._whole_service(full, "SERVICE_NO_DELETE", old)
            return
        if old is None:
            self._whole_service(full, "SERVICE_ADDED", new)
            return
        sides = ({one.name: one for one in side.rpcs} for side in (old, new))
        for name, before, after in _paired(*sides):
            self._rpc(full, f"{full}/{name}", before, after)
        self._options(full, full, "SERVICE_OPTION_CHANGED", old.options, new.options)

    def _whole_service(self, full: str, rule: str, service: Service | None) -> None:
        names = [f"{full}/{rpc.name}" for rpc in service.rpcs] if service else []
        self.report.add(full, PROTOBUF[rule], "none", f"{PROTOBUF[rule].about}: {full}", names)

    def _rpc(self, service: str, element: str, old: Rpc | None, new: Rpc | None) -> None:
        def say(rule: str, text: str, direction: Direction = "none") -> None:
            about = PROTOBUF[rule].about
            self.report.add(element, PROTOBUF[rule], direction, f"{about}: {text}", [element])

        if new is None or old is None:
            say("RPC_NO_DELETE" if new is None else "RPC_ADDED", element)
            return
        types = [
            (
                document.short(document.resolve(rpc.request, service)),
                document.short(document.resolve(rpc.response, service)),
            )
            for document, rpc in ((self.old, old), (self.new, new))
        ]
        if types[0][0] != types[1][0]:
            say("RPC_SAME_REQUEST_TYPE", f"{old.request} → {new.request}", "request")
        if types[0][1] != types[1][1]:
            say("RPC_SAME_RESPONSE_TYPE", f"{old.response} → {new.response}", "response")
        if old.client_streaming != new.client_streaming:
            say("RPC_SAME_CLIENT_STREAMING", element, "request")
        if old.server_streaming != new.server_streaming:
            say("RPC_SAME_SERVER_STREAMING", element, "response")
        for name, before, after in _paired(old.options, new.options):
            if before != after and name != "deprecated":
                rule = "RPC_SAME_IDEMPOTENCY_LEVEL" if name == "idempotency_level" else "RPC_OPTION_CHANGED"
                say(rule, f"{name}: {before or 'none'} → {after or 'none'}")


_FIELD_OPTIONS = {
    "default": "FIELD_SAME_DEFAULT",
    "json_name": "FIELD_SAME_JSON_NAME",
    "jstype": "FIELD_SAME_JSTYPE",
    "deprecated": "FIELD_DEPRECATED",
}


def _label(field: Field) -> str:
    return field.cardinality or "singular"


def _covered(one: tuple[int, int], ranges: Sequence[tuple[int, int]]) -> bool:
    """Whether every number of a range is in some of the ranges."""
    first, last = one
    for start, end in sorted(ranges):
        if start <= first <= end:
            first = end + 1
        if first > last:
            return True
    return False


def _by_number(enum: Enum) -> dict[int, list[EnumValue]]:
    found: dict[int, list[EnumValue]] = {}
    for value in enum.values:
        found.setdefault(value.number, []).append(value)
    return found
