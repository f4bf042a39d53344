"""A plain copy of a commit's files, for running checks: no git inside, bytes exactly as they are in the tree."""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hive.errors import UsageError
from hive.workspaces.diff import contents
from hive.workspaces.entries import LINK, Entry, edit_index, entries
from hive.workspaces.git import Git
from hive.workspaces.links import leaves_tree


def escaping(git: Git, listed: Sequence[Entry]) -> tuple[str, ...]:
    """Paths of symbolic links that may lead out of the tree."""
    links = [entry for entry in listed if entry.mode == LINK]
    targets = contents(git, (entry.oid for entry in links))
    return tuple(e.path for e in links if leaves_tree(e.path, os.fsdecode(targets.get(e.oid, b""))))


def checkout(git: Git, commit: str, into: Path, paths: Sequence[str] | None = None) -> tuple[str, ...]:
    """Write the files into a new or empty folder; returns the links that were left out as they leave the tree.

    Submodules become empty folders. `git` is hive's own store, whose attributes switch every filter off.
    """
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(into.iterdir()):
        raise UsageError(f"{str(into)!r} is not empty", next_step="check out into a new folder")
    listed = entries(git, commit, paths)
    left_out = escaping(git, listed)
    banned = set(left_out)
    with tempfile.TemporaryDirectory(prefix="index-", dir=git.git_dir) as scratch:
        bound = replace(git, index=Path(scratch) / "index", work_tree=into.resolve())
        edit_index(bound, (entry for entry in listed if entry.path not in banned))
        bound.run("checkout-index", "--all", "--quiet")
    return left_out
