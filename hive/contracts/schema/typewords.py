"""hive's words for types, written as schema keywords."""

from hive.contracts.names import unknown
from hive.contracts.place import Place
from hive.contracts.schema.entities import WORDS, Named
from hive.contracts.schema.maptext import Pairs
from hive.contracts.schema.view import View


def type_pairs(named: Named, owner: View, kind: str) -> Pairs:
    """The keywords that say a type, for a property of `owner`. Raises UsageError for an unknown type."""
    if kind == "timestamp":
        return [("type", "string"), ("format", "date-time")]
    if kind == "array":
        return [("type", "array"), ("items", {})]
    if kind.endswith("[]"):
        return [("type", "array"), ("items", dict(type_pairs(named, owner, kind.removesuffix("[]"))))]
    if kind in ("integer", "number"):
        return [("type", kind), *_format(owner, kind)]
    if kind in WORDS:
        return [("type", kind)]
    if kind in named.places:
        return [("$ref", _reference(named.places[kind]))]
    raise unknown("type", kind, (*WORDS, "timestamp", *named.places), named.source.path)


def _reference(place: Place) -> str:
    steps = (step.replace("~", "~0").replace("/", "~1").replace("%", "%25") for step in place.path)
    return "#" + "".join("/" + step for step in steps)


def _format(owner: View, kind: str) -> Pairs:
    """The format that all sibling numbers of that type have in common."""
    siblings = [place.map for place in owner.properties.values() if place.map.get("type") == kind]
    formats = {str(one.get("format")) for one in siblings}
    found = formats.pop() if len(formats) == 1 else "None"
    return [] if found == "None" else [("format", found)]
