"""What is in one folder of a commit."""

from typing import NamedTuple

from hive.workspaces.store import ObjectStore


class Listed(NamedTuple):
    """One entry of a folder."""

    name: str
    oid: str
    is_folder: bool


def listing(store: ObjectStore, commit: str, folder: str = "") -> tuple[Listed, ...]:
    """The entries of a folder (`` is the root), links and submodules included; empty when it is not there."""
    if store.subtree(commit, folder or ".") is None:
        return ()
    lines = store.git.fields("ls-tree", "-z", "--full-tree", "--end-of-options", f"{commit}:{folder}")
    return tuple(_listed(line) for line in lines)


def _listed(line: str) -> Listed:
    facts, _, name = line.partition("\t")
    _, kind, oid = facts.split(" ")
    return Listed(name, oid, kind == "tree")
