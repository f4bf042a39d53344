"""A changeset that does not merge any more, or fails with what has landed meanwhile: made again on top of that."""

from typing import Literal

from hive.events.task import ScopeGuarded, WorkCollected
from hive.model import Fact, Ownership


class RebaseRequested(Fact):
    """The changeset conflicts, or is red together, with what has landed meanwhile: it is made again on top of that."""

    kind: Literal["rebase_requested"] = "rebase_requested"
    onto: str
    """The target branch's commit that it conflicts with."""
    reason: str
    red: tuple[str, ...] = ()
    """Services whose checks fail on the union, and pass on either side of it; empty where lines conflict."""


class RunRebased(Fact):
    """The contract commit was made again on the target's new head; every workspace starts from it now."""

    kind: Literal["run_rebased"] = "run_rebased"
    onto: str
    commit: str
    tree: str
    owners: tuple[Ownership, ...] = ()


class WorkRebased(Fact):
    """A service's work on the new contract commit: as it was, merged, or to be done again where it conflicts."""

    kind: Literal["work_rebased"] = "work_rebased"
    start: str
    work: WorkCollected | None = None
    """None where it conflicts: its agent works again, from `start`; where its check fails, on top of this work."""
    guard: ScopeGuarded | None = None
    conflicts: tuple[str, ...] = ()
    told: str = ""
    """Both sides, for the agent; empty where nothing has to be done again."""
