"""A session's proposal held against what is allowed, and against the contract as it is: pure."""

from collections.abc import Sequence

from hive.contracts import diff, gravest, parse
from hive.errors import ContractError, UsageError
from hive.events import ContractProposed
from hive.model import Contract, Replacement, digest
from hive.orchestrator.concern import taking_part
from hive.state import Proposal, RunState
from hive.text import sanitize

LARGEST = 1 << 20
"""Bytes of a contract that is proposed."""
LONGEST_REASON = 2_000
MOST_OPEN = 5
"""Proposals of one session that wait at a time."""
MOST_IN_A_RUN = 50


def admitted(state: RunState, author: str) -> None:
    """Raises UsageError when the session, or the run, has proposed enough."""
    waiting = [p for p in state.proposals if p.author == author and p.pending]
    if len(waiting) >= MOST_OPEN:
        numbers = ", ".join(str(p.number) for p in waiting)
        raise UsageError(
            f"{MOST_OPEN} proposals of this session wait for a decision ({numbers})",
            next_step="go on with what does not depend on them",
        )
    if len(state.proposals) >= MOST_IN_A_RUN:
        raise UsageError(
            f"{MOST_IN_A_RUN} proposals were made in this run, and no more are taken",
            next_step="say in your last words what should change",
        )


def text_of(current: str, new_text: str | None, replacements: Sequence[Replacement]) -> str:
    """The text that is proposed. Raises UsageError when it is not told in exactly one way, or not to be made."""
    if (new_text is None) == (not replacements):
        raise UsageError(
            "a proposal needs either new_text or replacements", next_step="give exactly one of them"
        )
    text = current if new_text is None else new_text
    for number, passage in enumerate(replacements, 1):
        count = text.count(passage.old)
        if count != 1:
            raise UsageError(
                f"replacement {number}: its old passage is there {count} times, not once",
                next_step="take more of the lines around it, exactly as get_contract shows them",
            )
        text = text.replace(passage.old, passage.new)
    if len(text.encode("utf-8", "surrogateescape")) > LARGEST:
        raise UsageError(f"the text has more than {LARGEST} bytes", next_step="propose a smaller file")
    return text


def proposed(
    state: RunState, author: str, turn: int, contract: Contract, current: bytes, text: str, reason: str
) -> ContractProposed:
    """The proposal, classified. Raises ContractError with the line when it does not parse, UsageError otherwise."""
    if not (why := sanitize(reason, LONGEST_REASON).strip()):
        raise UsageError("a proposal needs a reason", next_step="say why the contract has to change")
    raw = text.encode("utf-8", "surrogateescape")
    try:
        parse(contract.kind, contract.path, raw)
        changes = diff(contract.kind, contract.path, current, raw)
    except ContractError as error:
        reason = f"the proposed text cannot be read: {error.reason}"
        raise ContractError(
            error.path, error.line, reason, next_step="correct it and propose again"
        ) from error
    if not changes or state.plan is None:
        raise UsageError(
            f"the proposed text changes nothing in what {contract.path!r} says",
            next_step="propose a change of its elements, or leave it",
        )
    return ContractProposed(
        turn=turn,
        path=contract.path,
        version=len(state.versions),
        text=text,
        reason=why,
        severity=gravest(changes),
        changes=changes,
        services=taking_part(state.plan, state.created.graph, contract, changes, author),
    )


def known_already(state: RunState, author: str, made: ContractProposed) -> Proposal | None:
    """The same proposal of the same session: a turn that a crash cut short asks again."""
    same = digest(made.text)
    for proposal in state.proposals:
        alike = (proposal.author, proposal.made.path, digest(proposal.made.text)) == (author, made.path, same)
        if alike and proposal.status != "made" and proposal.made.version == made.version:
            return proposal
    return None


def answer(proposal: Proposal) -> str:
    """What the session is told of its proposal."""
    made = proposal.made
    touched = ", ".join(made.services)
    head = f"Proposal {proposal.number} of {made.path}: {made.severity}. It touches: {touched}."
    if proposal.status == "rejected" and proposal.decided:
        return f"{head} It was rejected already: {proposal.decided.reason or 'no reason given'}."
    return (
        f"{head} It waits for a decision, by a person or by the run's policy. The contract stays as it is until then: "
        "go on with what does not depend on it, do not wait, and do not edit the contract file. When it is approved, "
        "your workspace gets the new file after this turn, and another turn follows."
    )
