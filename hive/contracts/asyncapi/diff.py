"""What differs between two versions of an AsyncAPI document."""

from hive.contracts.asyncapi.operations import EventOperation, Message, operations, schema_format
from hive.contracts.changes import Report, Use, gather
from hive.contracts.place import Place, top
from hive.contracts.rules.asyncapi import ASYNCAPI
from hive.contracts.schema.closure import canonical, closure
from hive.contracts.schema.compare import Comparison, Scope
from hive.contracts.schema.entities import Named
from hive.contracts.source import Source
from hive.model import Change, Direction


def compare(path: str, old: Source, new: Source, before: Named, after: Named) -> tuple[Change, ...]:
    """All changes, in the direction in which each message travels."""
    diff = _Diff(path, old, new)
    diff.operations()
    diff.components(before, after)
    diff.whole(old, new)
    gather(diff.report, "asyncapi", diff.comparison, diff.uses)
    return diff.report.changes()


class _Diff:
    def __init__(self, path: str, old: Source, new: Source) -> None:
        self.report = Report(path)
        self.comparison = Comparison()
        self.uses: list[Use] = []
        self.payloads: set[tuple[str, ...]] = set()
        self.old = {_key(operation): operation for operation in operations(old)}
        self.new = {_key(operation): operation for operation in operations(new)}

    def say(self, place: Place, rule: str, text: str, *affected: str) -> None:
        """Report a rule that is not about schemas."""
        found = ASYNCAPI[rule]
        direction: Direction = next(iter(found.severity))
        self.report.at(place, found, direction, f"{found.about}: {text}", affected)

    def operations(self) -> None:
        """Operations that came, went or stayed."""
        for key, operation in self.old.items():
            if key not in self.new:
                self.say(operation.place, "operation-removed", operation.name, operation.name)
            else:
                self._both(operation, self.new[key])
        for key, operation in self.new.items():
            if key not in self.old:
                self.say(operation.place, "operation-added", operation.name, operation.name)

    def _both(self, old: EventOperation, new: EventOperation) -> None:
        scope = Scope()
        if old.address != new.address:
            self.say(new.place, "channel-address-changed", f"{old.address} → {new.address}", new.name)
        if _rest(old.place) != _rest(new.place):
            self.say(new.place, "message-unreadable", "the operation", new.name)
        verb = "sent" if new.sends else "received"
        for name in old.messages.keys() | new.messages.keys():
            before, after = old.messages.get(name), new.messages.get(name)
            if before and after:
                self._message(scope, before, after, new)
            elif after:
                self.say(after.place, f"{verb}-message-added", name, new.name)
            elif before:
                self.say(before.place, f"{verb}-message-removed", name, new.name)
        self.uses.append(Use(new.name, scope))

    def _message(self, scope: Scope, old: Message, new: Message, operation: EventOperation) -> None:
        direction: Direction = "response" if operation.sends else "request"
        before, after = old.place.map.get("contentType"), new.place.map.get("contentType")
        if before != after:
            self.say(new.place, "message-content-type-changed", f"{before} → {after}", operation.name)
        if schema_format(old.place) or schema_format(new.place):
            if old.place.value != new.place.value:
                self.say(
                    new.place, "message-unreadable", schema_format(new.place) or "payload", operation.name
                )
            return
        for keyword in ("bindings", "correlationId", "traits"):
            was, now = old.place.child(keyword), new.place.child(keyword)
            if (was and canonical(closure(was))) != (now and canonical(closure(now))):
                self.say(new.place, "message-unreadable", keyword, operation.name)
        if new.place.ref is not None and (new.place.ref.startswith("#") or old.place.ref != new.place.ref):
            self.say(new.place, "message-unreadable", new.place.ref, operation.name)
        for one, other in ((old.payload, new.payload), (old.headers, new.headers)):
            anything = Place(new.place.root, new.place.path, {})
            if one is not None or other is not None:
                self.payloads.add((other or anything).path)
                self.comparison.compare(scope, one or anything, other or anything, direction, "body")

    def whole(self, old: Source, new: Source) -> None:
        """What the document says about servers, and about channels beside their operations and messages."""
        before, after = top(old.value), top(new.value)
        if before.map.get("servers") != after.map.get("servers"):
            self.say(after, "message-unreadable", "servers")
        known = {place.name: place for place in before.children("channels")}
        for place in after.children("channels"):
            for keyword in ("parameters", "bindings", "servers"):
                was, now = known.get(place.name, place).child(keyword), place.child(keyword)
                if (was and canonical(closure(was))) != (now and canonical(closure(now))):
                    self.say(place, "message-unreadable", keyword)

    def components(self, before: Named, after: Named) -> None:
        """Named schemas that came or went, and those that no operation carries."""
        direction: Direction = "none" if self.old or self.new else "both"
        used = {key.new for key in self.comparison.scopes}
        rest = Scope()
        for name, place in before.places.items():
            if name not in after.places:
                self.report.at(place, ASYNCAPI["component-schema-removed"], direction, f"{name} is gone")
        for name, place in after.places.items():
            if name not in before.places:
                self.report.at(place, ASYNCAPI["component-schema-added"], direction, f"{name} is new")
            elif place.path not in used | self.payloads:
                self.comparison.compare(rest, before.places[name], place, direction, "property")
        self.uses.append(Use(None, Scope(rest.findings)))
        self.uses += [
            Use(None, scope) for key, scope in self.comparison.scopes.items() if key.direction == direction
        ]


_COMPARED = frozenset({"message", "messages", "channel", "action", "operationId", "title"})
_NOTES = frozenset({"summary", "description", "tags", "externalDocs"})


def _rest(place: Place) -> dict[str, str]:
    """What an operation says beside its messages, such as bindings, replies and security."""
    left = [key for key in place.map if key not in _COMPARED | _NOTES and not key.startswith("x-")]
    return {key: canonical(closure(found)) for key in left if (found := place.child(key))}


def _key(operation: EventOperation) -> tuple[str, ...]:
    return operation.place.path
