"""Moving the user's branch to the tested commit: by compare-and-swap, and never under work in progress."""

from dataclasses import dataclass

from hive import faults
from hive.errors import GitError
from hive.workspaces.checkout import Advanced, Untouchable, advance
from hive.workspaces.git import SYNCED
from hive.workspaces.names import ref_part
from hive.workspaces.repository import UserRepository, move_ref
from hive.workspaces.store import ObjectStore


@dataclass(frozen=True)
class Landed:
    """The branch is at the tested commit, and so is every checkout of it."""

    ref: str
    old: str
    new: str


@dataclass(frozen=True)
class LandedElsewhere:
    """The tested commit is on a branch of hive's, as the target is checked out and in use."""

    ref: str
    old: str
    new: str
    reason: str
    next_step: str


@dataclass(frozen=True)
class BranchMoved:
    """Somebody committed to the target: merge onto `found`, test that, and land again."""

    branch: str
    expected: str
    found: str


@dataclass(frozen=True)
class BranchReset:
    """The target was reset or force-pushed to something that lacks the expected commit: a person decides."""

    branch: str
    expected: str
    found: str


@dataclass(frozen=True)
class BranchDeleted:
    """The target branch is gone: a person decides."""

    branch: str
    expected: str


Outcome = Landed | LandedElsewhere | BranchMoved | BranchReset | BranchDeleted


def land(user: UserRepository, store: ObjectStore, branch: str, old: str, new: str, *, run: str) -> Outcome:
    """Move `branch` from `old` to `new`, its checkout with it; calling it again after any crash is right.

    No hook of the user runs. Content filters of the user do, where files of a checkout change, as in their own
    `git merge --ff-only`. GitError when `new` does not contain `old`.
    """
    if not store.is_ancestor(old, new):
        raise GitError(
            f"commit {new!r} does not contain {old!r}, so {branch!r} cannot be moved to it",
            next_step="merge the changeset onto the branch's head first",
        )
    bring(user, store, new, run)
    moved = move(user, branch, old, new, run)
    return _aside(user, branch, old, new, run, moved.reason) if isinstance(moved, Untouchable) else moved


def move(
    user: UserRepository, branch: str, old: str, new: str, run: str
) -> Landed | Untouchable | BranchMoved | BranchReset | BranchDeleted:
    """Move a branch, and a clean checkout of it, to a commit that the user's repository has; or leave both alone."""
    found = user.branch_commit(branch)
    if found not in (old, new):
        return _gone_on(user, branch, old, found)
    places = user.checked_out_at(branch)
    if not places:
        return _move_unused(user, branch, old, new, run)
    if len(places) > 1:
        return Untouchable(f"{branch!r} is checked out in {len(places)} worktrees")
    match advance(user, places[0], branch, old, new, run):
        case Advanced():
            return Landed(f"refs/heads/{branch}", old, new)
        case Untouchable() as untouched:
            return untouched
        case None:
            return _gone_on(user, branch, old, user.branch_commit(branch))


def obstacle(user: UserRepository, branch: str) -> str:
    """Why a branch and its checkout could not move now, without touching anything; empty when they could."""
    places = user.checked_out_at(branch)
    if len(places) > 1:
        return f"{branch!r} is checked out in {len(places)} worktrees"
    if (reason := user.busy(branch)) is not None:
        return f"{branch!r} is in the middle of {reason}"
    if (
        places
        and user.at(places[0])
        .run("status", "--porcelain", "-z", "--untracked-files=no", "--ignore-submodules=all")
        .stdout
    ):
        return f"{branch!r} is checked out in {str(places[0])!r} with uncommitted changes"
    return ""


def follow(user: UserRepository, branch: str, new: str, run: str) -> str:
    """Let a local branch go forward to what landed elsewhere; empty when it did, else why it stays where it is."""
    old = user.branch_commit(branch)
    if old is None or old == new:
        return ""
    if not user.contains(old, new):
        return f"your {branch!r} has commits of its own and was left as it is"
    moved = move(user, branch, old, new, run)
    if isinstance(moved, Landed):
        return ""
    reason = moved.reason if isinstance(moved, Untouchable) else "it moved meanwhile"
    return f"your {branch!r} was left as it is: {reason}"


def bring(user: UserRepository, store: ObjectStore, new: str, run: str) -> None:
    """Copy the objects that the user lacks, safely on disk, held by a ref of hive's."""
    name = f"refs/hive/landing/{ref_part(run)}"
    if user.ref(name) == new:
        return
    user.git.run(
        "fetch", "--quiet", "--no-tags", "--no-prune", "--no-write-fetch-head", "--no-auto-maintenance",
        "--no-recurse-submodules", "--end-of-options", str(store.path), f"+{new}:{name}",
        settings=SYNCED,
    )  # fmt: skip
    faults.point("landing.fetched")


def _move_unused(
    user: UserRepository, branch: str, old: str, new: str, run: str
) -> Landed | Untouchable | BranchMoved | BranchReset | BranchDeleted:
    if (reason := user.busy(branch)) is not None:
        return Untouchable(f"{branch!r} is in the middle of {reason}")
    if not move_ref(user.git, f"refs/heads/{branch}", old, new, run):
        return _gone_on(user, branch, old, user.branch_commit(branch))
    return Landed(f"refs/heads/{branch}", old, new)


def _gone_on(
    user: UserRepository, branch: str, old: str, found: str | None
) -> BranchMoved | BranchReset | BranchDeleted:
    if found is None:
        return BranchDeleted(branch, old)
    ahead = user.contains(old, found)
    return BranchMoved(branch, old, found) if ahead else BranchReset(branch, old, found)


def _aside(user: UserRepository, branch: str, old: str, new: str, run: str, reason: str) -> LandedElsewhere:
    name = f"refs/heads/hive/landed/{ref_part(run)}"
    if not move_ref(user.git, name, user.ref(name), new, run):
        raise GitError(f"{name!r} moved while hive wrote it", next_step="run `hive land` again")
    step = f"commit or stash your changes, then `git merge --ff-only hive/landed/{run}`"
    return LandedElsewhere(name, old, new, reason, step)
