"""Taking back what some of several repositories have, as another one refused: by new commits, never by a reset."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from hive import faults
from hive.events import LandingRefused, RepositoryReverted, TargetMoved
from hive.orchestrator.context import Context
from hive.orchestrator.landing.movers import Mover
from hive.orchestrator.landing.target import head
from hive.state import RunState
from hive.workspaces import landing
from hive.workspaces.origin import Part
from hive.workspaces.remote import TroubleError
from hive.workspaces.store import Conflicted
from hive.workspaces.undo import undone

TRIES = 5
"""How often a branch may move under the commit that takes a part back."""
Trying = Callable[[Context, RunState, Callable[[], Any]], Awaitable[Any]]


async def take_back(
    ctx: Context, state: RunState, going: tuple[Part, ...], move: Mover, trying: Trying
) -> None:
    """Revert, last moved first, whatever has landed; then say how the changeset goes on."""
    assert state.rollback is not None  # noqa: S101 - the caller looked
    for part in reversed(going):
        if part.name not in state.parts or part.name in state.taken_back:
            continue
        try:
            done = await trying(ctx, state, partial(_revert, ctx, state, part, move))
        except TroubleError as error:
            done = RepositoryReverted(repository=part.name, ref=part.ref, reason=error.message)
        faults.point("landing.reverted")
        ctx.emit(state.id, done, durable=True)
    now = await trying(ctx, state, partial(head, ctx, state))
    _conclude(ctx, ctx.state(state.id), going, now)


def _revert(ctx: Context, state: RunState, part: Part, move: Mover) -> RepositoryReverted:
    """One part taken back; what others committed on top of it stays."""
    why = ""
    for _ in range(TRIES):
        head = move.head(part.user, part.branch)
        if head is None:
            why = f"{part.branch!r} was deleted"
            break
        found = undone(ctx.objects, head, part.new, part.old, state.at)
        if isinstance(found, Conflicted):
            why = f"later commits changed the same lines: {', '.join(found.paths[:3])}"
            break
        if found.tree == ctx.objects.tree_of(head):  # taken back before a crash, or by hand
            return RepositoryReverted(repository=part.name, ref=part.ref, commit=head)
        message = (
            f"Revert: {state.created.request}\n\nAnother repository refused its part.\nHive-Run: {state.id}\n"
        )
        commit = ctx.objects.commit_tree(found.tree, [head], message, state.at)
        outcome = move.move(part._replace(old=head, new=commit))
        if isinstance(outcome, landing.Landed):
            if move.remote:
                landing.follow(part.user, part.branch, commit, state.id)
            return RepositoryReverted(repository=part.name, ref=part.ref, commit=commit)
        why = getattr(outcome, "reason", f"{part.branch!r} moves all the time")
    return RepositoryReverted(repository=part.name, ref=part.ref, reason=why)


def _conclude(ctx: Context, state: RunState, going: tuple[Part, ...], now: str | None) -> None:
    began = state.rollback
    assert began is not None  # noqa: S101
    paths = {part.name: part for part in going}
    left = [each for each in state.taken_back.values() if not each.commit]
    if left:
        names = ", ".join(f"{each.repository} ({each.reason})" for each in left)
        which = "-m 1 " if state.offered else ""
        by_hand = "; ".join(
            f"git -C {paths[each.repository].user.root} revert {which}{paths[each.repository].new[:10]}"
            for each in left
        )
        reason = (
            f"PARTLY LANDED: {began.repository} refused ({began.reason}), "
            f"and these could not be taken back: {names}"
        )
        step = f"`hive land {state.id}` lands the rest; or take it back by hand: {by_hand}"
        ctx.emit(state.id, LandingRefused(reason=reason, next_step=step))
    elif began.found:
        refused = paths[began.repository]
        ctx.emit(state.id, TargetMoved(ref=refused.ref, expected=refused.old, found=now or began.found))
    else:
        back = ", ".join(state.taken_back)
        reason = (
            f"{began.reason}; {back} had landed and was taken back, nothing of the change is left anywhere"
        )
        ctx.emit(state.id, LandingRefused(reason=reason, next_step=began.next_step))
