"""The user's repository, as hive may look at it: read-only but for hive's own refs."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hive.errors import GitError, UsageError
from hive.model import digest
from hive.workspaces.git import NO_OID, SYNCED, Git, split_fields, version
from hive.workspaces.locating import locate
from hive.workspaces.names import ref_part

_BUSY = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "BISECT_LOG", "rebase-merge", "rebase-apply")


@dataclass(frozen=True)
class Checkout:
    """One worktree of the user, and what it has checked out."""

    root: Path
    branch: str | None
    """Without `refs/heads/`; none when its HEAD is detached."""


@dataclass(frozen=True)
class UserRepository:
    """The user's own repository: its configuration and filters are trusted as theirs, its hooks never run."""

    root: Path
    common_dir: Path
    git_dir: Path
    """Of the worktree at `root`; the same as `common_dir` for the main worktree."""

    @staticmethod
    def open(path: Path, *, to_work: bool = True) -> "UserRepository":
        """The repository that `path` lies in; UsageError with the next step when hive cannot work with it.

        Unless it is `to_work` with, git is asked where it is and nothing else: enough to read what hive has recorded.
        """
        repository = UserRepository(*locate(path))
        if to_work:
            version()
            repository._check()
        return repository

    @property
    def git(self) -> Git:
        """git on this repository and its worktree, with the user's configuration."""
        return Git(self.git_dir, self.root, owned=False)

    @property
    def identity(self) -> str:
        """A stable id of the project, the same from every worktree and over every link to it."""
        return digest(os.path.realpath(self.common_dir))[:20]

    @property
    def repositories(self) -> "Mapping[str, UserRepository]":
        """This one, under the empty name."""
        return {"": self}

    @property
    def lenders(self) -> tuple[Path, ...]:
        """Its git folder."""
        return (self.common_dir,)

    def branch_in(self, repository: str, target: str) -> str:
        """The target itself."""
        return target

    def compose(self, target: str, heads: Mapping[str, str], after: str | None = None) -> str:
        """The head itself."""
        return heads[""]

    def heads(self, commit: str) -> dict[str, str]:
        """The commit itself."""
        return {"": commit}

    def head(self) -> str:
        """The commit that is checked out at `root`."""
        return self.resolve("HEAD")

    def current_branch(self) -> str | None:
        """The branch checked out at `root`, without `refs/heads/`; none when HEAD is detached."""
        done = self.git.run("symbolic-ref", "--quiet", "--short", "HEAD", codes=(0, 1))
        return os.fsdecode(done.stdout).strip() or None

    def resolve(self, ref: str) -> str:
        """The commit that a ref, tag or id names; UsageError when it names none."""
        done = self.git.run(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}", codes=(0, 1, 128)
        )
        if not done.ok:
            raise UsageError(
                f"{ref!r} names no commit in {str(self.root)!r}",
                next_step="`git branch --all` lists what exists",
            )
        return done.stdout.decode().strip()

    def branch_commit(self, branch: str) -> str | None:
        """The commit that a local branch points at; none when there is no such branch."""
        return self.ref(f"refs/heads/{branch}")

    def ref(self, name: str) -> str | None:
        """The object that a ref points at; none when it does not exist."""
        done = self.git.run("show-ref", "--verify", "--hash", "--", name, codes=(0, 1, 128))
        return done.stdout.decode().strip() if done.ok else None

    def dirty_paths(self) -> tuple[str, ...]:
        """Changed tracked paths and untracked ones (a whole untracked folder as `folder/`), sorted.

        Filters of the repository's own configuration do not run, as it may not be trusted yet: a file that only such
        a filter makes equal to its commit counts as changed.
        """
        asked = (
            "--porcelain=v2",
            "-z",
            "--no-renames",
            "--untracked-files=normal",
            "--ignore-submodules=all",
        )
        raw = split_fields(self.git.run("status", *asked, env=self._no_filters()).stdout)
        return tuple(sorted({path for path in map(_status_path, raw) if path}))

    def _no_filters(self) -> dict[str, str]:
        keys = r"^filter\..*\.(clean|smudge|process|required)$"
        asked = ("config", "--local", "--includes", "-z", "--name-only", "--get-regexp", keys)
        names = sorted(set(split_fields(self.git.run(*asked, codes=(0, 1)).stdout)))
        env = {"GIT_CONFIG_COUNT": str(len(names))}  # not `-c`: a driver may have a `=` in its name
        for at, name in enumerate(names):
            env[f"GIT_CONFIG_KEY_{at}"] = name
            env[f"GIT_CONFIG_VALUE_{at}"] = "false" if name.endswith(".required") else ""
        return env

    def checkouts(self) -> tuple[Checkout, ...]:
        """Every worktree of the repository that has files."""
        found: list[Checkout] = []
        root, branch, bare = Path(), None, False
        for line in self.git.fields("worktree", "list", "--porcelain", "-z"):
            key, _, value = line.partition(" ")
            if key == "worktree":
                root, branch, bare = Path(value), None, False
            elif key == "branch":
                branch = value.removeprefix("refs/heads/")
            bare = bare or key == "bare"
            if not line and not bare:
                found.append(Checkout(root, branch))
        return tuple(found)

    def checked_out_at(self, branch: str) -> tuple[Path, ...]:
        """The worktrees that have this branch checked out, those removed by hand left out."""
        return tuple(each.root for each in self.checkouts() if each.branch == branch and each.root.is_dir())

    def at(self, root: Path) -> Git:
        """git on another worktree of this repository, with the user's configuration."""
        place = locate(root)
        if place.common_dir != self.common_dir:
            raise GitError(
                f"{str(root)!r} is no longer a worktree of {str(self.common_dir)!r}",
                next_step="`git worktree list` shows what git knows; `git worktree prune` forgets what is gone",
            )
        return Git(place.git_dir, place.root, owned=False)

    def busy(self, branch: str) -> str | None:
        """A worktree's merge, rebase or the like that is under way on this branch, in words; none otherwise."""
        folders = [self.common_dir, *(self.common_dir / "worktrees").glob("*")]
        for folder in folders:
            for sign in _BUSY:
                if (folder / sign).exists() and branch in _branches_of(folder):
                    return f"{sign} in {str(folder)!r}"
        return None

    def pin(self, run: str, commit: str) -> None:
        """Keep a commit and all that it needs alive in the user's repository while the run lives."""
        name = f"refs/hive/keep/{ref_part(run)}"
        current = self.ref(name)
        if current == commit or (current and self.contains(commit, current)):
            return
        if current and not self.contains(current, commit):
            name = f"{name}-{commit[:12]}"
        self.git.run("update-ref", "--no-deref", "--end-of-options", name, commit)

    def unpin(self, run: str) -> None:
        """Forget what `pin` kept for a run, and the run's landing ref; the user's gc may have it again."""
        ref_part(run)
        names = self.git.text(
            "for-each-ref",
            "--format=%(refname)",
            f"refs/hive/keep/{run}",
            f"refs/hive/keep/{run}-*",
            f"refs/hive/landing/{run}",
            f"refs/hive/landing/{run}-*",
        )
        orders = "".join(f"delete {name}\n" for name in names.split())
        self.git.run("update-ref", "--no-deref", "--stdin", stdin=orders.encode())

    def contains(self, old: str, new: str) -> bool:
        """Whether `new` is `old` or a descendant of it; not so when either is unknown here."""
        return self.git.run("merge-base", "--is-ancestor", "--end-of-options", old, new, codes=(0, 1, 128)).ok

    def refuses(self) -> tuple[str, ...]:
        """Why hive cannot work with this repository, one sentence each; empty when it can."""
        keys = r"^(extensions\.(objectformat|partialclone)|remote\..*\.promisor)$"
        facts = self.git.run("config", "-z", "--get-regexp", keys, codes=(0, 1)).stdout.lower()
        reasons = []
        if b"objectformat\nsha256" in facts:
            reasons.append("its objects are named by sha256; hive works with sha1 repositories")
        if b"partialclone\n" in facts or b"promisor\n" in facts:
            reasons.append(
                "it is a partial clone: objects would be fetched from elsewhere in the middle of a run"
            )
        return tuple(reasons)

    def submodules(self, commit: str) -> tuple[str, ...]:
        """Paths of submodules: kept as they are in every commit, empty in workspaces, never entered."""
        listed = self.git.fields("ls-tree", "-r", "-z", "--full-tree", "--end-of-options", commit)
        return tuple(entry.split("\t", 1)[1] for entry in listed if entry.startswith("160000 "))

    def _check(self) -> None:
        if reasons := self.refuses():
            raise UsageError(
                f"hive cannot work with {str(self.root)!r}: {reasons[0]}",
                next_step="make a full clone with `git clone --no-local`, and run hive there",
            )
        if self.ref("HEAD") in (None, NO_OID):
            raise UsageError(
                f"{str(self.root)!r} has no commit yet",
                next_step="commit something: `git add -A && git commit`",
            )


def move_ref(git: Git, name: str, old: str | None, new: str, run: str) -> bool:
    """Compare-and-swap a ref of the user, with an entry in its reflog; whether it is at `new` now."""
    done = git.run(
        "update-ref", "--create-reflog", "-m", f"hive: land run {run}", "--end-of-options", name, new, old or NO_OID,
        codes=(0, 1, 128), settings=SYNCED,
    )  # fmt: skip
    if done.ok:
        return True
    now = git.run("show-ref", "--verify", "--hash", "--", name, codes=(0, 1, 128))
    return now.ok and now.stdout.decode().strip() == new


def _status_path(record: str) -> str:
    if record[:2] == "? ":
        return record[2:]
    fields = {"1": 8, "u": 10}.get(record[:1])
    return record.split(" ", fields)[fields] if fields else ""


def _branches_of(git_dir: Path) -> list[str]:
    names = []
    for place in ("HEAD", "rebase-merge/head-name", "rebase-apply/head-name", "BISECT_START"):
        try:
            said = (git_dir / place).read_text(errors="replace").strip()
        except OSError:
            continue
        names.append(said.removeprefix("ref: ").removeprefix("refs/heads/"))
    return names
