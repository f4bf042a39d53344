"""What a person decided."""

from typing import Literal

from hive.model import Fact, Message


class PlanApproved(Fact):
    """A person (or `--yes`) wants exactly this plan."""

    kind: Literal["plan_approved"] = "plan_approved"
    by: str


class Approved(Fact):
    """A person approved one service's diff, and nothing else than this diff."""

    kind: Literal["approved"] = "approved"
    diff: str
    by: str


class Rejected(Fact):
    """A person does not want this service's diff; the run cannot land as it is."""

    kind: Literal["rejected"] = "rejected"
    by: str
    reason: str = ""


class Commented(Fact):
    """A person wants this service's work changed."""

    kind: Literal["commented"] = "commented"
    text: str
    by: str
    path: str | None = None
    line: int | None = None
    end_line: int | None = None
    element: str | None = None
    """Of a contract."""
    draft: bool = False
    """Kept back until its author submits the review."""


class SeenFile(Fact):
    """A changed file, as a person has seen it."""

    path: str
    digest: str
    """git's id of the new content; zeros where the file is gone."""


class Viewed(Fact):
    """A person has looked at a service's diff."""

    kind: Literal["viewed"] = "viewed"
    by: str
    diff: str
    commit: str
    files: tuple[SeenFile, ...] = ()


class ReviewSubmitted(Fact):
    """A person sends all the comments that they had kept back, as one piece of rework for each service."""

    kind: Literal["review_submitted"] = "review_submitted"
    by: str


class CommentResolved(Fact):
    """A person is content with what became of comments, or takes them back."""

    kind: Literal["comment_resolved"] = "comment_resolved"
    comments: tuple[int, ...]
    """Sequence numbers of their events."""
    by: str


class MessageSent(Fact):
    """A person speaks to an agent that works, interrupts it, or answers what it asked."""

    kind: Literal["message_sent"] = "message_sent"
    turn: int
    message: Message
    by: str


class RetryRequested(Fact):
    """A person wants one more turn of a service's agent."""

    kind: Literal["retry_requested"] = "retry_requested"
    by: str


class StopRequested(Fact):
    """A person wants a run, or one service of it, to stop."""

    kind: Literal["stop_requested"] = "stop_requested"
    by: str


class ResumeRequested(Fact):
    """A person wants a stopped run to go on, or one that has spent its budget."""

    kind: Literal["resume_requested"] = "resume_requested"
    by: str
    budget_usd: float | None = None
    """The new budget, when it was the budget that stopped the run."""


class LandRequested(Fact):
    """A person (or `--land`) wants the approved changeset on the target branch."""

    kind: Literal["land_requested"] = "land_requested"
    by: str
    priority: int = 0
    """Higher ones go first."""
    after: tuple[str, ...] = ()
    """Runs that must have landed first."""


class DiscardRequested(Fact):
    """A person does not want the run at all."""

    kind: Literal["discard_requested"] = "discard_requested"
    by: str
    reason: str = ""
