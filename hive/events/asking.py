"""What agents ask of hive, and what becomes of it."""

from typing import Literal

from hive.model import Change, Evidence, Fact, Ownership, Patch, Severity


class NotePosted(Fact):
    """A session told the others of its run something: information for them, never an order."""

    kind: Literal["note_posted"] = "note_posted"
    turn: int
    text: str
    to: str | None = None
    """The service whose session it is for; none for all of them."""


class CheckAnswered(Fact):
    """hive ran a check that a session asked for in the middle of its turn; the turn's own evidence comes later."""

    kind: Literal["check_answered"] = "check_answered"
    turn: int
    evidence: Evidence


class ContractProposed(Fact):
    """A session wants another text of a contract; hive's own comparison says what that would change."""

    kind: Literal["contract_proposed"] = "contract_proposed"
    turn: int
    path: str
    version: int
    """Of the run's contract, that it was proposed against."""
    text: str
    reason: str
    severity: Severity
    changes: tuple[Change, ...] = ()
    services: tuple[str, ...] = ()
    """With a part in the run, and touched by it."""


class ProposalDecided(Fact):
    """A person, or the run's policy, decided on a proposal; or hive found that it cannot be made."""

    kind: Literal["proposal_decided"] = "proposal_decided"
    proposal: int
    """Its number in the run, from 1."""
    approved: bool
    by: str
    reason: str = ""


class ContractRevised(Fact):
    """An approved proposal became the run's next contract commit; work of `services` on older ones is stale."""

    kind: Literal["contract_revised"] = "contract_revised"
    proposal: int
    version: int
    commit: str
    tree: str
    patches: tuple[Patch, ...]
    """The files that differ from the version before, whole."""
    changes: tuple[Change, ...]
    """From the version before to this one."""
    delta: tuple[Change, ...]
    """From before the run to this version."""
    services: tuple[str, ...]
    owners: tuple[Ownership, ...] = ()
    """Who must approve the contract files, by `CODEOWNERS` of the base."""
