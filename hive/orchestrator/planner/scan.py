"""Where the code of services carries entities and serves or calls remote procedures: each file read once."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from hive.agents.propagate.carriers import carriers
from hive.agents.propagate.mentions import squashed
from hive.agents.propagate.naming import words
from hive.agents.propagate.subject import weight_of
from hive.contracts.generated import is_generated
from hive.model import Graph
from hive.orchestrator.planner.naming import singular
from hive.orchestrator.planner.remote import Call, calls, pattern
from hive.orchestrator.planner.sources import Source, remoteness, sources
from hive.ports import Tree

PROMISING = 3
"""How many files of a service are looked into before another entity is taken to be carried more."""


class Target:
    """An entity to look for."""

    def __init__(self, name: str, fields: Sequence[str]) -> None:
        self.name = name
        self.fields = tuple(fields)
        self._needles = [_squeezed(field) for field in fields]
        self._telling = [_squeezed(field) for field in fields if weight_of(field) == 1.0]
        self._own = [singular(word).encode() for word in words(name)]

    def likely(self, flat: bytes) -> int:
        """How many of the fields squashed content may carry; 0 for too few, or for none that tells."""
        if not any(needle in flat for needle in self._telling) and not self.named(flat):
            return 0
        present = sum(needle in flat for needle in self._needles)
        return present if present >= max(2, (len(self._needles) + 1) // 2) else 0

    def named(self, flat: bytes) -> bool:
        """Whether all words of its name occur."""
        return all(word in flat for word in self._own)


def _squeezed(name: str) -> bytes:
    return "".join(words(name)).encode()


class Sighting(NamedTuple):
    """A place in a service's code that carries fields of an entity."""

    path: str
    line: int
    kind: str
    fields: tuple[str, ...]


class Found(NamedTuple):
    """Where the code of services has one entity."""

    places: Mapping[str, tuple[Sighting, ...]] = {}
    """By service: code first, then data, then tests."""
    generated: Mapping[str, tuple[str, ...]] = {}
    """Generated files that hold the entity, by service."""
    calls: Mapping[str, tuple[Call, ...]] = {}
    """By RPC service."""

    @property
    def carried(self) -> Counter[str]:
        """How many services carry each field."""
        return Counter(
            field
            for places in self.places.values()
            for field in {name for place in places for name in place.fields}
        )


class Likely(NamedTuple):
    """A file that may carry an entity."""

    present: int
    source: Source


class Survey:
    """One pass over the code; the files that may carry an entity are kept, and parsed when it is asked for."""

    def __init__(
        self, tree: Tree, graph: Graph, targets: Mapping[str, Target], remotes: Collection[str] = ()
    ) -> None:
        self._targets = targets
        self._likely: dict[str, list[Likely]] = {label: [] for label in targets}
        self._generated: dict[str, dict[str, list[str]]] = {label: {} for label in targets}
        self._calls: dict[str, list[Call]] = {remote: [] for remote in remotes}
        patterns = {remote: pattern(remote) for remote in remotes}
        for source in sources(tree, graph):
            generated = is_generated(source.path, source.raw)
            self._look(source, generated)
            for remote, wanted in patterns.items() if not generated else ():
                if remote.encode() in source.raw:
                    self._calls[remote] += calls(source, wanted)

    def _look(self, source: Source, generated: bool) -> None:
        flat = squashed(source.raw)
        for label, target in self._targets.items():
            present = target.likely(flat)
            if present and not generated:
                self._likely[label].append(Likely(present, source))
            elif present and target.named(flat):
                self._generated[label].setdefault(source.service, []).append(source.path)

    def share(self, label: str) -> dict[str, float]:
        """How much of an entity (0 to 1) each service carries in one of its most promising files."""
        target, found = self._targets[label], {}
        for service, files in _by_service(self._likely[label]).items():
            best = sorted(files, key=lambda likely: -likely.present)[:PROMISING]
            places = [place for likely in best for place in _sightings(target, likely.source)]
            if places:
                found[service] = max(len(place.fields) for place in places) / len(target.fields)
        return found

    @property
    def calls(self) -> dict[str, tuple[Call, ...]]:
        """Who serves and who calls each RPC service."""
        return {remote: tuple(ends) for remote, ends in self._calls.items()}

    def found(self, label: str) -> Found:
        """Every place of one entity."""
        places = {}
        for service, files in _by_service(self._likely[label]).items():
            seen = [place for likely in files for place in _sightings(self._targets[label], likely.source)]
            if seen:
                places[service] = tuple(sorted(seen, key=lambda place: remoteness(place.path)))
        generated = {service: tuple(paths) for service, paths in self._generated[label].items()}
        return Found(places, generated, self.calls)


def _by_service(files: Iterable[Likely]) -> dict[str, list[Likely]]:
    found: dict[str, list[Likely]] = {}
    for likely in files:
        found.setdefault(likely.source.service, []).append(likely)
    return found


def _sightings(target: Target, source: Source) -> list[Sighting]:
    found = carriers(source.path, source.raw, target.fields, target.name)
    return [
        Sighting(source.path, c.line, c.kind, tuple(f for f in target.fields if f in c.fields)) for c in found
    ]
