"""What a person does to the queue, and what the queue finds."""

from typing import Literal

from hive.model import Fact, FileStat


class OfferedPart(Fact):
    """The branch of one of several repositories, at exactly this commit."""

    repository: str
    branch: str
    commit: str


class BranchOffered(Fact):
    """A person puts a branch of their own into the queue: exactly this commit of it."""

    kind: Literal["branch_offered"] = "branch_offered"
    branch: str
    """Without `refs/heads/`; of several repositories the same one, or `REPOSITORY=BRANCH` for each."""
    commit: str
    """Of several repositories, one of hive's own that holds all parts."""
    diff: str
    """Digest of the diff against the run's base: what was approved by offering it."""
    by: str
    files: tuple[FileStat, ...] = ()
    breaking: bool = False
    """Whether a contract change that breaks consumers was allowed on purpose."""
    parts: tuple[OfferedPart, ...] = ()
    """Of a project of several repositories."""


class LandingHeld(Fact):
    """A person keeps a changeset in the queue from landing; those behind it go on."""

    kind: Literal["landing_held"] = "landing_held"
    by: str
    reason: str = ""


class LandingReleased(Fact):
    """A person lets a held changeset go on."""

    kind: Literal["landing_released"] = "landing_released"
    by: str


class LandingWithdrawn(Fact):
    """A person takes a changeset out of the queue; it can be queued again."""

    kind: Literal["landing_withdrawn"] = "landing_withdrawn"
    by: str
    reason: str = ""


class LandingReordered(Fact):
    """A person gives a changeset another place in the queue."""

    kind: Literal["landing_reordered"] = "landing_reordered"
    by: str
    priority: int | None = None
    before: str | None = None
    """The run that it goes in front of."""


class SpeculationConflicted(Fact):
    """The changeset does not merge on top of those ahead of it; if they land, it will be merged once more."""

    kind: Literal["speculation_conflicted"] = "speculation_conflicted"
    onto: str
    beneath: tuple[tuple[str, str], ...] = ()
    """Runs that it was merged on top of, with the commit of each."""
    reason: str = ""


class QueueStopped(Fact):
    """The target branch was reset, force-pushed or deleted: nothing lands on it before a person answers."""

    kind: Literal["queue_stopped"] = "queue_stopped"
    target: str
    expected: str
    found: str = ""
    """Empty where the branch is gone."""
    reason: str
    next_step: str


class QueueResumed(Fact):
    """A person lets the queue go on with the target branch as it is now."""

    kind: Literal["queue_resumed"] = "queue_resumed"
    target: str
    found: str
    """The commit that the branch is at, which is right so."""
    by: str
