"""Which service a file speaks for."""

from collections.abc import Iterable, Mapping, Sequence
from posixpath import basename, dirname, splitext

from hive.discovery.manifest import Manifest
from hive.discovery.names import compact
from hive.discovery.roles import is_library_name
from hive.discovery.sources import inside, parents
from hive.discovery.unit import Unit


class Ownership:
    """Maps paths to services: own folder, a library of one service only, a group around one service, a shared name."""

    def __init__(self, units: Sequence[Unit], manifests: Sequence[Manifest]) -> None:
        self._folders = {unit.folder: unit.name for unit in units}
        self._libraries = _libraries(units, manifests, self._folders)
        self._groups = _groups(units)
        self._named = {compact(unit.name): unit.name for unit in units}
        self._alone = len(units) == 1
        self._projects = frozenset(
            manifest.folder
            for manifest in manifests
            if manifest.folder != "." and not is_library_name(manifest.folder)
        )

    def strict(self, path: str) -> str | None:
        """The service in whose folder a path lies."""
        for folder in parents(path):
            if folder in self._folders and (folder != "." or self._alone or not self._elsewhere(path)):
                return self._folders[folder]
        return None

    def owner(self, path: str) -> str | None:
        """The service that a path speaks for, libraries of one service included."""
        if found := self.strict(path):
            return found
        for folder in parents(path):
            if folder in self._libraries:
                return self._libraries[folder]
            if folder in self._groups:
                return self._groups[folder]
        return next(
            (self._named[compact(part)] for part in path.split("/")[:-1] if compact(part) in self._named),
            None,
        )

    def is_shared(self, path: str) -> bool:
        """Whether a path lies in no service and no other project of its own: in a folder for all."""
        return self.strict(path) is None and self._projects.isdisjoint(parents(path))

    def _elsewhere(self, path: str) -> bool:
        """Whether a path below the root is in a folder of something else than the root's own service."""
        return any(inside(path, folder) for folder in (*self._libraries, *self._groups))


def _libraries(
    units: Sequence[Unit], manifests: Sequence[Manifest], folders: Mapping[str, str]
) -> dict[str, str]:
    """Folders of libraries that exactly one service depends on, directly or not."""
    known: dict[str, list[Manifest]] = {}
    for manifest in manifests:
        for name in {manifest.name, basename(manifest.folder)}:
            known.setdefault(name, []).append(manifest)
    users: dict[str, set[str]] = {}
    for unit in units:
        waiting, seen = list(unit.manifests), {manifest.path for manifest in unit.manifests}
        while waiting:
            for name in waiting.pop().needs:
                for library in known.get(name) or known.get(basename(name)) or ():
                    if library.path not in seen:
                        seen.add(library.path)
                        waiting.append(library)
                        users.setdefault(library.folder, set()).add(unit.name)
    return {
        folder: next(iter(services))
        for folder, services in users.items()
        if len(services) == 1 and folder not in folders and folder != "."
    }


def _groups(units: Sequence[Unit]) -> dict[str, str]:
    """Folders, below the root, around exactly one service."""
    around: dict[str, set[str]] = {}
    for unit in units:
        for folder in parents(unit.folder):
            if folder != ".":
                around.setdefault(folder, set()).add(unit.name)
    return {folder: next(iter(names)) for folder, names in around.items() if len(names) == 1}


def settings_owners(
    units: Sequence[Unit], paths: Iterable[str], declared: Mapping[str, str]
) -> dict[str, str | None]:
    """Settings that one service keeps for others: files named after services, side by side in one folder.

    Maps each file of such a folder to the service that it is named after, or to none. `declared` maps every
    known name to its service.
    """
    stems: dict[str, dict[str, str | None]] = {}
    for path in paths:
        stem, suffix = splitext(basename(path))
        if suffix in (".yml", ".yaml", ".properties", ".json"):
            base = stem.split("-docker")[0].split("-prod")[0].split("-dev")[0]
            stems.setdefault(dirname(path), {})[path] = declared.get(compact(base))
    found: dict[str, str | None] = {}
    for files in stems.values():
        if len({service for service in files.values() if service}) >= 2:
            found.update(files)
    return found
