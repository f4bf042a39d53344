"""The entities and fields of schemas, and which entities a schema carries."""

from collections.abc import Iterable, Iterator

from hive.contracts.place import Place, pointer, resolve, top
from hive.contracts.schema.closure import references
from hive.contracts.schema.view import View, view
from hive.contracts.source import Source
from hive.model import ContractField, Entity

WORDS = ("string", "integer", "number", "boolean", "array", "object")


class Named:
    """The named schemas of one document."""

    def __init__(self, source: Source, places: Iterable[tuple[str, Place]]) -> None:
        self.source = source
        self.places: dict[str, Place] = {}
        for name, place in places:
            self.places.setdefault(name, place)
        self.names = {place.path: name for name, place in self.places.items()}
        self._carried: dict[tuple[str, ...], list[Place]] = {}

    def entities(self) -> tuple[Entity, ...]:
        """Those that are object types, with their fields."""
        return tuple(
            self._entity(name, place) for name, place in self.places.items() if self._is_entity(place)
        )

    def _is_entity(self, place: Place) -> bool:
        return view(place).is_object

    def _entity(self, name: str, place: Place) -> Entity:
        flat = view(place)
        fields = tuple(self._field(flat, key, value) for key, value in flat.properties.items())
        return Entity(name=name, contract=self.source.path, pointer=pointer(place.path), fields=fields)

    def _field(self, owner: View, name: str, place: Place) -> ContractField:
        return ContractField(
            name=name,
            type=self.type_word(place),
            required=name in owner.required,
            line=self.source.line(place.path),
        )

    def type_word(self, place: Place) -> str:
        """The type in hive's words: the entity that a reference means, or one of six."""
        entity = self._entity_of(place)
        if entity is not None:
            return entity
        flat = view(place)
        if flat.types is None:
            return "object" if flat.unions or not flat.enum else "string"
        return next((word for word in WORDS if word in flat.types), "object")

    def _entity_of(self, place: Place) -> str | None:
        for candidate in (
            place,
            *place.children("allOf"),
            *place.children("oneOf"),
            *place.children("anyOf"),
        ):
            found = resolve(candidate) if candidate.ref else None
            if found is not None and found.path in self.names and self._is_entity(found):
                return self.names[found.path]
        return None

    def carried(self, places: Iterable[Place]) -> tuple[str, ...]:
        """Names of the named object types that some schemas carry, nested ones included."""
        found: dict[str, None] = {}
        seen: set[tuple[str, ...]] = set()
        queue = [item_of(place) for place in places]
        while queue:
            place = queue.pop(0)
            if place.path in seen:
                continue
            seen.add(place.path)
            if place.path in self.names and self._is_entity(place):
                found[self.names[place.path]] = None
            queue.extend(self._below(place))
        return tuple(found)

    def _below(self, place: Place) -> list[Place]:
        if place.path not in self._carried:
            self._carried[place.path] = list(_targets(place))
        return self._carried[place.path]


def _targets(place: Place) -> Iterator[Place]:
    for ref in sorted(references(place.value)):
        found = resolve(Place(place.root, (), {"$ref": ref}))
        if found is not None:
            yield found


def item_of(place: Place) -> Place:
    """What a list written in place holds, lists of lists too; any other schema is itself."""
    while place.ref is None and (inner := place.child("items")) is not None:
        place = inner
    return place


def components(source: Source, *path: str) -> list[tuple[str, Place]]:
    """The named schemas below a path of the document."""
    return [(place.name, place) for place in top(source.value).children(*path)]
