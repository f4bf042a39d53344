"""What differs between two versions of an OpenAPI document."""

from collections.abc import Iterator, Mapping

from hive.contracts.changes import Report, Use, gather
from hive.contracts.openapi.operations import (
    Body,
    HttpOperation,
    Parameter,
    Response,
    header_schema,
    operations,
    unresolved,
)
from hive.contracts.openapi.rest import rest, uncompared
from hive.contracts.place import Place, pointer, top
from hive.contracts.rules.openapi import OPENAPI
from hive.contracts.schema.compare import Comparison, Scope
from hive.contracts.schema.entities import Named
from hive.contracts.source import Source
from hive.model import Change, Direction


def compare(path: str, old: Source, new: Source, before: Named, after: Named) -> tuple[Change, ...]:
    """All changes, in the direction in which each element travels."""
    diff = _Diff(path, old, new)
    diff.operations()
    diff.components(before, after)
    diff.whole(old, new)
    gather(diff.report, "openapi", diff.comparison, diff.uses)
    return diff.report.changes()


class _Diff:
    def __init__(self, path: str, old: Source, new: Source) -> None:
        self.report = Report(path)
        self.comparison = Comparison()
        self.uses: list[Use] = []
        self.old = {operation.key: operation for operation in operations(old)}
        self.new = {operation.key: operation for operation in operations(new)}

    def operations(self) -> None:
        """Operations that came, went or stayed."""
        for key, operation in self.old.items():
            if key not in self.new:
                self._removed(operation)
            else:
                both = _Both(self, operation, self.new[key])
                both.compare()
                self.uses.append(Use(self.new[key].name, both.scope))
        for key, operation in self.new.items():
            if key not in self.old:
                self.say(operation.place, "endpoint-added", operation.name, operation)

    def say(self, place: Place, rule: str, text: str, operation: HttpOperation | None = None) -> None:
        """Report a rule that is not about schemas."""
        if operation and operation.outgoing and "none" not in OPENAPI[rule].severity:
            # The provider calls here, so the rule's severity is that of the wrong side.
            rule, text = "webhook-changed", f"{OPENAPI[rule].about}: {text}"
        found = OPENAPI[rule]
        direction: Direction = next(iter(found.severity))
        affected = (operation.name,) if operation else ()
        self.report.at(place, found, direction, f"{found.about}: {text}" if text else found.about, affected)

    def _removed(self, operation: HttpOperation) -> None:
        path_stays = any(key[0::2] == operation.key[0::2] for key in self.new)
        rule = "api-removed" if path_stays else "api-path-removed"
        deprecated = "with" if operation.deprecated else "without"
        self.say(operation.place, f"{rule}-{deprecated}-deprecation", operation.name, operation)

    def components(self, before: Named, after: Named) -> None:
        """Named schemas that came or went, and those that no operation uses."""
        direction: Direction = "none" if self.old or self.new else "both"
        used = {key.new for key in self.comparison.scopes}
        rest = Scope()
        for name, place in before.places.items():
            if name not in after.places:
                rule = OPENAPI["api-schema-removed"]
                self.report.at(place, rule, direction, f"{rule.about}: {name}")
        for name, place in after.places.items():
            if name not in before.places:
                rule = OPENAPI["api-schema-added"]
                self.report.at(place, rule, direction, f"{rule.about}: {name}", self._carriers(after, name))
            elif place.path not in used:
                self.comparison.compare(rest, before.places[name], place, direction, "property")
        self.uses.append(Use(None, Scope(rest.findings)))
        self.uses += [
            Use(None, scope) for key, scope in self.comparison.scopes.items() if key.direction == direction
        ]

    def _carriers(self, named: Named, name: str) -> Iterator[str]:
        for operation in self.new.values():
            if name in named.carried([*request_schemas(operation), *response_schemas(operation)]):
                yield operation.name

    def whole(self, old: Source, new: Source) -> None:
        """What concerns the document as a whole."""
        if rest(top(old.value), "document") != rest(top(new.value), "document"):
            self.say(top(new.value), "api-keyword-changed", "at the root")
        for key in ("servers", "host", "basePath", "schemes"):
            before, after = top(old.value).child(key), top(new.value).child(key)
            if (before and before.value) != (after and after.value):
                self.say(after or before or top(new.value), "api-servers-changed", key)
        schemes: tuple[tuple[str, ...], ...] = (("components", "securitySchemes"), ("securityDefinitions",))
        for keys in schemes:
            known, wanted = ({p.name: p for p in top(side.value).children(*keys)} for side in (old, new))
            for name, place in known.items():
                other = wanted.get(name)
                if other is None or place.value != other.value:
                    self.say(other or place, "api-security-component-changed", name)


def request_schemas(operation: HttpOperation) -> list[Place]:
    """Schemas that travel to the one who is called."""
    found = [parameter.schema for parameter in operation.parameters.values() if parameter.schema]
    return found + (list(operation.body.media.values()) if operation.body else [])


def response_schemas(operation: HttpOperation) -> list[Place]:
    """Schemas that travel back."""
    return [schema for response in operation.responses.values() for schema in response.media.values()]


class _Both:
    """One operation in both versions."""

    def __init__(self, diff: _Diff, old: HttpOperation, new: HttpOperation) -> None:
        self.diff = diff
        self.old = old
        self.new = new
        self.scope = Scope()
        self.request: Direction = "response" if new.outgoing else "request"
        self.response: Direction = "request" if new.outgoing else "response"

    def compare(self) -> None:
        self._operation()
        self._security()
        for key in self.old.parameters.keys() | self.new.parameters.keys():
            self._parameter(self.old.parameters.get(key), self.new.parameters.get(key))
        self._body(self.old.body, self.new.body)
        for status in self.old.responses.keys() | self.new.responses.keys():
            self._status(status, self.old.responses.get(status), self.new.responses.get(status))
        self._references()

    def say(self, place: Place, rule: str, text: str) -> None:
        self.diff.say(place, rule, text, self.new)

    def _schemas(self, old: Place, new: Place, direction: Direction, subject: str) -> None:
        self.diff.comparison.compare(self.scope, old, new, direction, subject)  # type: ignore[arg-type]

    def _operation(self) -> None:
        if self.old.deprecated != self.new.deprecated:
            rule = "endpoint-deprecated" if self.new.deprecated else "endpoint-reactivated"
            self.say(self.new.place, rule, self.new.name)
        if self.old.place.map.get("servers") != self.new.place.map.get("servers"):
            self.say(self.new.place, "api-servers-changed", self.new.name)
        for place, keyword in uncompared(self.old, self.new):
            self.say(place, "api-keyword-changed", keyword)
        before, after = self.old.place.map.get("operationId"), self.new.place.map.get("operationId")
        if before != after:
            self.say(self.new.place, "api-operation-id-changed", f"{before} → {after}")

    def _security(self) -> None:
        before, after = _security(self.old.place), _security(self.new.place)
        if before == after:
            return
        free_before, free_after = not before or frozenset() in before, not after or frozenset() in after
        if free_before and not free_after:
            self.say(self.new.place, "api-security-added", self.new.name)
        elif free_after or before < after:
            self.say(self.new.place, "api-security-relaxed", self.new.name)
        else:
            self.say(self.new.place, "api-security-removed", self.new.name)

    def _references(self) -> None:
        known = {pointer(place.path): place.ref for place in unresolved(self.old)}
        for place in unresolved(self.new):
            local = (place.ref or "").startswith("#")
            if local or known.get(pointer(place.path)) != place.ref:
                self.say(place, "api-reference-changed", place.ref or "")

    def _parameter(self, old: Parameter | None, new: Parameter | None) -> None:
        if new is None:
            if old is not None:
                self.say(old.place, "request-parameter-removed", f"{old.location} {old.name}")
            return
        text = f"{new.location} {new.name}"
        if old is None:
            needed = (
                "new-request-path-parameter" if new.location == "path" else "new-required-request-parameter"
            )
            self.say(new.place, needed if new.required else "new-optional-request-parameter", text)
            return
        if old.required != new.required:
            now = "required" if new.required else "optional"
            self.say(new.place, f"request-parameter-became-{now}", text)
        if bool(old.place.map.get("deprecated")) != bool(new.place.map.get("deprecated")):
            now = "deprecated" if new.place.map.get("deprecated") else "reactivated"
            self.say(new.place, f"request-parameter-{now}", text)
        if _serialization(old) != _serialization(new):
            self.say(new.place, "request-parameter-serialization-changed", text)
        if old.schema or new.schema:
            anything = Place(new.place.root, new.place.path, {})
            self._schemas(old.schema or anything, new.schema or anything, self.request, "parameter")

    def _body(self, old: Body | None, new: Body | None) -> None:
        if new is None:
            if old is not None:
                self.say(old.place, "request-body-removed", self.new.name)
            return
        if old is None:
            needed = "required" if new.required else "optional"
            self.say(new.place, f"request-body-added-{needed}", self.new.name)
            return
        if old.required != new.required:
            now = "required" if new.required else "optional"
            self.say(new.place, f"request-body-became-{now}", self.new.name)
        if _encodings(old) != _encodings(new):
            self.say(new.place, "request-body-encoding-changed", self.new.name)
        self._media("request-body-media-type", new.place, old.media, new.media, self.request)

    def _media(
        self,
        rule: str,
        place: Place,
        old: Mapping[str, Place],
        new: Mapping[str, Place],
        direction: Direction,
    ) -> None:
        for name in old.keys() | new.keys():
            if name in old and name in new:
                self._schemas(old[name], new[name], direction, "body")
            else:
                self.say(place, f"{rule}-{'added' if name in new else 'removed'}", name)

    def _status(self, status: str, old: Response | None, new: Response | None) -> None:
        success = "success" if status[:1] in ("2", "3") or status == "default" else "non-success"
        text = f"{self.new.name} {status}"
        if old is not None and new is not None:
            self._media("response-media-type", new.place, old.media, new.media, self.response)
            for name in old.headers.keys() | new.headers.keys():
                self._header(name, new, old.headers.get(name), new.headers.get(name))
        elif new is not None:
            self.say(new.place, f"response-{success}-status-added", text)
        elif old is not None:
            self.say(old.place, f"response-{success}-status-removed", text)

    def _header(self, name: str, owner: Response, old: Place | None, new: Place | None) -> None:
        if new is None:
            if old is not None:
                sure = "required" if old.map.get("required") is True else "optional"
                self.say(old, f"{sure}-response-header-removed", name)
            return
        if old is None:
            self.say(new, "response-header-added", name)
            return
        if (old.map.get("required") is True) != (new.map.get("required") is True):
            now = "required" if new.map.get("required") is True else "optional"
            self.say(new, f"response-header-became-{now}", name)
        before, after = header_schema(old), header_schema(new)
        if before or after:
            anything = Place(new.root, new.path, {})
            self._schemas(before or anything, after or anything, self.response, "header")


def _security(place: Place) -> frozenset[frozenset[str]]:
    """The alternatives that let a caller in, each a set of scheme and scope."""
    listed = place.map.get("security", place.root.get("security"))
    if not isinstance(listed, list):
        return frozenset()
    return frozenset(
        frozenset(f"{name} {scope}" for name, scopes in one.items() for scope in (scopes or [""]))
        for one in listed
        if isinstance(one, dict)
    )


def _serialization(parameter: Parameter) -> tuple[object, ...]:
    value = parameter.place.map
    style = value.get("style", "form" if parameter.location in ("query", "cookie") else "simple")
    content = tuple(one.name for one in parameter.place.children("content"))
    collection = value.get("collectionFormat", "csv")
    return (
        style,
        value.get("explode", style == "form"),
        value.get("allowReserved", False),
        value.get("allowEmptyValue", False),
        collection,
        content,
    )


def _encodings(body: Body) -> list[object]:
    return [one.map.get("encoding") for one in body.place.children("content")]
