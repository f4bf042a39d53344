"""What a run is made from and lands in: one repository of the user, or several seen as one."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from hive.workspaces.git import Git

if TYPE_CHECKING:
    from hive.workspaces.repository import UserRepository


class Part(NamedTuple):
    """One repository's share of a changeset: its branch goes from `old` to `new`."""

    name: str
    """Empty for a project of one repository."""
    user: "UserRepository"
    branch: str
    old: str
    new: str

    @property
    def ref(self) -> str:
        """The branch's full name."""
        return f"refs/heads/{self.branch}"


class Origin(Protocol):
    """The user's side of a project. Commits of several repositories are composed: one folder for each of them."""

    @property
    def root(self) -> Path:
        """The folder with `hive.toml`."""
        ...

    @property
    def identity(self) -> str:
        """A stable id of the project."""
        ...

    @property
    def git(self) -> Git:
        """git that knows the project's commits."""
        ...

    @property
    def repositories(self) -> "Mapping[str, UserRepository]":
        """By name; one repository alone has the empty name."""
        ...

    @property
    def lenders(self) -> tuple[Path, ...]:
        """Git folders whose objects hive borrows."""
        ...

    def branch_in(self, repository: str, target: str) -> str:
        """The branch of a repository that runs with this target land on."""
        ...

    def compose(self, target: str, heads: Mapping[str, str], after: str | None = None) -> str:
        """The project's commit with these heads of its repositories; `after` is a commit that it continues."""
        ...

    def heads(self, commit: str) -> dict[str, str]:
        """The heads of the repositories that a commit of `compose` stands for."""
        ...

    def head(self) -> str:
        """The project's commit as it is checked out."""
        ...

    def current_branch(self) -> str | None:
        """The branch that is checked out; none when HEAD is detached."""
        ...

    def branch_commit(self, branch: str) -> str | None:
        """The project's commit on its target; none when a branch is missing."""
        ...

    def resolve(self, ref: str) -> str:
        """The commit that a name stands for. Raises UsageError."""
        ...

    def dirty_paths(self) -> tuple[str, ...]:
        """Uncommitted paths, as the project sees them."""
        ...

    def refuses(self) -> tuple[str, ...]:
        """Why hive cannot work here; empty when it can."""
        ...

    def pin(self, run: str, commit: str) -> None:
        """Keep what a run borrows alive in the user's repositories."""
        ...

    def unpin(self, run: str) -> None:
        """Forget what `pin` kept."""
        ...
