"""Places inside a YAML or JSON contract, and where their `$ref`s lead; nothing is ever fetched."""

from typing import Any, NamedTuple
from urllib.parse import unquote

MAX_HOPS = 50


def pointer(path: tuple[str, ...]) -> str:
    """The JSON pointer of a path (RFC 6901)."""
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in path)


def unpointer(text: str) -> tuple[str, ...]:
    """The path of a JSON pointer, as it stands in a `$ref` fragment: percent escapes are undone."""
    steps = unquote(text).split("/")[1:]
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in steps)


class Place(NamedTuple):
    """A value and how it is reached from the root of its document."""

    root: dict[str, Any]
    path: tuple[str, ...]
    value: Any

    def child(self, *steps: str) -> "Place | None":
        """The place below, when there is one."""
        value = self.value
        for step in steps:
            if isinstance(value, dict) and step in value:
                value = value[step]
            elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
                value = value[int(step)]
            else:
                return None
        return Place(self.root, self.path + steps, value)

    def children(self, *steps: str) -> "list[Place]":
        """The values of a map, or the items of a list, below; none when there is neither."""
        place = self.child(*steps)
        if place is None:
            return []
        if isinstance(place.value, dict):
            return [Place(self.root, (*place.path, str(k)), v) for k, v in place.value.items()]
        if isinstance(place.value, list):
            return [Place(self.root, (*place.path, str(i)), v) for i, v in enumerate(place.value)]
        return []

    @property
    def name(self) -> str:
        """The last step."""
        return self.path[-1] if self.path else ""

    @property
    def map(self) -> dict[str, Any]:
        """The value when it is a map, else an empty one."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def ref(self) -> str | None:
        """The `$ref` that stands here."""
        ref = self.map.get("$ref")
        return ref if isinstance(ref, str) else None


def top(root: dict[str, Any]) -> Place:
    """The whole document."""
    return Place(root, (), root)


def target(place: Place) -> Place | None:
    """Where the `$ref` of a place leads, one hop; none when that is not in this document."""
    ref = place.ref or ""
    base, mark, fragment = ref.partition("#")
    own = (place.root.get("$id"), place.root.get("id"))
    if base and base not in own:
        return None
    if fragment and not fragment.startswith("/"):
        return None
    return top(place.root).child(*unpointer(fragment)) if mark or base else None


def resolve(place: Place) -> Place | None:
    """The place itself, or where its chain of `$ref`s ends; none when it leads nowhere or in circles."""
    for _ in range(MAX_HOPS):
        if place.ref is None:
            return place
        found = target(place)
        if found is None:
            return None
        place = found
    return None


def is_local(ref: str) -> bool:
    """Whether a `$ref` means this very document, so that it should resolve."""
    return ref.startswith("#")
