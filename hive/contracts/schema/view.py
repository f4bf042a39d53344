"""A schema as one flat value: references followed, allOf merged, dialects evened out."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hive.contracts.node import Json
from hive.contracts.place import Place, is_local, resolve, target
from hive.contracts.schema.closure import canonical, closure

MAX_MERGED = 200
ANNOTATIONS = frozenset(
    {
        "title",
        "description",
        "example",
        "examples",
        "externalDocs",
        "$comment",
        "$schema",
        "$id",
        "id",
        "$anchor",
    }
    | {"$defs", "definitions", "summary", "name"}
)
LIMITS = {
    "maximum": "max",
    "exclusiveMaximum": "exclusive-max",
    "maxLength": "max-length",
    "maxItems": "max-items",
    "maxProperties": "max-properties",
    "minimum": "min",
    "exclusiveMinimum": "exclusive-min",
    "minLength": "min-length",
    "minItems": "min-items",
    "minProperties": "min-properties",
}
Number = int | float


@dataclass
class View:
    """What a schema asks for, with the places where it asks for it."""

    place: Place
    types: frozenset[str] | None = None
    """Without `null`; none is any type."""
    nullable: bool | None = None
    """None where any type is allowed, so that null is too."""
    format: str | None = None
    enum: dict[str, Json] | None = None
    limits: dict[str, Number] = field(default_factory=dict)
    multiple_of: Number | None = None
    unique_items: bool = False
    patterns: frozenset[str] = frozenset()
    properties: dict[str, Place] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    items: Place | None = None
    closed: bool = False
    additional: Place | None = None
    unions: dict[str, list[Place]] = field(default_factory=dict)
    discriminator: dict[str, Json] = field(default_factory=dict)
    default: str | None = None
    deprecated: bool = False
    read_only: bool = False
    write_only: bool = False
    opaque: dict[str, str] = field(default_factory=dict)
    """Keywords that hive cannot compare, with all that they refer to."""
    remote: frozenset[str] = frozenset()
    """References out of this file."""
    unresolved: frozenset[str] = frozenset()
    """References that should lead somewhere in this file and do not."""

    @property
    def is_object(self) -> bool:
        """Whether it describes objects with named properties."""
        return self.types is not None and "object" in self.types


def view(place: Place) -> View:
    """The flat view of the schema at a place."""
    flat = View(resolve(place) or place)
    _Merge(flat).absorb(place)
    if flat.place.ref is not None and is_local(flat.place.ref):
        flat.unresolved |= {flat.place.ref}  # a circle of references
    _even_out(flat)
    return flat


class _Merge:
    def __init__(self, flat: View) -> None:
        self.flat = flat
        self.seen: set[tuple[str, ...]] = set()

    def absorb(self, place: Place) -> None:
        queue = [place]
        while queue:
            one = queue.pop(0)
            if one.path in self.seen or len(self.seen) > MAX_MERGED:
                continue
            self.seen.add(one.path)
            queue = [*self._reference(one), *one.children("allOf"), *queue]
            self._own(one)

    def _reference(self, place: Place) -> list[Place]:
        if place.ref is None:
            return []
        found = target(place)
        if found is not None:
            return [found]
        if is_local(place.ref):
            self.flat.unresolved |= {place.ref}
        else:
            self.flat.remote |= {place.ref}
        return []

    def _own(self, place: Place) -> None:
        if place.value is False:
            self.flat.opaque["false"] = "false"
        for keyword, value in place.map.items():
            absorb = _KEYWORDS.get(keyword)
            if absorb is not None:
                absorb(self.flat, place, value)
            elif keyword in LIMITS:
                _limit(self.flat, keyword, value)
            elif keyword not in ANNOTATIONS and not keyword.startswith("x-"):
                _opaque(self.flat, place, keyword)


def _opaque(flat: View, place: Place, keyword: str) -> None:
    found = place.child(keyword)
    text = canonical(closure(found)) if found else ""
    flat.opaque[keyword] = flat.opaque.get(keyword, "") + text


def _types(flat: View, place: Place, value: Json) -> None:
    names = frozenset(str(name) for name in value) if isinstance(value, list) else frozenset({str(value)})
    nullable = "null" in names or place.map.get("nullable") is True
    flat.nullable = nullable if flat.nullable is None else flat.nullable and nullable
    names -= {"null"}
    flat.types = names if flat.types is None else flat.types & names or names


def _enum(flat: View, _: Place, value: Json) -> None:
    values = {canonical(one): one for one in value} if isinstance(value, list) else {}
    flat.enum = values if flat.enum is None else {k: v for k, v in flat.enum.items() if k in values}


def _const(flat: View, place: Place, value: Json) -> None:
    _enum(flat, place, [value])


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _limit(flat: View, keyword: str, value: Json) -> None:
    name = LIMITS[keyword]
    if value is True:  # OpenAPI 3.0 and JSON Schema draft 4: the neighbour is exclusive
        flat.limits[name] = float("nan")
    elif _is_number(value):
        known = flat.limits.get(name)
        pick: Callable[[Number, Number], Number] = min if keyword.lower().find("max") >= 0 else max
        flat.limits[name] = value if known is None else pick(known, value)


def _properties(flat: View, place: Place, _: Json) -> None:
    for child in place.children("properties"):
        known = flat.properties.get(child.name)
        if known is not None and known.path != child.path:
            child = Place(child.root, child.path, {"allOf": [known.value, child.value]})
        flat.properties[child.name] = child


def _required(flat: View, _: Place, value: Json) -> None:
    if isinstance(value, list):
        flat.required |= {str(name) for name in value}


def _items(flat: View, place: Place, value: Json) -> None:
    if isinstance(value, list):
        _opaque(flat, place, "items")
    elif value is not True:
        flat.items = place.child("items")


def _additional(flat: View, place: Place, value: Json) -> None:
    if value is False:
        flat.closed = True
    elif isinstance(value, dict) and value:
        flat.additional = place.child("additionalProperties")


def _union(keyword: str) -> "Callable[[View, Place, Json], None]":
    def absorb(flat: View, place: Place, _: Json) -> None:
        if keyword in flat.unions:
            _opaque(flat, place, keyword)
        else:
            flat.unions[keyword] = place.children(keyword)

    return absorb


def _discriminator(flat: View, _: Place, value: Json) -> None:
    flat.discriminator = value if isinstance(value, dict) else {"propertyName": value}


def _plain(name: str, read: Callable[[Json], Json]) -> "Callable[[View, Place, Json], None]":
    def absorb(flat: View, _: Place, value: Json) -> None:
        setattr(flat, name, read(value))

    return absorb


def _number(value: Json) -> Number | None:
    return value if _is_number(value) else None


def _pattern(flat: View, _: Place, value: Json) -> None:
    flat.patterns |= {str(value)}


def _ignore(flat: View, place: Place, value: Json) -> None:
    """Read together with another keyword."""


_KEYWORDS: dict[str, Callable[[View, Place, Json], None]] = {
    "$ref": _ignore,
    "allOf": _ignore,
    "nullable": _ignore,
    "type": _types,
    "format": _plain("format", str),
    "enum": _enum,
    "const": _const,
    "multipleOf": _plain("multiple_of", _number),
    "uniqueItems": _plain("unique_items", bool),
    "pattern": _pattern,
    "properties": _properties,
    "required": _required,
    "items": _items,
    "additionalProperties": _additional,
    "oneOf": _union("oneOf"),
    "anyOf": _union("anyOf"),
    "discriminator": _discriminator,
    "default": _plain("default", canonical),
    "deprecated": _plain("deprecated", bool),
    "readOnly": _plain("read_only", bool),
    "writeOnly": _plain("write_only", bool),
}


def _even_out(flat: View) -> None:
    """Different spellings of the same thing become one."""
    if flat.types is None and flat.properties:
        flat.types, flat.nullable = frozenset({"object"}), bool(flat.place.map.get("nullable"))
    elif flat.types is None and flat.items is not None:
        flat.types, flat.nullable = frozenset({"array"}), bool(flat.place.map.get("nullable"))
    for keyword in list(flat.unions):
        branches = [branch for branch in flat.unions[keyword] if branch.map != {"type": "null"}]
        if len(branches) < len(flat.unions[keyword]):
            flat.unions[keyword] = branches
            _nullable_union(flat, keyword, branches)
    for bound in ("max", "min"):
        # `maximum: 5, exclusiveMaximum: true` says the same as 3.1's `exclusiveMaximum: 5`.
        if flat.limits.get(f"exclusive-{bound}") != flat.limits.get(f"exclusive-{bound}"):
            del flat.limits[f"exclusive-{bound}"]
            if bound in flat.limits:
                flat.limits[f"exclusive-{bound}"] = flat.limits.pop(bound)


def _nullable_union(flat: View, keyword: str, branches: list[Place]) -> None:
    if len(branches) == 1 and flat.types is None:
        del flat.unions[keyword]
        _Merge(flat).absorb(branches[0])
    flat.nullable = True
