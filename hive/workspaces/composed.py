"""Several repositories as one project: each is a folder of commits that only hive's own repository has."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from hive.errors import GitError, UsageError
from hive.model import digest
from hive.workspaces.git import Git
from hive.workspaces.names import ref_part
from hive.workspaces.repository import UserRepository
from hive.workspaces.store import ObjectStore

_EPOCH = datetime.fromtimestamp(0, UTC)
_TITLE = "The repositories of the project"
_LANDED = "refs/hive/composed/landed"
TRIES = 8


class Member(NamedTuple):
    """One repository of a project, and the branch that runs land on in it."""

    name: str
    user: UserRepository
    branch: str


def folder_tree(git: Git, trees: Mapping[str, str]) -> str:
    """The tree whose folders are these trees, by name."""
    lines = [f"040000 tree {tree}\t{name}\0" for name, tree in sorted(trees.items())]
    return git.run("mktree", "-z", stdin="".join(lines).encode()).stdout.decode().strip()


def identity_of(root: Path) -> str:
    """The id of the project whose `hive.toml` lies in a folder."""
    return digest("several repositories", os.path.realpath(root))[:20]


@dataclass(frozen=True)
class Composed:
    """Implements `Origin`. Each composed commit continues the last one while every repository's history does."""

    root: Path
    members: tuple[Member, ...]
    store_path: Path

    @staticmethod
    def open(root: Path, members: tuple[Member, ...], store_path: Path) -> "Composed":
        """The project. Raises UsageError when two names mean one repository, or one cannot take part."""
        if len(members) < 2:
            raise UsageError(
                f"[repositories] in {str(root)!r} names only one",
                next_step="name two or more, or run hive in that repository without it",
            )
        seen: dict[Path, str] = {}
        for name, user, _ in members:
            ref_part(name)
            if other := seen.get(user.common_dir):
                raise UsageError(
                    f"{name!r} and {other!r} are the same repository, {str(user.root)!r}",
                    next_step="name each repository once in hive.toml; a service is a folder of it",
                )
            seen[user.common_dir] = name
        return Composed(root, members, store_path)

    @property
    def identity(self) -> str:
        """A stable id of the project."""
        return identity_of(self.root)

    @cached_property
    def _store(self) -> ObjectStore:
        return ObjectStore.open(self.store_path, self)

    @property
    def git(self) -> Git:
        """git on hive's own repository, the only one that knows composed commits."""
        return self._store.git

    @property
    def repositories(self) -> Mapping[str, UserRepository]:
        """By name."""
        return {member.name: member.user for member in self.members}

    @property
    def lenders(self) -> tuple[Path, ...]:
        """Every repository's git folder."""
        return tuple(member.user.common_dir for member in self.members)

    def branch_in(self, repository: str, target: str) -> str:
        """The branch of a repository that runs land on, whatever the target is called as a whole."""
        return next(member.branch for member in self.members if member.name == repository)

    def compose(self, target: str, heads: Mapping[str, str], after: str | None = None) -> str:
        """A commit whose folders are the trees of these heads; the last one again when nothing has moved.

        Where a repository was reset, the commit begins a new history, so that whoever compares sees that.
        """
        name = f"refs/hive/composed/{digest(target)[:20]}"
        for _ in range(TRIES):
            last = self._store.ref(name)
            known = self.heads(last) if last else {}
            if last and known == dict(heads) and (after is None or self._store.is_ancestor(after, last)):
                return self._standing_for(after, last)
            goes_on = last is not None and self._continues(known, heads)
            parents = [last] if goes_on and last else []
            if after is not None:
                parents = [after, *(p for p in parents if not self._store.is_ancestor(p, after))]
            commit = self._commit(heads, parents)
            self._standing_for(after, commit)
            try:
                self._store.set_ref(name, commit, last)
            except GitError:
                continue
            return commit
        raise GitError(f"{name!r} moves all the time", next_step="try again")

    def _standing_for(self, landed: str | None, commit: str) -> str:
        if landed is not None:
            self._store.keep(f"{_LANDED}/{landed}", commit)
        return commit

    def _continues(self, known: Mapping[str, str], heads: Mapping[str, str]) -> bool:
        same = known.keys() == heads.keys()
        return same and all(self._store.contains(known[name], heads[name]) for name in heads)

    def _commit(self, heads: Mapping[str, str], parents: list[str]) -> str:
        tree = folder_tree(self.git, {name: self._store.tree_of(head) for name, head in heads.items()})
        facts = "\n".join(f"{name} {head}" for name, head in sorted(heads.items()))
        return self._store.commit_tree(tree, parents, f"{_TITLE}\n\n{facts}", _EPOCH)

    def heads(self, commit: str) -> dict[str, str]:
        """What a composed commit stands for, from its message; for a merge that landed, from what came of it."""
        commit = self._store.ref(f"{_LANDED}/{commit}") or commit
        raw = self.git.run("log", "-1", "--format=%B", "--end-of-options", commit).stdout.decode()
        title, _, facts = raw.strip().partition("\n\n")
        if title != _TITLE:
            raise GitError(
                f"commit {commit!r} does not stand for the repositories of {str(self.root)!r}",
                next_step="start the run anew",
            )
        return {name: head for name, _, head in (line.partition(" ") for line in facts.split("\n"))}

    def head(self) -> str:
        """The commit of what is checked out in each repository."""
        return self.compose("HEAD", {name: user.head() for name, user in self.repositories.items()})

    def current_branch(self) -> str | None:
        """The branches that runs land on, as one name."""
        return ",".join(sorted({member.branch for member in self.members}))

    def branch_commit(self, branch: str) -> str | None:
        """The commit of every repository's target branch; none when one of them has none."""
        found = {member.name: member.user.branch_commit(member.branch) for member in self.members}
        heads = {name: head for name, head in found.items() if head is not None}
        return self.compose(branch, heads) if len(heads) == len(found) else None

    def resolve(self, ref: str) -> str:
        """A name of one repository means nothing in several."""
        if ref == "HEAD":
            return self.head()
        raise UsageError(
            f"{ref!r} names a commit of one repository, and this project has {len(self.members)}",
            next_step="go to that repository and ask there",
        )

    def dirty_paths(self) -> tuple[str, ...]:
        """Uncommitted paths, each below its repository's name."""
        found = (f"{each.name}/{path}" for each in self.members for path in each.user.dirty_paths())
        return tuple(sorted(found))

    def refuses(self) -> tuple[str, ...]:
        """Every repository's reasons."""
        reasons = [f"{each.name}: {reason}" for each in self.members for reason in each.user.refuses()]
        shallow = [each.name for each in self.members if (each.user.common_dir / "shallow").exists()]
        return (*reasons, *(f"{name}: it is a shallow clone, and several are composed" for name in shallow))

    def pin(self, run: str, commit: str) -> None:
        """Keep each repository's head alive."""
        for name, head in self.heads(commit).items():
            self.repositories[name].pin(run, head)

    def unpin(self, run: str) -> None:
        """Forget what was kept in each repository."""
        for each in self.members:
            each.user.unpin(run)
