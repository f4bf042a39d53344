"""Everything that can happen in a project, as one closed union; every screen is a fold of these."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, get_args

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from hive.events.asking import CheckAnswered, ContractProposed, ContractRevised, NotePosted, ProposalDecided
from hive.events.decision import (
    Approved,
    Commented,
    CommentResolved,
    DiscardRequested,
    LandRequested,
    MessageSent,
    PlanApproved,
    Rejected,
    ResumeRequested,
    RetryRequested,
    ReviewSubmitted,
    SeenFile,
    StopRequested,
    Viewed,
)
from hive.events.landing import (
    ChangesetMerged,
    ChangesetTested,
    Landed,
    LandingDelayed,
    LandingRefused,
    LandingStarted,
    PullRequest,
    RepositoryLanded,
    RepositoryReverted,
    RequestSeen,
    RequestsOpened,
    RollbackStarted,
    TargetMoved,
    WatchEnded,
)
from hive.events.queue import (
    BranchOffered,
    LandingHeld,
    LandingReleased,
    LandingReordered,
    LandingWithdrawn,
    OfferedPart,
    QueueResumed,
    QueueStopped,
    SpeculationConflicted,
)
from hive.events.rebase import RebaseRequested, RunRebased, WorkRebased
from hive.events.run import (
    ContractCommitted,
    RunClosed,
    RunCreated,
    RunFailed,
    RunPlanned,
    Unknown,
    run_created,
)
from hive.events.task import (
    AgentReported,
    Anchor,
    CheckFinished,
    CheckStarted,
    ScopeGuarded,
    TaskSettled,
    TurnFinished,
    TurnStarted,
    WorkCollected,
    WorkReturned,
    WorkspaceCreated,
    WorkspaceRetired,
)
from hive.model import Fact

__all__ = [
    "EVENT",
    "AgentReported",
    "Anchor",
    "Approved",
    "BranchOffered",
    "ChangesetMerged",
    "ChangesetTested",
    "CheckAnswered",
    "CheckFinished",
    "CheckStarted",
    "CommentResolved",
    "Commented",
    "ContractCommitted",
    "ContractProposed",
    "ContractRevised",
    "DiscardRequested",
    "Draft",
    "Envelope",
    "Event",
    "LandRequested",
    "Landed",
    "LandingDelayed",
    "LandingHeld",
    "LandingRefused",
    "LandingReleased",
    "LandingReordered",
    "LandingStarted",
    "LandingWithdrawn",
    "MessageSent",
    "NotePosted",
    "OfferedPart",
    "PlanApproved",
    "ProposalDecided",
    "PullRequest",
    "QueueResumed",
    "QueueStopped",
    "RebaseRequested",
    "Rejected",
    "RepositoryLanded",
    "RepositoryReverted",
    "RequestSeen",
    "RequestsOpened",
    "ResumeRequested",
    "RetryRequested",
    "ReviewSubmitted",
    "RollbackStarted",
    "RunClosed",
    "RunCreated",
    "RunFailed",
    "RunPlanned",
    "RunRebased",
    "ScopeGuarded",
    "SeenFile",
    "SpeculationConflicted",
    "StopRequested",
    "TargetMoved",
    "TaskSettled",
    "TurnFinished",
    "TurnStarted",
    "Unknown",
    "Viewed",
    "WatchEnded",
    "WorkCollected",
    "WorkRebased",
    "WorkReturned",
    "WorkspaceCreated",
    "WorkspaceRetired",
    "parse",
]

Event = Annotated[
    RunCreated
    | RunPlanned
    | PlanApproved
    | ContractCommitted
    | WorkspaceCreated
    | TurnStarted
    | AgentReported
    | NotePosted
    | CheckAnswered
    | ContractProposed
    | ProposalDecided
    | ContractRevised
    | TurnFinished
    | WorkCollected
    | ScopeGuarded
    | CheckStarted
    | CheckFinished
    | WorkReturned
    | TaskSettled
    | Approved
    | Rejected
    | Commented
    | Viewed
    | ReviewSubmitted
    | CommentResolved
    | MessageSent
    | RetryRequested
    | StopRequested
    | ResumeRequested
    | LandRequested
    | RebaseRequested
    | RunRebased
    | WorkRebased
    | ChangesetMerged
    | ChangesetTested
    | LandingStarted
    | LandingDelayed
    | RepositoryLanded
    | RollbackStarted
    | RepositoryReverted
    | RequestsOpened
    | RequestSeen
    | WatchEnded
    | TargetMoved
    | Landed
    | LandingRefused
    | BranchOffered
    | LandingHeld
    | LandingReleased
    | LandingWithdrawn
    | LandingReordered
    | SpeculationConflicted
    | QueueStopped
    | QueueResumed
    | WorkspaceRetired
    | DiscardRequested
    | RunFailed
    | RunClosed
    | Unknown,
    Field(discriminator="kind"),
]
EVENT: TypeAdapter[Event] = TypeAdapter(Event, config=ConfigDict(defer_build=True))
_READERS: dict[str, Callable[[str], Event]] = {
    **{each.model_fields["kind"].default: each.model_validate_json for each in get_args(get_args(Event)[0])},
    "run_created": run_created,
}


def parse(kind: str, body: str) -> Event:
    """An event from its kind and its JSON, without knowing the other kinds; `Unknown` where a newer hive wrote it."""
    try:
        return _READERS[kind](body)
    except (KeyError, ValidationError):
        return Unknown(original=kind, payload=body)


class Draft(Fact):
    """An event before the log gives it a place."""

    run: str
    service: str | None = None
    event: Event


class Envelope(Fact):
    """An event with its place: `seq` grows without repeats over all runs of a project."""

    seq: int
    run: str
    service: str | None = None
    at: datetime
    """Always in UTC."""
    event: Event
