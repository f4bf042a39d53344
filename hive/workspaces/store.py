"""hive's own bare repository: it borrows the user's objects, and every merge, diff and export happens in it."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from hive.errors import GitError
from hive.model import FileStat
from hive.workspaces import diff, export
from hive.workspaces.diff import Changed
from hive.workspaces.entries import Entry, edit_index, entries, removal
from hive.workspaces.git import IDENTITY, NO_OID, Git, make_bare
from hive.workspaces.layout import alternates_line, follow, furnish
from hive.workspaces.names import own_ref, shown
from hive.workspaces.origin import Origin


@dataclass(frozen=True)
class Merged:
    """A merge without conflicts."""

    commit: str
    tree: str


@dataclass(frozen=True)
class Conflicted:
    """A merge that needs somebody to decide."""

    paths: tuple[str, ...]


MergeResult = Merged | Conflicted


class LogEntry(NamedTuple):
    """One commit of a history."""

    commit: str
    parents: tuple[str, ...]
    subject: str


@dataclass(frozen=True)
class ObjectStore:
    """One `hive.git`; safe to use from several threads and processes at a time."""

    path: Path
    user: Origin

    @staticmethod
    def open(path: Path, user: Origin) -> "ObjectStore":
        """The store at `path`, made when it does not exist yet: whole, or not at all."""
        if not path.exists():
            _make(path, user)
        store = ObjectStore(path.resolve(), user)
        borrowed = store.path / "objects" / "info" / "alternates"
        if "" not in user.repositories:
            _borrow_more(borrowed, user)
        elif not borrowed.is_file() or borrowed.read_bytes() != _alternates(user):
            raise GitError(
                f"{str(path)!r} is not hive's store of {str(user.root)!r}",
                next_step="the repository was moved, or two projects share a state folder; `hive doctor` tells",
            )
        follow(user.lenders[0] if len(user.lenders) == 1 else store.path / "nobody", store.path)
        return store

    @property
    def git(self) -> Git:
        """git on this store."""
        return Git(self.path)

    def borrowed(self) -> tuple[Path, ...]:
        """Object folders that a workspace reads from: a sandbox shows them, read-only."""
        return (self.path / "objects", *(lender / "objects" for lender in self.user.lenders))

    def fetch_base(self, commit: str) -> str:
        """Make sure that a commit of the user is here whole; returns its id."""
        oid = self.git.run(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}^{{commit}}", codes=(0, 1, 128)
        )
        if not oid.ok:
            raise GitError(
                f"commit {commit!r} is not in {str(self.user.root)!r}",
                next_step="`git gc` may have taken it: start the run again from a commit that exists",
            )
        return oid.stdout.decode().strip()

    # --- refs -------------------------------------------------------------------------------------------------

    def ref(self, name: str) -> str | None:
        """What a ref of the store points at; none when it does not exist."""
        done = self.git.run("show-ref", "--verify", "--hash", "--", name, codes=(0, 1, 128))
        return done.stdout.decode().strip() if done.ok else None

    def refs(self, prefix: str) -> dict[str, str]:
        """The refs at and below a prefix, with what they point at."""
        lines = self.git.text("for-each-ref", "--format=%(refname) %(objectname)", "--", prefix).splitlines()
        return {name: oid for name, _, oid in (line.partition(" ") for line in lines)}

    def set_ref(self, name: str, new: str, old: str | None) -> None:
        """Move a ref from `old` (none: it must not exist) to `new`; GitError when it is elsewhere, but at `new`."""
        done = self.git.run(
            "update-ref",
            "--no-deref",
            "--end-of-options",
            own_ref(name),
            new,
            old or NO_OID,
            codes=(0, 1, 128),
        )
        if not done.ok and (found := self.ref(name)) != new:
            raise GitError(
                f"ref {name!r} is at {found!r}, not at {old!r} as expected, so it was not moved to {new!r}",
                next_step="somebody else moved it: look again before deciding",
            )

    def keep(self, name: str, commit: str) -> None:
        """Point a ref at a commit, wherever it was."""
        self.git.run("update-ref", "--no-deref", "--end-of-options", own_ref(name), commit)

    def delete_ref(self, name: str) -> None:
        """Remove a ref; one that is gone already is fine."""
        self.git.run("update-ref", "--no-deref", "-d", "--end-of-options", own_ref(name))

    def delete_refs(self, prefix: str) -> None:
        """Remove every ref at and below a prefix, all or none; what only they kept may go."""
        orders = "".join(f"delete {name} {oid}\n" for name, oid in self.refs(own_ref(prefix)).items())
        self.git.run("update-ref", "--no-deref", "--stdin", stdin=orders.encode())

    # --- commits ----------------------------------------------------------------------------------------------

    def commit_tree(self, tree: str, parents: Sequence[str], message: str, author_date: datetime) -> str:
        """A commit by hive; the same inputs give the same id."""
        facts = {**IDENTITY, "DATE": f"@{int(author_date.timestamp())} +0000"}
        env = {f"GIT_{who}_{what}": text for who in ("AUTHOR", "COMMITTER") for what, text in facts.items()}
        above = [part for parent in parents for part in ("-p", parent)]
        text = message.encode("utf-8", "backslashreplace").replace(b"\0", b"")
        done = self.git.run(
            "commit-tree", *above, "--end-of-options", tree, stdin=text.strip() + b"\n", env=env
        )
        return done.stdout.decode().strip()

    def commit_files(self, base: str, files: Mapping[str, bytes | None], message: str, date: datetime) -> str:
        """A commit on `base` with these files replaced, added, or (None) removed; modes of files are kept."""
        modes = {entry.path: entry.mode for entry in entries(self.git, base, list(files))}
        with self.scratch_index() as git:
            git.run("read-tree", "--end-of-options", base)
            edit_index(git, self._orders(files, modes))
            tree = git.text("write-tree")
        return self.commit_tree(tree, [base], message, date)

    def _orders(self, files: Mapping[str, bytes | None], modes: Mapping[str, str]) -> Iterator[Entry]:
        written = {path: content for path, content in files.items() if content is not None}
        yield from (removal(path) for path, content in files.items() if content is None)
        for path, oid in zip(written, self.blobs(list(written.values())), strict=True):
            mode = modes.get(path)
            yield Entry(mode if mode in ("100644", "100755") else "100644", oid, path)

    def blob(self, content: bytes) -> str:
        """Store bytes; returns their object id."""
        return self.blobs([content])[0]

    def blobs(self, contents: Sequence[bytes]) -> list[str]:
        """Store many files' bytes by one command; returns their object ids."""
        orders = (
            b"blob\nmark :%d\ndata %d\n%b\nget-mark :%d\n" % (at, len(each), each, at)
            for at, each in enumerate(contents, 1)
        )
        return self.git.text("fast-import", "--quiet", "--done", stdin=b"".join([*orders, b"done\n"])).split()

    def scratch_index(self) -> "_ScratchIndex":
        """A context with git on an index of its own, gone afterwards."""
        return _ScratchIndex(self.git)

    def merge(self, ours: str, theirs: str, message: str, date: datetime) -> MergeResult:
        """Merge two commits without any checkout; `theirs` already in `ours` merges to `ours` itself."""
        if self.is_ancestor(theirs, ours):
            return Merged(ours, self.tree_of(ours))
        done = self.git.run(
            "merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", ours, theirs, codes=(0, 1)
        )
        tree, *paths = [os.fsdecode(field) for field in done.stdout.split(b"\0") if field]
        if done.code == 1:
            return Conflicted(tuple(dict.fromkeys(paths)))
        return Merged(self.commit_tree(tree, [ours, theirs], message, date), tree)

    def tree_of(self, commit: str) -> str:
        """The tree of a commit."""
        return self.git.text("rev-parse", "--verify", "--end-of-options", f"{commit}^{{tree}}")

    def subtree(self, commit: str, path: str) -> str | None:
        """The object id of a folder or file of a commit; none when it is not there. `.` is the whole tree."""
        if path in ("", "."):
            return self.tree_of(commit)
        listed = self.git.fields("ls-tree", "-z", "--full-tree", "--end-of-options", commit, path.rstrip("/"))
        return listed[0].split("\t")[0].split(" ")[2] if listed else None

    def is_ancestor(self, old: str, new: str) -> bool:
        """Whether `new` contains `old`."""
        return self.git.test("merge-base", "--is-ancestor", "--end-of-options", old, new)

    def contains(self, old: str, new: str) -> bool:
        """The same, for commits that may be unknown here: then it does not."""
        return self.git.run("merge-base", "--is-ancestor", "--end-of-options", old, new, codes=(0, 1, 128)).ok

    def merge_base(self, one: str, other: str) -> str | None:
        """The best common ancestor of two commits; none when they share no history."""
        done = self.git.run("merge-base", "--end-of-options", one, other, codes=(0, 1))
        return done.stdout.decode().split()[0] if done.ok else None

    def log(self, old: str, new: str, limit: int = 1000) -> tuple[LogEntry, ...]:
        """The commits of `new` that `old` lacks, newest first."""
        output = self.git.fields(
            "log",
            "-z",
            "--format=%H %P%n%s",
            f"--max-count={limit}",
            "--end-of-options",
            f"{old}..{new}",
            "--",
        )
        return tuple(_log_entry(shown(record)) for record in output)

    # --- diffs and exports --------------------------------------------------------------------------------------

    def diff(self, old: str, new: str, paths: Sequence[str] | None = None) -> str:
        """The unified diff for people, bounded in size."""
        return diff.diff_text(self.git, old, new, paths)

    def diff_stat(self, old: str, new: str) -> tuple[FileStat, ...]:
        """Changed files with counted lines."""
        return diff.diff_stat(self.git, old, new)

    def diff_digest(self, old: str, new: str) -> str:
        """A hash over modes, object ids and paths of the difference: what a review approves."""
        return diff.diff_digest(self.git, old, new)

    def changes(self, old: str, new: str) -> tuple[Changed, ...]:
        """Every changed path with what the scope guard needs."""
        return diff.changes(self.git, old, new)

    def paths(self, commit: str) -> tuple[str, ...]:
        """Every path of a commit."""
        return tuple(entry.path for entry in entries(self.git, commit))

    def checkout(self, commit: str, into: Path, paths: Sequence[str] | None = None) -> tuple[str, ...]:
        """Export a commit's files (or some) into an empty folder; returns links left out as they leave the tree."""
        return export.checkout(self.git, commit, into, paths)


class _ScratchIndex:
    def __init__(self, git: Git) -> None:
        self._git = git
        self._folder = tempfile.TemporaryDirectory(prefix="index-", dir=git.git_dir)

    def __enter__(self) -> Git:
        return replace(self._git, index=Path(self._folder.name) / "index")

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()


def _log_entry(record: str) -> LogEntry:
    head, _, subject = record.partition("\n")
    commit, _, parents = head.partition(" ")
    return LogEntry(commit, tuple(parents.split()), subject)


def _alternates(user: Origin) -> bytes:
    return b"".join(alternates_line(lender / "objects") for lender in user.lenders)


def _borrow_more(borrowed: Path, user: Origin) -> None:
    """A project of several repositories may be given more of them; older runs keep what they borrowed from."""
    known, wanted = borrowed.read_bytes(), _alternates(user)
    missing = [
        line for line in wanted.splitlines(keepends=True) if line not in known.splitlines(keepends=True)
    ]
    if missing:
        part = borrowed.with_name(f"alternates.{os.getpid()}")
        part.write_bytes(known + b"".join(missing))
        part.replace(borrowed)


def _make(path: Path, user: Origin) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    try:
        make_bare(made / "new")
        furnish(made / "new", _alternates(user))
        (made / "new" / "hive").mkdir()
        try:
            (made / "new").rename(path)
        except OSError:
            if not (path / "objects").is_dir():
                raise
    finally:
        shutil.rmtree(made)
