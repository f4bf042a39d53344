"""What a session is told of the run's contracts: pure but for the tree that it reads."""

from difflib import get_close_matches

from hive.errors import UsageError
from hive.model import Change, Contract
from hive.orchestrator.concern import concerned
from hive.orchestrator.proposals import described
from hive.ports import Tree
from hive.state import RunState

MOST_LISTED = 100


def known(state: RunState, path: str) -> Contract:
    """The contract at a path, or of which that is a copy. Raises UsageError with those that there are."""
    found = state.created.graph.contract(path)
    if found is None:
        paths = [contract.path for contract in state.created.graph.contracts]
        near = get_close_matches(path, paths, n=5) or paths[:10]
        raise UsageError(
            f"{path[:200]!r} is no contract of this project",
            next_step=f"choose one of: {', '.join(near) or 'none, there are no contracts'}",
        )
    return found


def overview(state: RunState, service: str) -> str:
    """Every contract, with what the run changes in those that concern the service."""
    contracts = state.created.graph.contracts
    blocks = [f"Version {len(state.versions)} of this run's contract."]
    for contract in contracts[:MOST_LISTED]:
        changes = [c for c in _changes(state) if c.element.partition("#")[0] == contract.path]
        owner = f", provided by {contract.owner}" if contract.owner else ""
        mine = service in concerned(state.created.graph, contract, changes) or bool(changes)
        head = f"{contract.path} ({contract.kind}{owner})" + (
            "" if mine else ": does not concern your service"
        )
        blocks.append(f"{head}\nThis run changes:\n{described(changes)}" if changes and mine else head)
    if len(contracts) > MOST_LISTED:
        blocks.append(f"and {len(contracts) - MOST_LISTED} more")
    return "\n\n".join([*blocks, *_proposals(state, service)])


def whole(state: RunState, contract: Contract, tree: Tree) -> str:
    """One contract's text as it is now, and what the run changes in it."""
    changes = [c for c in _changes(state) if c.element.partition("#")[0] == contract.path]
    text = tree.read(contract.path).decode("utf-8", "replace")
    delta = f"This run changes:\n{described(changes)}" if changes else "This run changes nothing in it."
    return f"{contract.path}, version {len(state.versions)} of this run's contract. {delta}\n\n{text}"


def _changes(state: RunState) -> tuple[Change, ...]:
    return state.plan.changes if state.plan else ()


def _proposals(state: RunState, service: str) -> list[str]:
    mine = [p for p in state.proposals if p.author == service]
    lines = [
        f"- {p.number}: {p.made.path}: {p.status}"
        + (f" ({p.decided.reason})" if p.decided and p.decided.reason else "")
        for p in mine[-20:]
    ]
    return ["Your proposals:\n" + "\n".join(lines)] if lines else []
