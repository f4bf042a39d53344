"""What follows from a decision on a session's proposal: pure."""

from collections.abc import Sequence

from hive.errors import UsageError
from hive.events import Draft, MessageSent, ProposalDecided
from hive.model import Change, Words
from hive.state import Proposal, RunState
from hive.text import one_line

HIVE = "hive"


def decision(state: RunState, number: int, *, approved: bool, by: str, reason: str) -> list[Draft]:
    """The events of a decision. Raises UsageError for a proposal that is not there, or is decided."""
    found = _open(state, number)
    decided = ProposalDecided(proposal=number, approved=approved, by=by, reason=reason)
    drafts = [Draft(run=state.id, event=decided)]
    if not approved:
        why = f": {reason}" if reason else ""
        told = f"Proposal {number} was rejected{why}. The contract stays as it is."
        drafts += telling(state, (found.author,), told)
    return drafts


def telling(state: RunState, services: tuple[str, ...], text: str) -> list[Draft]:
    """A message for each of those sessions that works now."""
    tasks = [state.tasks[name] for name in services if name in state.tasks]
    return [
        Draft(
            run=state.id,
            service=task.service,
            event=MessageSent(turn=task.turn, message=Words(text=text), by=HIVE),
        )
        for task in tasks
        if task.turn and not task.turn_over
    ]


def described(changes: Sequence[Change], most: int = 50) -> str:
    """A delta in lines, for an agent."""
    lines = [
        f"- {c.kind} {one_line(c.element)}: {one_line(c.message)} ({c.severity})" for c in changes[:most]
    ]
    more = [f"- and {len(changes) - most} more"] if len(changes) > most else []
    return "\n".join([*lines, *more])


def _open(state: RunState, number: int) -> Proposal:
    if not 0 < number <= len(state.proposals):
        known = ", ".join(str(p.number) for p in state.proposals) or "none"
        raise UsageError(
            f"run {state.id} has no proposal {number}",
            next_step=f"its proposals are: {known} (hive proposals {state.id})",
        )
    found = state.proposals[number - 1]
    if found.decided:
        verdict = "approved" if found.decided.approved else "rejected"
        raise UsageError(
            f"proposal {number} was {verdict} by {found.decided.by} already",
            next_step=f"hive proposals {state.id} shows what is open",
        )
    return found
