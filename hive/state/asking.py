"""What the sessions of a run asked of hive: notes and proposals, as far as the events tell."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from hive import events as e

RECENT_NOTES = 200
"""Notes of a run's sessions kept in memory; the rest is in the log."""
ProposalStatus = Literal["open", "approved", "rejected", "made"]


class Note(NamedTuple):
    """What one session told others."""

    seq: int
    author: str
    to: str | None
    text: str


@dataclass
class Proposal:
    """A session's wish for another text of a contract."""

    number: int
    author: str
    """The service whose session made it."""
    made: e.ContractProposed
    decided: e.ProposalDecided | None = None
    revised: e.ContractRevised | None = None

    @property
    def status(self) -> ProposalStatus:
        """`approved` until the contract commit is there, then `made`."""
        if self.revised:
            return "made"
        if self.decided is None:
            return "open"
        return "approved" if self.decided.approved else "rejected"

    @property
    def pending(self) -> bool:
        """Whether something is still to come of it: nothing lands before that."""
        return self.status in ("open", "approved")

    @property
    def only_adds(self) -> bool:
        """Whether it breaks nobody and takes nothing away."""
        return self.made.severity == "compatible" and all(c.kind == "added" for c in self.made.changes)
