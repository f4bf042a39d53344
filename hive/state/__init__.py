"""fold(events) -> RunState: what every screen shows and every decision is made from. Pure."""

from hive.state.approval import POLICY
from hive.state.asking import Note, Proposal, ProposalStatus
from hive.state.comment import Comment, CommentStatus
from hive.state.folding import advance, apply, fold
from hive.state.need import Need, NeedKind
from hive.state.run import QueueWish, RunPhase, RunState
from hive.state.task import RECENT_REPORTS, TaskPhase, TaskState

__all__ = [
    "POLICY",
    "RECENT_REPORTS",
    "Comment",
    "CommentStatus",
    "Need",
    "NeedKind",
    "Note",
    "Proposal",
    "ProposalStatus",
    "QueueWish",
    "RunPhase",
    "RunState",
    "TaskPhase",
    "TaskState",
    "advance",
    "apply",
    "fold",
]
