"""Values with all that they refer to, for what can only be called the same or different."""

import json

from hive.contracts.node import Json
from hive.contracts.place import Place, resolve

MAX_REFERENCES = 200


def canonical(value: Json) -> str:
    """A value as text that is equal for equal JSON values."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


def closure(place: Place) -> list[Json]:
    """A value with everything that it refers to, so that equal closures mean the same."""
    seen: dict[str, Json] = {}
    queue: list[Place] = [place]
    while queue and len(seen) <= MAX_REFERENCES:
        one = queue.pop()
        for ref in references(one.value):
            if ref not in seen:
                found = resolve(Place(one.root, (), {"$ref": ref}))
                seen[ref] = found.value if found else None
                if found:
                    queue.append(found)
    return [place.value, seen]


def references(value: Json) -> set[str]:
    """Every `$ref` inside a value."""
    found: set[str] = set()
    queue = [value]
    while queue:
        one = queue.pop()
        if isinstance(one, dict):
            if isinstance(ref := one.get("$ref"), str):
                found.add(ref)
            queue.extend(one.values())
        elif isinstance(one, list):
            queue.extend(one)
    return found
