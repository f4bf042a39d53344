"""One service's part of a run, as far as its events tell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from hive import events as e
from hive.model import Asked, Delayed, Evidence, Feedback, Report, Step, TaskPlan, Unplaced, Violation
from hive.state.approval import Rule, lacking, wants_person
from hive.state.comment import Comment

TaskPhase = Literal[
    "waiting",
    "preparing",
    "working",
    "collecting",
    "checking",
    "ready",
    "stuck",
    "approved",
    "rejected",
    "stopped",
]
RECENT_REPORTS = 200
"""Reports of an agent kept in memory per task; the rest is in the log."""


@dataclass
class TaskState:
    """One service's part of a run."""

    plan: TaskPlan
    workspace: str | None = None
    turn: int = 0
    tries: int = 0
    """How often the current turn was started: more than once after a crash."""
    reworks: int = 0
    """How often work went back to the agent by itself since a person last asked for a turn."""
    agent: str = ""
    told: tuple[Feedback, ...] = ()
    """Why the current turn was started."""
    contract_version: int = 1
    """The version of the run's contract that its workspace holds."""
    work_version: int = 1
    """The version of the contract that the collected work is on."""
    revisions: list[e.ContractRevised] = field(default_factory=list)
    """Those that touch it and that no turn has taken up yet."""
    turn_over: e.TurnFinished | None = None
    work: e.WorkCollected | None = None
    guard: e.ScopeGuarded | None = None
    check_running: e.CheckStarted | None = None
    evidence: dict[str, Evidence] = field(default_factory=dict)
    """By check name, for the current turn only."""
    baseline: Evidence | None = None
    """The service's tests on the unchanged base."""
    returned: int = 0
    """The last turn whose work went back to the agent by itself."""
    settled: e.TaskSettled | None = None
    rule: Rule = field(default_factory=Rule)
    """What a diff of this service needs before it counts as approved."""
    approvals: list[e.Approved] = field(default_factory=list)
    """Of this diff and of earlier ones, oldest first."""
    rejection: e.Rejected | None = None
    remarks: list[Comment] = field(default_factory=list)
    """Every comment of every review, oldest first."""
    redo: Feedback | None = None
    """Why the work must be done again on a new base, until a turn takes that up."""
    works: dict[int, str] = field(default_factory=dict)
    """The commit of each turn's work."""
    viewed: dict[str, e.Viewed] = field(default_factory=dict)
    """What each person last looked at."""
    retry: bool = False
    stopped: bool = False
    generation: int = 0
    """How often the task was set going again."""
    reports: list[Report] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    claimed_edits: int = 0
    steps: tuple[Step, ...] = ()
    """The agent's own list of things to do, as it last told it."""
    asked: dict[str, Asked] = field(default_factory=dict)
    """What the agent waits for in the current turn, by id."""
    denied: int = 0
    """Tool calls of the current turn that were not allowed."""
    notes: int = 0
    """How many its session has posted in the current turn."""
    checks_answered: list[Evidence] = field(default_factory=list)
    """What its session asked for in the current turn; never the turn's own evidence."""
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0
    started: datetime | None = None
    ended: datetime | None = None
    retired: e.WorkspaceRetired | None = None

    @property
    def service(self) -> str:
        """The service's name."""
        return self.plan.service

    @property
    def stale(self) -> bool:
        """Whether its work was made for an older contract than the one that holds for it now."""
        return bool(self.revisions)

    @property
    def collected(self) -> bool:
        """Whether hive has taken the work of the current turn."""
        return self.work is not None and self.work.turn == self.turn

    @property
    def delayed(self) -> Delayed | None:
        """What the agent waits for, if that is the last that it told."""
        told = next((r for r in reversed(self.reports) if r.report != "spent"), None)
        return told if isinstance(told, Delayed) and self.phase == "working" else None

    @property
    def violations(self) -> tuple[Violation, ...]:
        """What the scope guard holds against the current diff."""
        return self.guard.violations if self.guard and self.work and self.guard.diff == self.work.diff else ()

    @property
    def is_approved(self) -> bool:
        """Whether the diff as it is now was approved: a changed diff voids an approval."""
        return bool(self.approved_by) and not self.lacks

    @property
    def approval(self) -> e.Approved | None:
        """The last one, of whichever diff."""
        return self.approvals[-1] if self.approvals else None

    @property
    def approved_by(self) -> tuple[str, ...]:
        """Who approved exactly the diff that is there."""
        diff = self.work.diff if self.work else None
        return tuple(dict.fromkeys(approval.by for approval in self.approvals if approval.diff == diff))

    @property
    def lacks(self) -> tuple[str, ...]:
        """Whose approval is missing, in words."""
        return lacking(self.rule, self.approved_by, self.work.owners if self.work else ())

    @property
    def wants_person(self) -> bool:
        """Whether a person must approve the diff, whatever the checks say."""
        return wants_person(self.rule, self.work.owners if self.work else ())

    @property
    def comments(self) -> tuple[Comment, ...]:
        """Those that no turn has taken up yet."""
        return tuple(comment for comment in self.remarks if comment.status == "open")

    def unseen(self, person: str, files: Mapping[str, str]) -> tuple[str, ...]:
        """Which of these files (with git's ids of their content) a person has not seen as they are."""
        known = self.viewed.get(person)
        seen = {(file.path, file.digest) for file in known.files} if known else set()
        return tuple(path for path, digest in files.items() if (path, digest) not in seen)

    @property
    def unresolved(self) -> tuple[Comment, ...]:
        """Those that no person has called resolved."""
        return tuple(comment for comment in self.remarks if not comment.resolved)

    @property
    def rework(self) -> tuple[Feedback, ...]:
        """What a person wants changed, and no turn has taken up yet."""
        return tuple(comment.feedback for comment in self.comments)

    @property
    def phase(self) -> TaskPhase:
        """Derived from the facts, never stored."""
        if self.stopped:
            return "stopped"
        if self.comments or self.retry or self.stale or self.redo:
            return "working" if self.turn else "waiting"
        if self.settled:
            if self.rejection:
                return "rejected"
            if self.is_approved:
                return "approved"
            return "ready" if self.settled.outcome == "ready" else "stuck"
        if not self.workspace:
            return "waiting"
        if not self.turn:
            return "preparing"
        if not self.turn_over:
            return "working"
        return "checking" if self.collected else "collecting"
