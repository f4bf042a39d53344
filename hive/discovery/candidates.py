"""Folders that may be services: where build files and Dockerfiles are, and what deployments are built from."""

import posixpath
from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from posixpath import basename, dirname

from hive.discovery.deployment import Deployment
from hive.discovery.docker import Dockerfile
from hive.discovery.facts import Entry
from hive.discovery.manifest import Manifest
from hive.discovery.names import compact, core, shared_prefix
from hive.discovery.roles import is_aside, is_infrastructure, is_test_path
from hive.discovery.sources import Sources, inside, language_of, parents
from hive.discovery.unit import Candidate

GENERIC = frozenset(
    {"src", "app", "html", "code", "source", "main", "server", "api", "service", "docker", "project", "www"}
)
"""Folder names that say nothing about the service inside."""
_WITHOUT_MANIFEST = frozenset({"python", "go", "ruby", "php"})
_DOCKER_FOLDERS = frozenset(
    {
        "docker",
        "dockerfiles",
        "build",
        "deploy",
        "deployment",
        "deployments",
        "infra",
        "ops",
        "images",
        "container",
    }
)


def candidates(
    sources: Sources,
    manifests: Iterable[Manifest],
    dockerfiles: Iterable[Dockerfile],
    deployments: Iterable[Deployment],
    entries: Mapping[str, Entry],
) -> list[Candidate]:
    """Every candidate with what belongs to it, in folder order."""
    found = _Found(sources, entries)
    kept_manifests = [manifest for manifest in manifests if not is_aside(manifest.folder)]
    kept_dockerfiles = [
        file for file in dockerfiles if not is_aside(file.folder) and not _is_docker_folder(file.folder)
    ]
    found.settle({item.folder for item in kept_manifests} | {item.folder for item in kept_dockerfiles})
    for manifest in kept_manifests:
        known = found.at(manifest.folder)
        found.put(replace(known, manifests=(*known.manifests, manifest)))
    for dockerfile in kept_dockerfiles:
        known = found.at(dockerfile.folder)
        found.put(replace(known, dockerfiles=(*known.dockerfiles, dockerfile)))
    for folder in (*_commands(kept_manifests, entries), *found.neighbours()):
        found.put(found.folders.get(folder, Candidate(folder)))
    by_path = {file.path: file for file in dockerfiles}
    for deployment in sorted(deployments, key=lambda deployment: deployment.folder is None):
        target = found.target(deployment, by_path)
        if target is not None:
            known = found.folders.get(target, Candidate(target))
            found.put(replace(known, deployments=(*known.deployments, deployment)))
    return [found.folders[folder] for folder in sorted(found.folders)]


def _commands(manifests: Iterable[Manifest], entries: Mapping[str, Entry]) -> list[str]:
    """Folders with a main function each, of Go modules that have several."""
    found: list[str] = []
    for module in (manifest for manifest in manifests if manifest.ecosystem == "go"):
        mains = {dirname(path) for path in entries if path.endswith(".go") and inside(path, module.folder)}
        if len(mains) > 1:
            found.extend(
                folder
                for folder in sorted(mains)
                if folder not in ("", module.folder) and not is_aside(folder)
            )
    return found


def _is_docker_folder(folder: str) -> bool:
    return any(part.lower() in _DOCKER_FOLDERS for part in folder.split("/"))


class _Found:
    """Candidates by folder, while they are collected."""

    def __init__(self, sources: Sources, entries: Mapping[str, Entry]) -> None:
        self._sources = sources
        self._entries = entries
        self._homes: dict[str, str] = {}
        self.folders: dict[str, Candidate] = {}

    def settle(self, folders: Set[str]) -> None:
        """Let a folder with a generic name stand for its parent, when nothing else is built there."""
        self._homes = {folder: _home(folder, folders) for folder in folders}

    def at(self, folder: str) -> Candidate:
        """The candidate that a folder belongs to."""
        home = self._homes.get(folder, folder)
        return self.folders.get(home, Candidate(home))

    def put(self, candidate: Candidate) -> None:
        """Remember a candidate."""
        self.folders[candidate.folder] = candidate

    def neighbours(self) -> list[str]:
        """Folders with a server and no build file of their own, beside others that are or have the like.

        Only of languages that need none: services of a repository with one `requirements.txt`, or none at all.
        """
        starts = [path for path, entry in self._entries.items() if entry == "server"]
        folders = {dirname(path) or "." for path in starts} | self.folders.keys()
        homes = {
            _home(dirname(path) or ".", folders)
            for path in starts
            if language_of(path) in _WITHOUT_MANIFEST and not is_test_path(path)
        }
        own = [folder for folder in self.folders if folder != "."]
        homes = {home for home in homes if home != "." and not any(inside(home, folder) for folder in own)}
        beside = Counter(dirname(folder) for folder in (*own, *homes))
        return sorted(
            home
            for home in homes
            if beside[dirname(home)] > 1
            and not is_aside(home)
            and posixpath.join(dirname(home), "__init__.py") not in self._sources
        )

    def target(self, deployment: Deployment, dockerfiles: Mapping[str, Dockerfile]) -> str | None:
        """The folder that a deployment runs, existing candidate or not."""
        if deployment.folder is None:
            return self._by_name(deployment)
        file = dockerfiles.get(deployment.dockerfile or "")
        if file is not None:
            if file.infrastructure and not self.at(file.folder).manifests:
                return None
            home = self.at(file.folder).folder
            if home != "." and home in self.folders and not _is_docker_folder(file.folder):
                return home
        home = self.at(deployment.folder).folder
        if home in self.folders and home != "." and not _is_docker_folder(deployment.folder):
            return home
        inner = self._inside(deployment, file)
        if inner is not None:
            return inner
        return self._by_name(deployment) or ("." if home == "." and "." in self.folders else None)

    def _inside(self, deployment: Deployment, file: Dockerfile | None) -> str | None:
        """The part of a wide build context that the Dockerfile's words, or else the deployment's name, point at."""
        starts = {folder for path in self._entries for folder in parents(path) if folder != "."}
        words = file.words if file else frozenset()
        above = {
            folder
            for word in words
            for folder in (word, dirname(word))
            if folder in starts or folder in self.folders
        }
        named = [
            folder for folder in sorted(above) if _alike(folder, deployment.name) and not is_aside(folder)
        ]
        if named:
            return min(named, key=lambda folder: (folder not in self.folders, folder.count("/"), folder))
        if len(exact := [folder for folder in above if folder in self.folders and folder != "."]) == 1:
            return exact[0]
        alike = [
            folder
            for folder in starts
            if compact(basename(folder)) == compact(deployment.name) and not is_aside(folder)
        ]
        return min(
            alike, key=lambda folder: (folder not in self.folders, folder.count("/"), folder), default=None
        )

    def _by_name(self, deployment: Deployment) -> str | None:
        image = basename(deployment.image).partition(":")[0].partition("@")[0]
        owned = [folder for folder in self.folders if folder != "." and not is_aside(folder)]
        prefix = shared_prefix([basename(folder) for folder in owned])
        if is_infrastructure(deployment.image):
            return None
        for wanted in (deployment.name, image):
            if not compact(wanted):
                continue
            for style in (compact, core, lambda text: core(text, prefix)):
                same = [folder for folder in owned if style(basename(folder)) == style(wanted)]
                if same:
                    return min(same, key=lambda folder: (folder.count("/"), folder))
        ends = [
            folder
            for folder in owned
            if len(basename(folder)) > 3 and image.endswith("-" + basename(folder).lower())
        ]
        return max(ends, key=len, default=None)


def _home(folder: str, folders: Set[str]) -> str:
    """The folder itself, or the one above while its name says nothing and nothing else is built up there."""
    home = folder
    while basename(home).lower() in GENERIC and dirname(home):
        parent = dirname(home)
        if any(inside(other, parent) and not inside(other, home) for other in folders if other != parent):
            break
        home = parent
    return home


def _alike(folder: str, name: str) -> bool:
    last = basename(folder)
    return compact(last) == compact(name) or core(last) == core(name)
