"""One run, as far as its events tell."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from hive import events as e
from hive.model import Evidence, Plan, Policy
from hive.state.approval import Rule, lacking
from hive.state.asking import Note, Proposal
from hive.state.guarantee import guarantee
from hive.state.need import Need, needs
from hive.state.task import TaskState

ROUNDING = 1e-9
"""Sums of the same money in another order may differ by less."""
RunPhase = Literal[
    "planned",
    "preparing",
    "working",
    "paused",
    "review",
    "approved",
    "refused",
    "landing",
    "requested",
    "landed",
    "discarded",
    "failed",
    "stopped",
]


@dataclass
class QueueWish:
    """What persons want of a changeset's place in the queue."""

    priority: int = 0
    after: tuple[str, ...] = ()
    before: str = ""
    moved: int = 0
    """When it was last moved in front of another."""
    held: e.LandingHeld | None = None


@dataclass
class RunState:
    """One run, as far as its events tell."""

    id: str
    created: e.RunCreated
    at: datetime
    seq: int = 0
    updated: datetime | None = None
    plan: Plan | None = None
    plan_approved: bool = False
    plan_approved_by: str = ""
    contract_rule: Rule = field(default_factory=Rule)
    contract_approvals: list[e.Approved] = field(default_factory=list)
    """Of the contract commit, by those who own its files."""
    contract: e.ContractCommitted | None = None
    """The newest contract commit; a plan that was amended by proposals has several."""
    versions: list[str] = field(default_factory=list)
    """Every contract commit, the first one as version 1."""
    proposals: list[Proposal] = field(default_factory=list)
    tasks: dict[str, TaskState] = field(default_factory=dict)
    land_requested: int | None = None
    """Sequence number of the wish to land, which is the changeset's place in the queue."""
    offered: e.BranchOffered | None = None
    """A person's own branch: a changeset without a plan and without agents."""
    wish: QueueWish = field(default_factory=QueueWish)
    """What persons want of its place in the queue."""
    merged: e.ChangesetMerged | None = None
    merged_seq: int = 0
    conflicted: e.SpeculationConflicted | None = None
    """Why there is no merge, for as long as those ahead are what they were."""
    merges: int = 0
    rebase: e.RebaseRequested | None = None
    """That the changeset must be made again, while that is not done."""
    rebased: e.RunRebased | None = None
    """The last time that it was."""
    rebases: int = 0
    """How often, since a person last asked for the landing."""
    union: dict[str, Evidence] = field(default_factory=dict)
    """Evidence on the merged changeset, by `service/check`."""
    tested: e.ChangesetTested | None = None
    landing: e.LandingStarted | None = None
    landed: e.Landed | None = None
    landed_seq: int = 0
    moved: tuple[int, str] | None = None
    """When somebody else was seen to have moved the target, and to which commit; a reset counts when it is accepted."""
    queue_stopped: e.QueueStopped | None = None
    failures: list[int] = field(default_factory=list)
    """When its union failed."""
    flakes: list[tuple[int, Evidence]] = field(default_factory=list)
    """Checks of its unions that passed when they were repeated, and when."""
    parts: dict[str, e.RepositoryLanded] = field(default_factory=dict)
    """Of several repositories, those that have their part of the merged changeset."""
    taken_back: dict[str, e.RepositoryReverted] = field(default_factory=dict)
    rollback: e.RollbackStarted | None = None
    requests: dict[str, e.PullRequest] = field(default_factory=dict)
    """Pull requests that wait to be merged, by repository."""
    seen: dict[str, e.RequestSeen] = field(default_factory=dict)
    """How each was when it was last looked at."""
    watching: bool = False
    """Whether they are looked at without being asked."""
    refused: e.LandingRefused | None = None
    failed: e.RunFailed | None = None
    discarded: e.DiscardRequested | None = None
    closed: e.RunClosed | None = None
    notes: list[Note] = field(default_factory=list)
    stopped: bool = False
    raised_usd: float | None = None
    """The budget that a person set when the first one was spent."""
    generation: int = 0
    """How often the run was set going again after a stop or a failure."""

    @property
    def base(self) -> str:
        """The target's commit that the contract commit stands on."""
        return self.rebased.onto if self.rebased else self.created.base

    @property
    def policy(self) -> Policy:
        """What happens without asking."""
        return self.created.policy

    @property
    def cost_usd(self) -> float:
        """Spent so far, by the planner and by all sessions."""
        planned = self.plan.planning.cost_usd if self.plan else 0.0
        return planned + sum(task.cost_usd for task in self.tasks.values())

    @property
    def budget_usd(self) -> float | None:
        """What all sessions together may spend; none for no limit."""
        return self.policy.budget_usd if self.raised_usd is None else self.raised_usd

    @property
    def overspent(self) -> bool:
        """Whether the budget is spent: no agent works on before a person says so."""
        return (
            self.budget_usd is not None
            and bool(self.cost_usd)
            and self.cost_usd >= self.budget_usd - ROUNDING
        )

    def contract_at(self, version: int) -> str | None:
        """The contract commit of a version; none when there is none yet."""
        return self.versions[version - 1] if 0 < version <= len(self.versions) else None

    @property
    def changed(self) -> tuple[TaskState, ...]:
        """Tasks that have something to land."""
        return tuple(t for t in self.tasks.values() if t.work and t.work.files)

    @property
    def settled(self) -> bool:
        """Whether no agent and no check of a task will run by itself any more."""
        coming = any(proposal.status == "approved" for proposal in self.proposals)  # its author works again
        return (
            bool(self.tasks)
            and not coming
            and all(
                t.phase in ("ready", "approved", "rejected", "stuck", "stopped") for t in self.tasks.values()
            )
        )

    @property
    def approved(self) -> bool:
        """Whether every diff, as it is now, is approved; who offers a branch of theirs approves it."""
        return self.offered is not None or (
            self.settled
            and not any(p.pending for p in self.proposals)
            and bool(self.changed or self.plan_patches)
            and all(t.phase == "approved" for t in self.tasks.values())
            and not self.contract_lacks
        )

    @property
    def contract_lacks(self) -> tuple[str, ...]:
        """Which owners of the contract's files have approved neither the plan nor the contract commit."""
        if self.contract is None or not self.contract.owners:
            return ()
        commit = self.contract.commit
        approved = (a.by for a in self.contract_approvals if a.diff == commit)
        owned_only = replace(self.contract_rule, people=0, approvers=(), starter_alone=True)
        return lacking(owned_only, (self.plan_approved_by, *approved), self.contract.owners)

    @property
    def plan_patches(self) -> bool:
        """Whether the plan changes a contract."""
        return bool(self.plan and self.plan.patches)

    @property
    def phase(self) -> RunPhase:
        """Derived from the facts, never stored."""
        if self.closed:
            return self.closed.outcome
        if self.landed or self.discarded:
            return "landed" if self.landed else "discarded"
        if self.failed:
            return "failed"
        if self.stopped:
            return "stopped"
        if self.offered:
            waiting: RunPhase = "requested" if self.requests else "landing"
            return self._idle if self.land_requested is None else waiting
        if not self.plan_approved:
            return "planned"
        if not self.contract or any(t.phase == "waiting" for t in self.tasks.values()):
            return "preparing"
        if not self.settled:
            return "paused" if self.overspent else "working"
        if not self.approved:
            return "review"
        if self.land_requested is None:
            return self._idle
        return "requested" if self.requests else "landing"

    @property
    def _idle(self) -> RunPhase:
        return "refused" if self.refused else "approved"

    @property
    def guarantee(self) -> str:
        """What landing promises in this run, in words."""
        return guarantee(self.policy, len(self.created.repositories))

    @property
    def needs(self) -> tuple[Need, ...]:
        """What waits for a person, most urgent first."""
        return needs(self)
