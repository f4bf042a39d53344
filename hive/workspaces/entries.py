"""Entries of trees and of indexes: listed, and written without git's silence about what it leaves out."""

import os
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from hive.errors import GitError
from hive.text import decode, one_line
from hive.workspaces.git import NO_OID, Git

LINK, SUBMODULE = "120000", "160000"


class Entry(NamedTuple):
    """One file of a tree."""

    mode: str
    oid: str
    path: str


def entries(git: Git, commit: str, paths: Sequence[str] | None = None) -> list[Entry]:
    """The files of a commit, or those at and below some paths."""
    asked = () if paths is None else tuple(path.rstrip("/") for path in paths)
    if paths is not None and any(path in ("", ".") for path in asked):
        asked = ()
    elif paths is not None and not asked:
        return []
    listed = git.fields("ls-tree", "-r", "-z", "--full-tree", "--end-of-options", commit, *asked)
    return [_entry(line) for line in listed]


def _entry(line: str) -> Entry:
    facts, path = line.split("\t", 1)
    mode, _, oid = facts.split(" ")
    return Entry(mode, oid, path)


def removal(path: str) -> Entry:
    """The order to take a path out of an index."""
    return Entry("0", NO_OID, path)


def edit_index(git: Git, orders: Iterable[Entry]) -> None:
    """Put entries into the index of `git`. GitError for a path that git would not hold (`.git`, `..`, look-alikes)."""
    lines = b"".join(f"{mode} {oid}\t".encode() + os.fsencode(path) + b"\0" for mode, oid, path in orders)
    if not lines:
        return
    said = git.run("update-index", "-z", "--index-info", stdin=lines).stderr
    if said.startswith(b"Ignoring path") or b"\nIgnoring path" in said:
        raise GitError(
            f"git refuses a path: {one_line(decode(said), 300)}",
            next_step="rename it: no checkout may hold such a path",
        )
