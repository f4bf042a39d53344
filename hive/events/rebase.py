"""A changeset that does not merge any more, made again on what has landed meanwhile."""

from typing import Literal

from hive.events.task import ScopeGuarded, WorkCollected
from hive.model import Fact, Ownership


class RebaseRequested(Fact):
    """The changeset conflicts with what has landed since it began: it is made again on top of that."""

    kind: Literal["rebase_requested"] = "rebase_requested"
    onto: str
    """The target branch's commit that it conflicts with."""
    reason: str


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
    """None where it conflicts: its agent works again, from `start`."""
    guard: ScopeGuarded | None = None
    conflicts: tuple[str, ...] = ()
    told: str = ""
    """Both sides, for the agent."""
