"""Moving every repository of a changeset, in order and journalled; when one refuses, the others are taken back."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TypeVar, assert_never

from hive import faults
from hive.events import (
    Event,
    Landed,
    LandingDelayed,
    LandingRefused,
    LandingStarted,
    QueueStopped,
    RepositoryLanded,
    RollbackStarted,
    TargetMoved,
)
from hive.orchestrator.context import Context
from hive.orchestrator.landing import refusals, rollback
from hive.orchestrator.landing.movers import Moved, Mover, mover
from hive.orchestrator.landing.target import head, heads_after, parts
from hive.state import RunState
from hive.workspaces import landing
from hive.workspaces.checkout import Untouchable
from hive.workspaces.origin import Part
from hive.workspaces.remote import TroubleError

Result = TypeVar("Result")
PATIENCE = 300.0
"""Seconds that another end may ask to wait before a person is told instead."""


async def trying(ctx: Context, state: RunState, work: Callable[[], Result]) -> Result:
    """Do something with a remote; where nothing was decided, again after a pause, a bounded number of times."""
    for attempt, pause in enumerate((*ctx.pauses, None), 1):
        try:
            return await asyncio.to_thread(work)
        except TroubleError as error:
            if error.kind != "network" or pause is None or error.after > PATIENCE:
                raise
            pause = max(pause, error.after)
            ctx.emit(state.id, LandingDelayed(attempt=attempt, reason=error.message, seconds=pause))
            await asyncio.sleep(pause)
    raise AssertionError("the last attempt returns or raises")


async def land(ctx: Context, state: RunState, onto: str) -> None:
    """Land a tested changeset on the project's commit `onto`; after any crash it goes on where it was."""
    merged = state.merged
    assert merged is not None  # noqa: S101 - the caller has tested it
    going = await asyncio.to_thread(parts, ctx, state, merged, onto)
    move = mover(ctx, state)
    if state.rollback is None:
        if state.landing is None:
            if reason := await _unready(going, move):
                ctx.emit(state.id, reason_to_refuse(state, *reason))
                return
            ref = f"refs/heads/{state.created.target}"
            ctx.emit(state.id, LandingStarted(ref=ref, old=onto, new=merged.commit), durable=True)
        if not await _forward(ctx, state, going, move, onto):
            return
    if ctx.state(state.id).rollback is not None:
        await rollback.take_back(ctx, ctx.state(state.id), going, move, trying)


def reason_to_refuse(state: RunState, repository: str, reason: str) -> LandingRefused:
    """Before anything has moved, a repository of several cannot take its part."""
    step = f"commit or stash what is in the way in {repository!r}, then `hive land {state.id}`"
    return LandingRefused(reason=f"{repository}: {reason}; no repository was touched", next_step=step)


async def _unready(going: tuple[Part, ...], move: Mover) -> tuple[str, str] | None:
    """Why a checkout of one of several repositories could not follow; seen before any of them moves."""
    if move.remote or not all(part.name for part in going):
        return None
    for part in going:
        if reason := await asyncio.to_thread(landing.obstacle, part.user, part.branch):
            return part.name, reason
    return None


async def _forward(ctx: Context, state: RunState, going: tuple[Part, ...], move: Mover, onto: str) -> bool:
    """Move what has not moved yet. Whether a rollback has begun."""
    for part in going:
        if part.name in state.parts:
            continue
        try:
            outcome: Moved | TroubleError = await trying(ctx, state, partial(move.move, part))
        except TroubleError as error:
            outcome = error
        faults.point("landing.part")
        note = await _note(ctx, state, part, outcome, move)
        if note is None:
            return await _stopped(ctx, state, part, outcome)
        if part.name:
            done = RepositoryLanded(repository=part.name, ref=part.ref, old=part.old, new=part.new, note=note)
            ctx.emit(state.id, done, durable=True)
        else:
            _record(ctx, state, outcome, move, note)
            return False
    await asyncio.to_thread(_conclude, ctx, state, going, move, onto)
    return False


async def _note(
    ctx: Context, state: RunState, part: Part, outcome: Moved | TroubleError, move: Mover
) -> str | None:
    """What to say of a part that has landed; none for one that has not."""
    if isinstance(outcome, landing.LandedElsewhere):
        return f"{outcome.reason}; {outcome.next_step}"
    if not isinstance(outcome, landing.Landed):
        return None
    if not move.remote:
        return ""
    return await asyncio.to_thread(landing.follow, part.user, part.branch, part.new, state.id)


async def _stopped(ctx: Context, state: RunState, part: Part, outcome: Moved | TroubleError) -> bool:
    """A part did not land: nothing has moved yet, or everything goes back. Whether a rollback has begun."""
    event = _refusal(state, part, outcome)
    if ctx.state(state.id).parts:
        found = event.found if isinstance(event, TargetMoved) else ""
        reason = "its branch moved meanwhile" if isinstance(event, TargetMoved) else event.reason
        step = "" if isinstance(event, TargetMoved) else event.next_step
        begun = RollbackStarted(repository=part.name, reason=reason, next_step=step, found=found)
        ctx.emit(state.id, begun, durable=True)
        return True
    if part.name and isinstance(event, TargetMoved | QueueStopped):
        now = await trying(ctx, state, partial(head, ctx, state))
        event = event.model_copy(update={"found": now or ""})
    ctx.emit(state.id, event)
    return False


def _refusal(
    state: RunState, part: Part, outcome: Moved | TroubleError
) -> LandingRefused | TargetMoved | QueueStopped:
    match outcome:
        case landing.BranchMoved(expected=expected, found=found):
            return TargetMoved(ref=part.ref, expected=expected, found=found)
        case landing.BranchReset(expected=expected, found=found):
            return refusals.reset(state, expected, found, part.branch)
        case landing.BranchDeleted():
            return refusals.gone(state, part.branch)
        case Untouchable(reason):
            return reason_to_refuse(state, part.name or part.branch, reason)
        case TroubleError():
            return refusals.trouble(state, outcome)
        case landing.Landed() | landing.LandedElsewhere():
            raise AssertionError("it has landed")
        case _:
            assert_never(outcome)


def _record(ctx: Context, state: RunState, outcome: Moved | TroubleError, move: Mover, note: str) -> None:
    assert isinstance(outcome, landing.Landed | landing.LandedElsewhere)  # noqa: S101
    assert state.merged is not None  # noqa: S101
    event: Event = Landed(
        ref=outcome.ref,
        old=state.merged.base or outcome.old,
        new=outcome.new,
        tree=state.merged.tree,
        note=note,
        remote=move.remote,
    )
    ctx.emit(state.id, event, durable=True)


def _conclude(ctx: Context, state: RunState, going: tuple[Part, ...], move: Mover, onto: str) -> None:
    """Every repository has its part: compare what is there with what was tested, then say so."""
    merged = state.merged
    assert merged is not None  # noqa: S101
    heads = heads_after(ctx.user.heads(onto), going)
    whole = ctx.user.compose(state.created.target, heads, after=merged.commit)
    tree = ctx.objects.tree_of(whole)
    if tree != merged.tree:
        raise RuntimeError(f"run {state.id!r}: {tree} landed, but {merged.tree} was tested")
    ref, notes = f"refs/heads/{state.created.target}", ctx.state(state.id).parts.values()
    note = "; ".join(f"{part.repository}: {part.note}" for part in notes if part.note)
    ctx.emit(
        state.id,
        Landed(ref=ref, old=merged.base or onto, new=merged.commit, tree=tree, note=note, remote=move.remote),
        durable=True,
    )
