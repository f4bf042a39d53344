"""A task's isolated worktree: a private repository that borrows objects, and hive's own way to take the work."""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from hive.errors import GitError, UsageError
from hive.workspaces import history
from hive.workspaces.building import build, view
from hive.workspaces.folders import is_real_folder, living_in, remove_tree
from hive.workspaces.intake import tree_of_files
from hive.workspaces.names import folder_id
from hive.workspaces.record import Record
from hive.workspaces.store import ObjectStore

_EPOCH = datetime.fromtimestamp(0, UTC)
"""The date of snapshots that nobody asked for: equal files make equal commits."""


class Snapshot(NamedTuple):
    """What hive took out of a workspace."""

    commit: str
    tree: str
    ref: str
    """Keeps the commit alive in the store."""
    left_out: tuple[str, ...] = ()
    """Nested repositories and files that git cannot hold."""
    history: tuple[str, ...] = ()
    """The agent's own commits that nothing else contains; each has a ref."""
    note: str = ""
    """Why the agent's own commits could not be read, when it made that impossible."""


@dataclass(frozen=True)
class Workspace:
    """`path/tree` is the agent's worktree, `path/repo.git` its private repository; nothing else is there.

    hive's own view of it (index, record) lies in the store, where no agent can write.
    """

    store: ObjectStore
    path: Path
    start: str
    """The commit that the task began from: the parent of everything that is collected."""

    @property
    def tree(self) -> Path:
        """The folder that the agent works in."""
        return self.path / "tree"

    @property
    def private(self) -> Path:
        """The agent's own repository."""
        return self.path / "repo.git"

    @property
    def id(self) -> str:
        """Names this workspace's refs in the store: `refs/hive/work/<id>/…`, `refs/hive/history/<id>/…`."""
        return folder_id(self.path)

    @property
    def _watch(self) -> Path:
        return self.store.path / "hive" / self.id

    @staticmethod
    def create(
        store: ObjectStore, path: Path, commit: str, sparse: Sequence[str] | None = None
    ) -> "Workspace":
        """The workspace at `path`, made from `commit`; only the `sparse` folders (and files beside them) when given.

        Idempotent: a finished one is returned as it is, one that a crash left half-made is made again.
        """
        start = store.fetch_base(commit)
        workspace = Workspace(store, path.parent.resolve() / path.name, start)
        record = Record.read(workspace._watch)
        if record is None and workspace.path.exists():
            raise UsageError(
                f"{str(path)!r} exists, and hive has no record of making it",
                next_step="move it out of the way",
            )
        if record is not None and record.state == "ready" and record.start != start:
            raise UsageError(
                f"the workspace {str(path)!r} was made from {record.start!r}, not from {start!r}",
                next_step="collect and remove it first, or ask for the commit that it was made from",
            )
        if record is not None and record.state == "ready":
            workspace._check()
            return workspace
        folders = tuple(sparse) if sparse is not None else None
        begun = record is not None and record.state == "making" and record.start == start
        at = record.at if record is not None and begun else start
        build(store.path, workspace.path, workspace._watch, Record("making", start, at, folders))
        return workspace

    @staticmethod
    def open(store: ObjectStore, path: Path) -> "Workspace":
        """An existing workspace, completed when a crash left it half-made or half-reset.

        GitError when it was never begun, or has vanished.
        """
        found = Workspace(store, path.parent.resolve() / path.name, "")
        record = Record.read(found._watch)
        if record is None:
            raise GitError(f"{str(path)!r} is not a workspace of this store", next_step="run `hive resume`")
        workspace = replace(found, start=record.start)
        if record.state == "making":
            build(store.path, workspace.path, workspace._watch, record)
        elif record.state == "ready":
            workspace._check()
        return workspace

    def snapshot(self, message: str, date: datetime) -> Snapshot:
        """Take the worktree's files as a commit on `start`, and keep the agent's own commits as history.

        Bytes on disk are what is committed. Files that a .gitignore names stay out, the agent's own .gitignore
        included: it may only hide what is new, as files of `start` stay tracked.
        """
        record = self._check()
        tree, left_out = self._taken()
        commit = self.store.commit_tree(tree, [self.start], message, date)
        ref = f"refs/hive/work/{self.id}/{commit}"
        self.store.keep(ref, commit)
        own, note = history.keep(self.store, self.private, self.id, (self.start, record.at))
        return Snapshot(commit, tree, ref, left_out, own, note)

    def collect(self, message: str, date: datetime) -> str:
        """The commit of `snapshot`."""
        return self.snapshot(message, date).commit

    def reset(self, commit: str, date: datetime | None = None, *, start: str | None = None) -> Snapshot:
        """Make the workspace anew with exactly the files of `commit`; what was in it is snapshotted first.

        `start` is what further work is collected on, when that is another commit from now on.
        """
        record = self._check()
        self._check_unused()
        at = self.store.fetch_base(commit)
        taken = self.snapshot(f"Work in progress, before a reset to {at}", date or _EPOCH)
        build(self.store.path, self.path, self._watch, record._replace(at=at, start=start or record.start))
        return taken

    def remove(self) -> Snapshot:
        """Remove the folder, its work kept by the ref that is returned; GitError when a process lives in it."""
        record = Record.read(self._watch)
        if record is None:
            raise GitError(f"{str(self.path)!r} is not a workspace", next_step="nothing is left to remove")
        if record.state == "ready" and self.path.exists():
            self._check_unused()
            kept = self._kept()
            record._replace(state="removing").write(self._watch)
        else:
            kept = self._last()
        remove_tree(self.path)
        shutil.rmtree(self._watch)
        return kept

    # --- taking -------------------------------------------------------------------------------------------------

    def _taken(self) -> tuple[str, tuple[str, ...]]:
        record = self._check()
        with tempfile.TemporaryDirectory(prefix="take-", dir=self._watch) as scratch:
            index = Path(scratch) / "index"
            shutil.copy2(self._watch / "index", index)
            return tree_of_files(view(self._watch, self.tree, index, record), self.store.path, record.at)

    def _kept(self) -> Snapshot:
        tree, _ = self._taken()
        for ref, commit in self.store.refs(f"refs/hive/work/{self.id}/").items():
            if self.store.tree_of(commit) == tree:
                return Snapshot(commit, tree, ref)
        if tree == self.store.tree_of(self.start):
            ref = f"refs/hive/work/{self.id}/{self.start}"
            self.store.keep(ref, self.start)
            return Snapshot(self.start, tree, ref)
        return self.snapshot("Work that was in the workspace when it was removed", _EPOCH)

    def _last(self) -> Snapshot:
        kept = list(self.store.refs(f"refs/hive/work/{self.id}/").items())
        ref, commit = kept[-1] if kept else ("", self.start)
        return Snapshot(commit, self.store.tree_of(commit), ref)

    # --- the record -----------------------------------------------------------------------------------------------

    def _check(self) -> Record:
        record = Record.read(self._watch)
        for folder in (self.path, self.tree):
            if not is_real_folder(folder):
                raise GitError(
                    f"the workspace {str(self.path)!r} has vanished: {str(folder)!r} is not there",
                    next_step="put it back where it was, or retry the task: hive never works in another folder instead",
                )
        if record is None:
            raise GitError(
                f"{str(self.path)!r} is not a workspace of this store", next_step="run `hive resume`"
            )
        return record

    def _check_unused(self) -> None:
        if pids := living_in(self.path):
            raise GitError(
                f"{str(self.path)!r} is in use by process {', '.join(map(str, pids))}",
                next_step="let it end, or stop it, then try again",
            )
