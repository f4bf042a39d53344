"""How a workspace comes to be on disk: two git commands, and none of them inside what an agent can write."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from hive import faults
from hive.errors import UsageError
from hive.workspaces.folders import remove_tree
from hive.workspaces.git import Git, make_bare
from hive.workspaces.intake import drop_submodules
from hive.workspaces.layout import alternates_line, follow, furnish
from hive.workspaces.record import Record

BRANCH = "work"
_AGENT_CONFIG = """[core]
	repositoryformatversion = 0
	filemode = true
[extensions]
	worktreeConfig = true
[user]
	name = hive agent
	email = agent@hive.invalid
[commit]
	gpgSign = false
[gc]
	auto = 0
"""
_BARE = "[core]\n\tbare = true\n"
"""For the repository alone, not for the worktree that is linked to it."""
_SPARSE = {"core.sparseCheckout": "true", "core.sparseCheckoutCone": "true", "index.sparse": "true"}
_SPARSE_FILE = "[core]\n\tsparseCheckout = true\n\tsparseCheckoutCone = true\n[index]\n\tsparse = true\n"


def build(store: Path, path: Path, watch: Path, record: Record) -> None:
    """Make `path` (whatever is there goes) and hive's view of it; the record says `ready` only at the end."""
    watch.mkdir(mode=0o700, parents=True, exist_ok=True)
    record._replace(state="making").write(watch)
    remove_tree(path)
    path.mkdir(mode=0o700, parents=True)
    (path / "tree").mkdir(mode=0o700)
    faults.point("workspace.begun")
    _make_view(store, watch, record)
    git = view(watch, path / "tree", watch / "index", record)
    (watch / "index").unlink(missing_ok=True)
    git.run("read-tree", "-m", "-u", "--end-of-options", record.at)
    faults.point("workspace.files")
    _make_private(store, path, watch, record)
    drop_submodules(git, store, record.at)
    faults.point("workspace.made")
    record._replace(state="ready").write(watch)


def view(watch: Path, tree: Path, index: Path, record: Record) -> Git:
    """git on a worktree by hive's own git directory, which shares everything but the index with the store."""
    settings = _SPARSE if record.sparse is not None else {}
    return Git(watch, tree, index, settings=tuple(settings.items()))


def _make_view(store: Path, watch: Path, record: Record) -> None:
    (watch / "info").mkdir(exist_ok=True)
    (watch / "HEAD").write_text(record.at + "\n")
    (watch / "commondir").write_bytes(os.fsencode(store) + b"\n")
    if record.sparse is not None:
        (watch / "info" / "sparse-checkout").write_bytes(os.fsencode(cone(record.sparse)))


def _make_private(store: Path, path: Path, watch: Path, record: Record) -> None:
    """The agent's repository and the link from its worktree, as `git worktree add` lays them out."""
    bare, linked = path / "repo.git", path / "repo.git" / "worktrees" / "tree"
    make_bare(bare)
    furnish(bare, alternates_line(store / "objects"))
    follow(store, bare)
    (bare / "config").write_text(_AGENT_CONFIG)
    (bare / "config.worktree").write_text(_BARE)
    (bare / "refs" / "heads" / BRANCH).write_text(record.at + "\n")
    linked.mkdir(parents=True)
    (linked / "HEAD").write_text(f"ref: refs/heads/{BRANCH}\n")
    (linked / "commondir").write_text("../..\n")
    (linked / "gitdir").write_bytes(os.fsencode(path / "tree" / ".git") + b"\n")
    if record.sparse is not None:
        (linked / "info").mkdir()
        shutil.copy(watch / "info" / "sparse-checkout", linked / "info")
        (linked / "config.worktree").write_text(_SPARSE_FILE)
    shutil.copy2(watch / "index", linked / "index")  # the time stamp guards racy entries
    (path / "tree" / ".git").write_bytes(b"gitdir: " + os.fsencode(linked) + b"\n")


def cone(folders: Sequence[str]) -> str:
    """Sparse-checkout patterns of git's cone mode: the folders whole, and the files beside them up to the root."""
    whole = {_clean(folder) for folder in folders}
    if "" in whole:
        return "/*\n"
    above = {
        "/".join(folder.split("/")[:depth]) for folder in whole for depth in range(1, folder.count("/") + 1)
    }
    lines = ["/*", "!/*/"]
    for folder in sorted(whole | above):
        covered = any(folder.startswith(other + "/") for other in whole)
        if folder in whole and not covered:
            lines.append(f"/{_escaped(folder)}/")
        elif not covered:
            lines += [f"/{_escaped(folder)}/", f"!/{_escaped(folder)}/*/"]
    return "\n".join(lines) + "\n"


def _clean(folder: str) -> str:
    parts = [part for part in folder.split("/") if part not in ("", ".")]
    if ".." in parts or "\n" in folder or folder.startswith("/"):
        raise UsageError(
            f"{folder!r} is not a folder of the repository", next_step="name it relative to its root"
        )
    return "/".join(parts)


def _escaped(folder: str) -> str:
    return "".join(f"\\{char}" if char in "\\*?[" else char for char in folder)
