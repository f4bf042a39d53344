"""The merge queue: whole changesets, in lanes; order, status and reasons are derived, never stored. Pure.

Two changesets conflict when they touch a service or a contract in common: the later one waits for the earlier.
Changesets without a conflict are in different lanes and never wait for each other; whichever lands second is merged
onto the new head, where the checks that cannot see the first one are known already.
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from hive.state import RunState

ItemStatus = Literal["merging", "testing", "landing", "waiting"]


class Item(NamedTuple):
    """A changeset in the queue."""

    run: str
    request: str
    target: str
    position: int
    """How many changesets it waits for; 0 is the head of its lane."""
    status: ItemStatus
    why: str
    """Why it waits, or what happens to it, in one sentence."""


def queue(states: Iterable[RunState]) -> tuple[Item, ...]:
    """The changesets that wait to land, in the order in which that was asked for."""
    waiting = sorted(
        (state for state in states if state.phase == "landing"), key=lambda state: state.land_requested or 0
    )
    items = []
    for place, state in enumerate(waiting):
        ahead = [(other, shared) for other in waiting[:place] if (shared := conflict(other, state))]
        status, why = _status(state, ahead)
        items.append(Item(state.id, state.created.request, state.created.target, len(ahead), status, why))
    return tuple(items)


def heads(states: Iterable[RunState]) -> frozenset[str]:
    """Runs that may land now: the first of every lane."""
    return frozenset(item.run for item in queue(states) if item.position == 0)


def conflict(one: RunState, other: RunState) -> tuple[str, ...]:
    """The services and contracts that two changesets on the same target have in common."""
    if one.created.target != other.created.target:
        return ()
    return tuple(sorted(touched(one) & touched(other)))


def touched(state: RunState) -> frozenset[str]:
    """Services whose folders, and contracts whose files, the changeset changes."""
    contracts = {patch.path for patch in state.plan.patches} if state.plan else set()
    return frozenset(contracts | {task.service for task in state.changed})


def _status(state: RunState, ahead: list[tuple[RunState, tuple[str, ...]]]) -> tuple[ItemStatus, str]:
    if ahead:
        first, shared = ahead[0]
        return "waiting", f"waits for {first.id}, which changes {', '.join(shared[:3])} too"
    if state.merged is None:
        return "merging", f"is merged onto {state.created.target}"
    if state.tested is None:
        return "testing", f"is tested as {state.merged.commit[:10]}"
    return "landing", f"{state.created.target} moves to {state.merged.commit[:10]}"
