"""The course of one service's task."""

from typing import Literal

from hive.model import Evidence, Fact, Feedback, FileStat, Ownership, Report, Violation


class Anchor(Fact):
    """Where the lines that a comment is about are in another version of the file."""

    comment: int
    line: int | None
    """None when they are gone."""


class WorkspaceCreated(Fact):
    """A service has its isolated worktree."""

    kind: Literal["workspace_created"] = "workspace_created"
    path: str
    start: str
    """Commit id that it was made from."""


class TurnStarted(Fact):
    """An agent began to work."""

    kind: Literal["turn_started"] = "turn_started"
    turn: int
    agent: str
    feedback: tuple[Feedback, ...] = ()
    comments: tuple[int, ...] | None = None
    """Sequence numbers of the comments that it takes up; none in a log of an older hive: all there were."""
    contract_version: int = 1
    """The version of the run's contract that the workspace holds."""


class AgentReported(Fact):
    """A piece of an agent's stream: claims, never evidence."""

    kind: Literal["agent_reported"] = "agent_reported"
    turn: int
    report: Report


class TurnFinished(Fact):
    """An agent's turn is over; what it was worth is for the diff and the checks to say."""

    kind: Literal["turn_finished"] = "turn_finished"
    turn: int
    outcome: Literal["finished", "failed", "interrupted", "timed_out"]
    reason: str = ""


class WorkCollected(Fact):
    """hive took what is in the workspace as a commit."""

    kind: Literal["work_collected"] = "work_collected"
    turn: int
    commit: str
    tree: str
    diff: str
    """Digest of the diff against the contract commit: what a review approves."""
    files: tuple[FileStat, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    """Where the lines of open comments are now."""
    owners: tuple[Ownership, ...] = ()
    """Who must approve which of the files, by `CODEOWNERS` of the base."""


class ScopeGuarded(Fact):
    """The diff was held against what its author may change."""

    kind: Literal["scope_guarded"] = "scope_guarded"
    turn: int
    diff: str
    violations: tuple[Violation, ...] = ()


class CheckStarted(Fact):
    """hive began to run a check."""

    kind: Literal["check_started"] = "check_started"
    check: str
    turn: int | None = None
    command: str = ""


class CheckFinished(Fact):
    """A check has evidence."""

    kind: Literal["check_finished"] = "check_finished"
    turn: int | None = None
    """None for a check of the whole changeset, 0 for one on the unchanged base."""
    evidence: Evidence


class WorkReturned(Fact):
    """The checks or the scope guard send a turn's work back to its agent."""

    kind: Literal["work_returned"] = "work_returned"
    turn: int
    reason: str


class TaskSettled(Fact):
    """No further turn will start by itself: the work is ready for review, or needs a person."""

    kind: Literal["task_settled"] = "task_settled"
    turn: int
    outcome: Literal["ready", "stuck"]
    reason: str = ""


class WorkspaceRetired(Fact):
    """A service's worktree is gone; its work is kept under a ref."""

    kind: Literal["workspace_retired"] = "workspace_retired"
    ref: str
    commit: str
