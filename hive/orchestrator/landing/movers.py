"""Where a branch moves: in the user's repository, or at a remote. Each may be asked again after any crash."""

from dataclasses import dataclass
from typing import Protocol, assert_never

from hive.model import LandingMode
from hive.orchestrator.context import Context
from hive.state import RunState
from hive.workspaces import landing
from hive.workspaces.checkout import Untouchable
from hive.workspaces.landing import BranchDeleted, BranchMoved, BranchReset, Landed, LandedElsewhere
from hive.workspaces.origin import Part
from hive.workspaces.remote import Remote, land_at
from hive.workspaces.repository import UserRepository

Moved = Landed | LandedElsewhere | Untouchable | BranchMoved | BranchReset | BranchDeleted


class Mover(Protocol):
    """Moves one branch; all may raise TroubleError when a remote does not answer well."""

    @property
    def remote(self) -> str:
        """The remote's name; empty for the user's own branch."""
        ...

    def head(self, user: UserRepository, branch: str) -> str | None:
        """Where the branch is, the commit and its history being in the user's repository afterwards."""
        ...

    def move(self, part: Part) -> Moved:
        """Compare-and-swap the branch from `part.old` to `part.new`."""
        ...


@dataclass(frozen=True)
class Local:
    """The user's own branch; one of several repositories is never put aside on another branch."""

    ctx: Context
    run: str
    several: bool
    remote: str = ""

    def head(self, user: UserRepository, branch: str) -> str | None:
        """Where the branch is."""
        return user.branch_commit(branch)

    def move(self, part: Part) -> Moved:
        """Move the branch, and a clean checkout of it."""
        objects = self.ctx.objects
        if not self.several:
            return landing.land(part.user, objects, part.branch, part.old, part.new, run=self.run)
        landing.bring(part.user, objects, part.new, self.run)
        return landing.move(part.user, part.branch, part.old, part.new, self.run)


@dataclass(frozen=True)
class Pushed:
    """The remote's branch; the user's own follows when it can."""

    ctx: Context
    run: str
    remote: str

    def at(self, user: UserRepository) -> Remote:
        """The remote of a repository."""
        return Remote.open(user, self.remote, hooks=self.ctx.push_hooks)

    def head(self, user: UserRepository, branch: str) -> str | None:
        """Where the remote's branch is; its history is fetched."""
        return self.at(user).fetch(branch, self.run)

    def move(self, part: Part) -> Moved:
        """Push, with a lease on what was tested."""
        where, objects = self.at(part.user), self.ctx.objects
        return land_at(where, objects, part.branch, part.old, part.new, run=self.run)


def mover(ctx: Context, state: RunState) -> Mover:
    """Who moves the target of a run."""
    mode: LandingMode = state.policy.landing
    match mode:
        case "local":
            return Local(ctx, state.id, several=bool(state.created.repositories))
        case "push" | "pull-request":
            return Pushed(ctx, state.id, state.policy.remote)
        case _:
            assert_never(mode)
