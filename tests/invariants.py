"""What hive must leave alone in a user's repository, read by GitPython and from the disk: not by hive's own code."""

import hashlib
import os
from pathlib import Path
from typing import Any

import git

_KEPT_FILES = (
    "config",
    "HEAD",
    "index",
    "description",
    "packed-refs",
    "shallow",
    "ORIG_HEAD",
    "MERGE_HEAD",
    "FETCH_HEAD",
)
_KEPT_FOLDERS = ("hooks", "info", "worktrees", "modules")


def fingerprint(repo: Path) -> dict[str, Any]:
    """Everything of a user's repository that hive has no business with, and the files of its checkout."""
    with git.Repo(repo) as opened:
        common = Path(opened.common_dir)
        if not common.is_absolute():
            common = Path(opened.git_dir) / common
        refs = {ref.path: ref.object.hexsha for ref in opened.refs if not _is_hives(ref.path)}
        if (common / "refs" / "stash").exists():
            refs["refs/stash"] = (common / "refs" / "stash").read_text()
        facts = {name: _digest(common / name) for name in _KEPT_FILES if name != "packed-refs"}
        logs = {name: value for name, value in _folder(common / "logs").items() if not _is_hives(name)}
        return {
            "refs": refs,
            "logs": logs,
            "files": _folder(repo, skip=".git"),
            **facts,
            **{name: _folder(common / name) for name in _KEPT_FOLDERS},
        }


def assert_untouched(before: dict[str, Any], after: dict[str, Any], target: str | None = None) -> None:
    """Nothing differs, but for the landing target: its ref, its reflog, and the checkout when it is checked out."""
    if target is not None:
        before, after = _without(before, target), _without(after, target)
    different = {key: (before[key], after[key]) for key in before if before[key] != after[key]}
    assert not different, f"hive changed what is the user's: {different}"


def _without(facts: dict[str, Any], target: str) -> dict[str, Any]:
    ref = f"refs/heads/{target}"
    refs = {name: value for name, value in facts["refs"].items() if name != ref}
    logs = {name: value for name, value in facts["logs"].items() if name not in (ref, "HEAD")}
    return {**facts, "refs": refs, "logs": logs, "files": None, "index": None}


def _is_hives(name: str) -> bool:
    return name.startswith(("refs/hive", "refs/heads/hive"))


def _digest(path: Path) -> str | None:
    if path.is_symlink():
        return f"link to {path.readlink()}"
    return (
        f"{path.lstat().st_mode:o} {hashlib.sha256(path.read_bytes()).hexdigest()}"
        if path.is_file()
        else None
    )


def _folder(folder: Path, skip: str | None = None) -> dict[str, str | None]:
    found = {}
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != skip]
        for name in files:
            path = Path(place) / name
            if name != skip:
                found[path.relative_to(folder).as_posix()] = _digest(path)
    return found
