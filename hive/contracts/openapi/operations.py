"""The operations of an OpenAPI 3.x or Swagger 2.0 document, both in one shape."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from hive.contracts.place import Place, resolve, top
from hive.contracts.source import Source

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_TEMPLATE = re.compile(r"\{([^{}]*)\}")
_NOT_SCHEMA = frozenset({"in", "name", "required", "description", "collectionFormat", "allowEmptyValue"})


class Parameter(NamedTuple):
    """A parameter of a request."""

    place: Place
    location: str
    name: str
    required: bool
    schema: Place | None


class Body(NamedTuple):
    """What a request carries, by media type."""

    place: Place
    required: bool
    media: dict[str, Place]
    """Schemas; a media type without one has the empty schema."""


class Response(NamedTuple):
    """What one status code answers, by media type."""

    place: Place
    media: dict[str, Place]
    headers: dict[str, Place]


class HttpOperation(NamedTuple):
    """One method of one path."""

    name: str
    key: tuple[str, str, str]
    """Where it stands (`paths`, `webhooks` or a callback), the method, and the path with nameless parameters."""
    place: Place
    parameters: dict[tuple[str, str], Parameter]
    body: Body | None
    responses: dict[str, Response]

    @property
    def outgoing(self) -> bool:
        """Whether the provider calls: a webhook or a callback."""
        return self.key[0] != "paths"

    @property
    def deprecated(self) -> bool:
        """Whether callers were told that it will go."""
        return self.place.map.get("deprecated") is True


def operations(source: Source) -> Iterator[HttpOperation]:
    """Every operation, in the order of the file; callbacks follow the operation that registers them."""
    root = top(source.value)
    for item in root.children("paths"):
        if item.name.startswith("/"):
            yield from _of_path(item, "paths", item.name, item.name)
    for item in root.children("webhooks"):
        yield from _of_path(item, "webhooks", item.name, f"webhook {item.name}")


def _of_path(item: Place, group: str, template: str, label: str) -> Iterator[HttpOperation]:
    path = resolve(item) or item
    for method in METHODS:
        place = path.child(method)
        if place is None or not isinstance(place.value, dict):
            continue
        key = (group, method, _TEMPLATE.sub("{}", template))
        operation = _operation(f"{method.upper()} {label}", key, template, path, place)
        yield operation
        for callback in place.children("callbacks"):
            for target in (resolve(callback) or callback).children():
                inner = f"callback {callback.name} of {operation.name}"
                yield from _of_path(target, f"callback {operation.key}", target.name, inner)


def _operation(
    name: str, key: tuple[str, str, str], template: str, path: Place, place: Place
) -> HttpOperation:
    listed = [resolve(one) or one for one in (*path.children("parameters"), *place.children("parameters"))]
    body = next((one for one in listed if one.map.get("in") == "body"), None)
    parameters = {}
    for one in listed:
        parameter = _parameter(one)
        if parameter.location != "body":
            parameters[_parameter_key(parameter, template)] = parameter
    return HttpOperation(
        name,
        key,
        place,
        parameters,
        _swagger_body(place, body) if body else _body(place),
        {one.name: _response(place, one.name, resolve(one) or one) for one in place.children("responses")},
    )


def _parameter_key(parameter: Parameter, template: str) -> tuple[str, str]:
    # Clients never send the name of a path parameter, only its position.
    names = _TEMPLATE.findall(template)
    if parameter.location == "path" and parameter.name in names:
        return "path", f"#{names.index(parameter.name)}"
    name = parameter.name.lower() if parameter.location == "header" else parameter.name
    return parameter.location, name


def _parameter(place: Place) -> Parameter:
    value = place.map
    schema = place.child("schema")
    if schema is None:
        media = place.children("content")
        schema = media[0].child("schema") if media else _itself(place)
    return Parameter(
        place, str(value.get("in", "")), str(value.get("name", "")), value.get("required") is True, schema
    )


def _itself(place: Place) -> Place | None:
    """Swagger 2.0 writes the type of a parameter or header right into it."""
    value = {k: v for k, v in place.map.items() if k not in _NOT_SCHEMA}
    return Place(place.root, place.path, value) if "type" in value else None


def _schema(place: Place) -> Place:
    return place.child("schema") or Place(place.root, place.path, {})


def _body(place: Place) -> Body | None:
    found = place.child("requestBody")
    if found is None:
        return None
    body = resolve(found) or found
    media = {one.name: _schema(one) for one in body.children("content")}
    return Body(body, body.map.get("required") is True, media)


def _listed(place: Place, key: str) -> list[str]:
    names = place.map.get(key, place.root.get(key))
    return [str(name) for name in names] if isinstance(names, list) and names else ["*/*"]


def _swagger_body(place: Place, body: Place) -> Body:
    media = dict.fromkeys(_listed(place, "consumes"), _schema(body))
    return Body(body, body.map.get("required") is True, media)


def _response(operation: Place, status: str, place: Place) -> Response:
    media = {one.name: _schema(one) for one in place.children("content")}
    if place.child("schema") is not None:
        media = dict.fromkeys(_listed(operation, "produces"), _schema(place))
    headers = {one.name.lower(): resolve(one) or one for one in place.children("headers")}
    return Response(place, media, headers)


def header_schema(header: Place) -> Place | None:
    """The schema of a response header."""
    return header.child("schema") or _itself(header)


def unresolved(operation: HttpOperation) -> Iterator[Place]:
    """Parts of an operation that stand for something outside this file, or for nothing."""
    parts = [one.place for one in operation.parameters.values()]
    parts += [operation.body.place] if operation.body else []
    for response in operation.responses.values():
        parts += [response.place, *response.headers.values()]
    yield from (part for part in parts if part.ref is not None)
