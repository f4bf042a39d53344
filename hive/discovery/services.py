"""Which candidates are services: a pure decision over what was found about each."""

from collections.abc import Mapping, Sequence
from posixpath import basename, dirname, splitext

from hive.discovery.candidates import GENERIC
from hive.discovery.facts import Entry
from hive.discovery.names import unique
from hive.discovery.roles import is_aside, is_infrastructure, is_library_name, is_test_path, is_tool_name
from hive.discovery.sources import Sources, inside, language_of
from hive.discovery.unit import Candidate, Unit

_WEB_FILES = frozenset({".html", ".css", ".js", ".svg", ".png", ".jpg", ".webp"})


def choose_units(
    sources: Sources, candidates: Sequence[Candidate], entries: Mapping[str, Entry]
) -> list[Unit]:
    """The services among the candidates, each with a unique and safe name, in folder order."""
    contents = {
        candidate.folder: _Contents(sources, candidate, candidates, entries) for candidate in candidates
    }
    somebody_deploys = any(candidate.deployed and candidate.folder != "." for candidate in candidates)
    likely = [
        candidate
        for candidate in candidates
        if candidate.folder != "." and _is_service(candidate, contents[candidate.folder], somebody_deploys)
    ]
    likely = _merged(likely, candidates)
    chosen = [
        candidate
        for candidate in likely
        if not _is_part(candidate, likely) and not _is_wrapper(candidate, likely)
    ]
    root = next((candidate for candidate in candidates if candidate.folder == "."), None)
    if root is not None and _is_root_service(root, contents["."], bool(chosen)):
        chosen.insert(0, root)
    taken: set[str] = set()
    units = []
    for candidate in chosen:
        name = unique(_wanted_name(candidate), taken, basename(dirname(candidate.folder)))
        taken.add(name)
        units.append(
            Unit(name, candidate.folder, candidate.manifests, candidate.dockerfiles, candidate.deployments)
        )
    return units


class _Contents:
    """What lies in a candidate's folder, without the candidates below it."""

    def __init__(
        self,
        sources: Sources,
        candidate: Candidate,
        candidates: Sequence[Candidate],
        entries: Mapping[str, Entry],
    ) -> None:
        below = tuple(
            other.folder + "/"
            for other in candidates
            if other.folder not in (".", candidate.folder) and inside(other.folder, candidate.folder)
        )
        own = (
            [path for path in sources.below(candidate.folder) if not path.startswith(below)]
            if below
            else list(sources.below(candidate.folder))
        )
        own = [path for path in own if not is_test_path(path)]
        self.code = any(language_of(path) for path in own)
        self.web = any(splitext(path)[1].lower() in _WEB_FILES for path in own)
        self.entries = {entries[path] for path in own if path in entries}


def _is_service(candidate: Candidate, contents: _Contents, somebody_deploys: bool) -> bool:
    folder = candidate.folder
    if is_aside(folder) or is_tool_name(folder):
        return False
    runs = {manifest.runs for manifest in candidate.manifests}
    if not candidate.deployed:
        if is_library_name(folder) or not contents.code:
            return False
        if "server" in runs or ("server" in contents.entries and runs != {"library"}):
            return True
        return not somebody_deploys and "program" in contents.entries and runs != {"library"}
    if runs == {"library"} and not contents.entries and not candidate.dockerfiles:
        return False
    bases = [file for file in candidate.dockerfiles if not file.infrastructure]
    if candidate.dockerfiles and not bases and not candidate.manifests and not contents.entries:
        return False
    if candidate.manifests or contents.entries:
        return True
    serves = any(file.web_server for file in bases)
    if serves:
        return contents.web or any(not is_infrastructure(d.image) for d in candidate.deployments)
    return contents.code or any(file.stages > 1 for file in bases)


def _merged(likely: Sequence[Candidate], candidates: Sequence[Candidate]) -> list[Candidate]:
    """Puts a folder that only holds a Dockerfile together with the only project below it."""
    merged = {candidate.folder: candidate for candidate in likely}
    for outer in candidates:
        images = [file for file in outer.dockerfiles if not file.infrastructure]
        if outer.folder == "." or outer.manifests or not images:
            continue
        inner = [folder for folder in merged if folder != outer.folder and inside(folder, outer.folder)]
        if len(inner) == 1:
            one = merged.pop(inner[0])
            merged[outer.folder] = Candidate(
                outer.folder,
                one.manifests,
                (*outer.dockerfiles, *one.dockerfiles),
                (*outer.deployments, *one.deployments),
            )
    return [merged[folder] for folder in sorted(merged)]


def _is_part(candidate: Candidate, likely: Sequence[Candidate]) -> bool:
    """Whether it is a module of a deployed service around it, without a deployment of its own."""
    return not candidate.deployed and any(
        other.deployed and other.folder != candidate.folder and inside(candidate.folder, other.folder)
        for other in likely
    )


def _is_wrapper(candidate: Candidate, likely: Sequence[Candidate]) -> bool:
    """Whether it only holds services together."""
    inner = [
        other
        for other in likely
        if other.folder != candidate.folder and inside(other.folder, candidate.folder)
    ]
    return bool(inner) and not candidate.deployed and any(other.deployed for other in inner)


def _is_root_service(root: Candidate, contents: _Contents, others: bool) -> bool:
    runs = {manifest.runs for manifest in root.manifests}
    if not others:
        return contents.code and (bool(root.manifests) or root.deployed)
    members = any(manifest.members for manifest in root.manifests)
    own = any(deployment.folder == "." for deployment in root.deployments)
    return own and not members and "server" in contents.entries and runs != {"library"} and bool(runs)


def _wanted_name(candidate: Candidate) -> str:
    last = basename(candidate.folder)
    deployed = [d.name for d in candidate.deployments if d.kind != "values"]
    if candidate.folder == "." or last.lower() in GENERIC:
        named = [
            manifest.name.rpartition("/")[2] for manifest in candidate.manifests if manifest.name != "root"
        ]
        above = basename(dirname(candidate.folder))
        return next(iter([*deployed, *named, above]), "") or last
    return last
