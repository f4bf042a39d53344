"""Files on disk become a tree: by hive's own index, without filters, without entering nested repositories."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from hive.text import decode, one_line
from hive.workspaces.diff import parse_raw, raw
from hive.workspaces.entries import SUBMODULE, Entry, edit_index, removal
from hive.workspaces.git import Git

_HARMLESS = (b"hint:", b"warning: in the working copy", b"warning: adding embedded", b"The following paths")


@lru_cache(maxsize=64)
def submodules(git_dir: Path, commit: str) -> tuple[tuple[str, str], ...]:
    """Path and object id of each submodule of a commit; a commit never changes, so the answer is kept."""
    listed = Git(git_dir).fields("ls-tree", "-r", "-z", "--full-tree", "--end-of-options", commit)
    found = (entry.split("\t", 1) for entry in listed if entry.startswith(SUBMODULE))
    return tuple((path, facts.split(" ")[2]) for facts, path in found)


def drop_submodules(git: Git, store: Path, commit: str) -> None:
    """Take submodules out of hive's index: for one that it knows, `git add` would run git inside it."""
    if known := submodules(store, commit):
        edit_index(git, (removal(path) for path, _ in known))


def tree_of_files(git: Git, store: Path, commit: str) -> tuple[str, tuple[str, ...]]:
    """The tree of what lies in the worktree of `git`, and what was left out of it.

    `git` has a copy of the index that `drop_submodules` has seen. Submodules of `commit` stay as they are there;
    nested repositories are left out, as is what git cannot store (sockets, unreadable files, forbidden names).
    """
    done = git.run(
        "add",
        "--all",
        "--sparse",
        "--ignore-errors",
        codes=(0, 1),
        settings={"advice.addEmbeddedRepo": "false"},
    )
    kept = dict(submodules(store, commit))
    tree = git.text("write-tree")
    changed = list(parse_raw(raw(Git(store), commit, tree)))
    nested = [each.path for each in changed if each.new_mode == SUBMODULE]
    inside = [each.path for each in changed if _below(each.path, kept)]
    left_out = sorted({*nested, *inside, *_complaints(done.stderr)})
    if nested or inside or kept:
        edit_index(git, (removal(path) for path in [*nested, *inside]))
        edit_index(git, (Entry(SUBMODULE, oid, path) for path, oid in kept.items()))
        tree = git.text("write-tree")
    return tree, tuple(left_out)


def _below(path: str, folders: Iterable[str]) -> bool:
    return any(path.startswith(folder + "/") for folder in folders)


def _complaints(said: bytes) -> Sequence[str]:
    lines = (line for line in said.splitlines() if line.strip() and not line.startswith(_HARMLESS))
    return [one_line(decode(line), 300) for line in lines][:50]
