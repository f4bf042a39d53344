"""Many commits with one parent, none of which touches what another does, as one commit: one merge instead of many."""

import os
from collections.abc import Sequence
from datetime import datetime

from hive.workspaces.entries import Entry, edit_index, removal
from hive.workspaces.git import NO_OID
from hive.workspaces.store import ObjectStore

MESSAGE = "the parts of a changeset, in between"


def union(store: ObjectStore, commits: Sequence[str], date: datetime) -> str | None:
    """A commit with all that these changed; none when their parents differ or two of them touch one path."""
    told = store.git.text("rev-list", "--no-walk", "--parents", "--end-of-options", *commits)
    parents = {tuple(line.split()[1:]) for line in told.splitlines()}
    parent = next(iter(parents), ())
    if len(parents) != 1 or len(parent) != 1:
        return None
    changed = _changed(store, commits)
    if changed is None:
        return None
    with store.scratch_index() as git:
        git.run("read-tree", "--end-of-options", parent[0])
        edit_index(git, changed.values())
        tree = git.text("write-tree")
    return store.commit_tree(tree, parent, MESSAGE, date)


def _changed(store: ObjectStore, commits: Sequence[str]) -> dict[str, Entry] | None:
    """Entries by path; none where two commits change one path, or a folder of one is a file of another."""
    asked = "".join(f"{commit}\n" for commit in commits).encode()
    raw = store.git.run(
        "diff-tree", "--stdin", "--no-commit-id", "-r", "-z", "--no-renames", stdin=asked
    ).stdout
    fields = [os.fsdecode(field) for field in raw.split(b"\0") if field]
    found: dict[str, Entry] = {}
    for facts, path in zip(fields[::2], fields[1::2], strict=True):
        _, mode, _, oid, _ = facts.split(" ")
        if path in found:
            return None
        found[path] = removal(path) if oid == NO_OID else Entry(mode, oid, path)
    folders = {path[:at] for path in found for at, letter in enumerate(path) if letter == "/"}
    return None if folders & found.keys() else found
