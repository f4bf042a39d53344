"""Rules about where a file is and what it is called."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from hive.workspaces.diff import Changed
from hive.workspaces.rules.finding import Finding

_CI_FILES = frozenset(
    {
        ".gitlab-ci.yml", ".gitlab-ci.yaml", ".travis.yml", "jenkinsfile", "azure-pipelines.yml", ".drone.yml",
        ".woodpecker.yml", "bitbucket-pipelines.yml", "appveyor.yml", ".appveyor.yml", "cloudbuild.yaml",
        ".pre-commit-config.yaml", "codeowners",
    }
)  # fmt: skip
_CI_FOLDERS = (".github", ".gitlab", ".circleci", ".buildkite", ".woodpecker", ".tekton", ".husky")
_HIVE = frozenset({"hive.toml", ".hive"})
_GUIDES = frozenset(
    {
        "claude.md", "claude.local.md", "agents.md", "gemini.md", ".cursorrules", ".windsurfrules", ".mcp.json",
        ".aider.conf.yml",
    }
)  # fmt: skip
_GUIDE_FOLDERS = frozenset(
    {".claude", ".cursor", ".codex", ".gemini", ".agents", ".vscode", ".idea", ".devcontainer"}
)
_GIT_CONTROL = frozenset({".gitattributes", ".gitmodules"})
# Code points that HFS+ ignores in names: git/utf8.c, next_hfs_char.
_IGNORED = dict.fromkeys([*range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF])
_SHORT_NAME = re.compile(r"\.?git~[0-9]+|gi[0-9a-f]{4}~[0-9]")
_ODD = re.compile(
    r"[\x00-\x1f\x7f-\x9f\\\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
_WINDOWS = re.compile(r'[<>:"|?*]|[ .]\Z|(?i:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\.|\Z)')
_LONGEST_NAME = 255


class Place(NamedTuple):
    """Where a task may work."""

    service: str
    others: tuple[str, ...] = ()
    contracts: frozenset[str] = frozenset()
    allowed: frozenset[str] = frozenset()


def findings(file: Changed, place: Place) -> Iterator[Finding]:
    """What is wrong with the place of a file."""
    path = file.path
    if is_git_metadata(path):
        yield Finding("git-metadata", "refused", "git would take it for its own metadata")
    if path in place.contracts:
        yield Finding("contract", "refused", "only the plan changes contracts; propose the change instead")
    elif path not in place.allowed:
        yield from _ownership(path, place)
    yield from _control_files(path)
    if file.status == "added":
        yield from _odd_name(path)


def _ownership(path: str, place: Place) -> Iterator[Finding]:
    owner = max((o for o in place.others if is_inside(path, o)), key=len, default=None)
    if owner is not None and (len(owner) > len(place.service) or not is_inside(path, place.service)):
        yield Finding("outside-service", "refused", f"it belongs to the service in {owner!r}")
    elif not is_inside(path, place.service):
        yield Finding("outside-service", "refused", f"it is outside the task's own folder {place.service!r}")


def _control_files(path: str) -> Iterator[Finding]:
    parts = [part.casefold() for part in PurePosixPath(path).parts]
    name = parts[-1] if parts else ""
    if _HIVE & set(parts):
        yield Finding("hive-config", "refused", "hive's own settings are the person's")
    if name in _CI_FILES or set(parts) & set(_CI_FOLDERS):
        yield Finding("ci-config", "needs_person", "it decides what continuous integration runs")
    if name in _GUIDES or set(parts) & _GUIDE_FOLDERS:
        yield Finding("agent-guide", "needs_person", "it tells agents and editors what to do")
    if name in _GIT_CONTROL:
        severity = "refused" if name == ".gitmodules" else "needs_person"
        yield Finding("git-control", severity, "it decides how git treats other files")  # type: ignore[arg-type]


def _odd_name(path: str) -> Iterator[Finding]:
    parts = path.split("/")
    if _ODD.search(path) or path.startswith("/") or {"", ".", ".."} & set(parts):
        yield Finding(
            "odd-name", "refused", "its name has control characters, invisible ones, or no valid encoding"
        )
    elif any(_WINDOWS.search(part) or part.startswith("-") for part in parts):
        yield Finding(
            "odd-name", "needs_person", "its name does not work on every system or in every command"
        )
    if (
        any(len(part.encode("utf-8", "surrogateescape")) > _LONGEST_NAME for part in parts)
        or len(path) > 1000
    ):
        yield Finding("odd-name", "refused", "its name is too long")


def is_inside(path: str, folder: str) -> bool:
    """Whether a path is in a folder; `.` and the empty folder hold everything."""
    clean = folder.strip("/")
    return clean in ("", ".") or path.startswith(clean + "/")


def is_git_metadata(path: str) -> bool:
    """Whether some file system would take a part of the path for `.git` (CVE-2014-9390, CVE-2019-1353)."""
    return any(_folds_to_git(part) for part in path.split("/"))


def _folds_to_git(part: str) -> bool:
    folded = unicodedata.normalize("NFKC", part.translate(_IGNORED)).casefold()
    bare = folded.split(":")[0].split("\\")[0].rstrip(" .")
    return (
        bare == ".git"
        or bool(_SHORT_NAME.fullmatch(bare))
        or any(p.rstrip(" .") == ".git" for p in folded.split("\\"))
    )


def clashes(added: Iterable[str], existing: Iterable[str]) -> dict[str, str]:
    """For each added path, another path (or folder of one) that a file system may take for the same."""
    new = set(added)
    if not new:
        return {}
    known = tuple(existing)
    places = {place: _folded(place) for path in new for place in _with_folders(path)}
    same: dict[str, set[str]] = {folded: set() for folded in places.values()}
    for place in {*known, *places, *_folders(known)}:
        if (folded := _folded(place)) in same:
            same[folded].add(place)
    found = {path: _others(path, places, same) for path in new}
    return {path: min(others) for path, others in found.items() if others}


def _others(path: str, places: dict[str, str], same: dict[str, set[str]]) -> set[str]:
    return {other for place in _with_folders(path) for other in same[places[place]] - {place}}


def _with_folders(path: str) -> Iterator[str]:
    yield path
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _folders(paths: Iterable[str]) -> set[str]:
    direct = {path.rpartition("/")[0] for path in paths}
    return {place for folder in direct for place in _with_folders(folder)}


def _folded(path: str) -> str:
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
