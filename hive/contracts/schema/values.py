"""What differs between two schemas apart from their properties: one small question each."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from hive.contracts.node import Json
from hive.contracts.schema.closure import canonical
from hive.contracts.schema.view import LIMITS, View

Relation = Literal["same", "wider", "narrower", "other"]
Types = frozenset[str] | None


class Difference(NamedTuple):
    """A code of the rule table, and the difference in words."""

    code: str
    text: str


def differences(old: View, new: View) -> Iterator[Difference]:
    """All differences between two flat schemas but those of properties, items and alternatives."""
    yield from _types(old, new)
    yield from _nullable(old, new)
    yield from _enum(old, new)
    for name in LIMITS.values():
        yield from _limit(name, old.limits.get(name), new.limits.get(name))
    yield from _multiple(old, new)
    yield from _flags(old, new)
    yield from _patterns(old, new)
    yield from _default(old, new)
    yield from _discriminator(old, new)
    yield from _opaque(old, new)
    yield from _references(old, new)


def types_relation(old: Types, new: Types) -> Relation:
    """How the second set of types relates to the first; none is every type, and integers are numbers."""
    if old == new:
        return "same"
    before, after = _spread(old), _spread(new)
    if before == after:
        return "same"
    if before < after:
        return "wider"
    return "narrower" if after < before else "other"


_ALL = frozenset({"string", "number", "integer", "boolean", "array", "object"})


def _spread(types: Types) -> frozenset[str]:
    if types is None:
        return _ALL
    return types | {"integer"} if "number" in types else types


_CONTAINED = {("int32", "int64"), ("float", "double")}


def format_relation(old: str | None, new: str | None) -> Relation:
    """How the second format relates to the first; none allows everything."""
    if old == new:
        return "same"
    if new is None or (old, new) in _CONTAINED:
        return "wider"
    return "narrower" if old is None or (new, old) in _CONTAINED else "other"


_CODES = {"wider": "type-generalized", "narrower": "type-specialized", "other": "type-changed"}


def _types(old: View, new: View) -> Iterator[Difference]:
    types, formats = types_relation(old.types, new.types), format_relation(old.format, new.format)
    relations = {types, formats} - {"same"} if types in ("same", "other") or formats == types else {types}
    if not relations:
        return
    relation = relations.pop() if len(relations) == 1 else "other"
    yield Difference(_CODES[relation], f"{type_text(old)} → {type_text(new)}")


def type_text(flat: View) -> str:
    """The type as people write it, such as `integer (int64)`."""
    names = "|".join(sorted(flat.types)) if flat.types else "any type"
    return f"{names} ({flat.format})" if flat.format else names


def _nullable(old: View, new: View) -> Iterator[Difference]:
    if old.nullable is None or new.nullable is None or old.nullable == new.nullable:
        return
    yield Difference("became-nullable" if new.nullable else "became-not-nullable", "null")


def _enum(old: View, new: View) -> Iterator[Difference]:
    if old.enum is None and new.enum is not None:
        yield Difference("became-enum", ", ".join(new.enum))
    elif old.enum is not None and new.enum is None:
        yield Difference("became-not-enum", ", ".join(old.enum))
    elif old.enum is not None and new.enum is not None:
        for value in new.enum.keys() - old.enum.keys():
            yield Difference("enum-value-added", value)
        for value in old.enum.keys() - new.enum.keys():
            yield Difference("enum-value-removed", value)


def _limit(name: str, old: Json, new: Json) -> Iterator[Difference]:
    if old == new:
        return
    if old is None:
        yield Difference(f"{name}-set", f"{new}")
    elif new is None:
        yield Difference(f"{name}-unset", f"{old}")
    else:
        yield Difference(f"{name}-{'increased' if new > old else 'decreased'}", f"{old} → {new}")


def _multiple(old: View, new: View) -> Iterator[Difference]:
    if old.multiple_of == new.multiple_of:
        return
    happened = "set" if old.multiple_of is None else "unset" if new.multiple_of is None else "changed"
    yield Difference(f"multiple-of-{happened}", f"{old.multiple_of} → {new.multiple_of}")


def _flags(old: View, new: View) -> Iterator[Difference]:
    if old.unique_items != new.unique_items:
        yield Difference("unique-items-set" if new.unique_items else "unique-items-unset", "uniqueItems")
    if old.deprecated != new.deprecated:
        yield Difference("deprecated" if new.deprecated else "reactivated", "deprecated")
    if old.closed and not new.closed:
        yield Difference("additional-properties-opened", "additionalProperties")
    elif new.closed and not old.closed:
        yield Difference("additional-properties-closed", "additionalProperties")


def _patterns(old: View, new: View) -> Iterator[Difference]:
    if old.patterns == new.patterns:
        return
    happened = (
        "added" if old.patterns < new.patterns else "removed" if new.patterns < old.patterns else "changed"
    )
    yield Difference(f"pattern-{happened}", f"{sorted(old.patterns)} → {sorted(new.patterns)}")


def _default(old: View, new: View) -> Iterator[Difference]:
    if old.default == new.default:
        return
    happened = "added" if old.default is None else "removed" if new.default is None else "changed"
    yield Difference(f"default-value-{happened}", f"{old.default} → {new.default}")


def _discriminator(old: View, new: View) -> Iterator[Difference]:
    if old.discriminator == new.discriminator:
        return
    before, after = old.discriminator.get("propertyName"), new.discriminator.get("propertyName")
    if before != after:
        yield Difference("discriminator-changed", f"{before} → {after}")
    known, wanted = _mapping(old), _mapping(new)
    for value in wanted.keys() - known.keys():
        yield Difference("discriminator-mapping-added", value)
    for value in known:
        if known[value] != wanted.get(value):
            yield Difference(
                "discriminator-mapping-changed", f"{value}: {known[value]} → {wanted.get(value)}"
            )


def _mapping(flat: View) -> dict[str, Json]:
    mapping = flat.discriminator.get("mapping")
    return mapping if isinstance(mapping, dict) else {}


def _opaque(old: View, new: View) -> Iterator[Difference]:
    for keyword in sorted(old.opaque.keys() | new.opaque.keys()):
        if old.opaque.get(keyword) != new.opaque.get(keyword):
            yield Difference("keyword-changed", keyword)


def _references(old: View, new: View) -> Iterator[Difference]:
    for ref in sorted(old.unresolved | new.unresolved):
        yield Difference("reference-unresolved", ref)
    if old.remote != new.remote:
        text = f"{', '.join(sorted(old.remote)) or 'none'} → {', '.join(sorted(new.remote)) or 'none'}"
        yield Difference("reference-unresolved", text)


def same_schema(old: Json, new: Json) -> bool:
    """Whether two schemas read the same."""
    return canonical(old) == canonical(new)
