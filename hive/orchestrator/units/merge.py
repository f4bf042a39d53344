"""The changeset on the target's head and on those ahead of it: merged as the exact union that would land."""

import asyncio

from hive.events import (
    ChangesetMerged,
    Event,
    LandingRefused,
    OfferedPart,
    QueueStopped,
    SpeculationConflicted,
)
from hive.orchestrator.context import Context
from hive.orchestrator.landing.refusals import gone, reset, trouble, unpushed
from hive.orchestrator.landing.saga import trying
from hive.orchestrator.landing.target import head
from hive.orchestrator.queue import Place
from hive.orchestrator.queue.reading import last_known
from hive.orchestrator.schedule import Unit
from hive.orchestrator.units.rebase import sent_back
from hive.state import RunState
from hive.workspaces.remote import TroubleError
from hive.workspaces.store import Conflicted, Merged
from hive.workspaces.union import union

Beneath = tuple[tuple[str, str], ...]
Parts = list[tuple[str, str]]
FEW = 2
"""Services up to which they are merged one by one."""


async def merge(ctx: Context, unit: Unit) -> None:
    """Merge what the changeset consists of onto the target's head and the queue ahead, as one commit."""
    state, place = ctx.state(unit.run), ctx.place(unit.run)
    if state.merges >= unit.number or place is None or place.act != "merge":
        return
    beneath = _beneath(ctx, place)
    if beneath is None:
        return
    try:
        onto = await trying(ctx, state, lambda: head(ctx, state))
    except TroubleError as error:
        ctx.emit(state.id, trouble(state, error))
        return
    ctx.emit(state.id, await asyncio.to_thread(_merge, ctx, state, place, beneath, onto))


def _beneath(ctx: Context, place: Place) -> Beneath | None:
    """Those that it stands on, each with its commit; none when one of them is being merged anew."""
    found = [(name, ctx.runs.get(name).merged) for name in place.on]
    known = tuple((name, merged.commit) for name, merged in found if merged)
    return known if len(known) == len(found) else None


def _merge(ctx: Context, state: RunState, place: Place, beneath: Beneath, onto: str | None) -> Event:
    if onto is None:
        return gone(state)
    ctx.objects.fetch_base(onto)
    if problem := _problem(ctx, state, onto):
        return problem
    base = _stack(ctx, state, onto, beneath)
    if isinstance(base, Conflicted):
        return SpeculationConflicted(onto=onto, beneath=beneath, reason="those ahead do not merge either")
    parts = _parts(state)
    between = _together(ctx, state, base, parts)
    if between is None:
        found = _one_by_one(ctx, state, base, parts)
        if isinstance(found, tuple):
            return _unmerged(state, onto, beneath, *found)
        between = found
    tree = ctx.objects.tree_of(between)
    # a service's commit has its contract commit as its parent: the newest is named when no service's commit has it
    newest = any(task.work_version == len(state.versions) for task in state.changed)
    parents = [base, *(commit for name, commit in parts if name in state.tasks or len(parts) == 1)]
    parents += [state.contract.commit] if len(parts) > 1 and not newest and state.contract else []
    commit = ctx.objects.commit_tree(tree, parents, _message(state), state.at)
    ctx.objects.keep(f"refs/hive/runs/{state.id}/merged", commit)
    speculative = base if base != onto else ""
    return ChangesetMerged(
        onto=onto, commit=commit, tree=tree, beneath=beneath, base=speculative, whole=place.whole
    )


def _together(ctx: Context, state: RunState, base: str, parts: Parts) -> str | None:
    """The services' work merged at once, where no two of them touch one path and nothing conflicts."""
    works = [commit for name, commit in parts if name in state.tasks]
    whole = union(ctx.objects, works, state.at) if len(works) > FEW else None
    if whole is None:
        return None
    between = base
    for commit in [*(commit for name, commit in parts if name not in state.tasks), whole]:
        merged = ctx.objects.merge(between, commit, "in between", state.at)
        if isinstance(merged, Conflicted):
            return None
        between = merged.commit
    return between


def _one_by_one(ctx: Context, state: RunState, base: str, parts: Parts) -> str | tuple[str, Conflicted]:
    """Every part after the other; or which of them conflicts, and where."""
    between = base
    for name, commit in parts:
        merged = ctx.objects.merge(between, commit, f"{name}, in between", state.at)
        if isinstance(merged, Conflicted):
            return name, merged
        between = merged.commit
    return between


def _unmerged(state: RunState, onto: str, beneath: Beneath, name: str, merged: Conflicted) -> Event:
    if beneath:
        return SpeculationConflicted(onto=onto, beneath=beneath, reason=_where(name, merged))
    refused = _conflict(state, name, merged)
    return sent_back(state, onto, refused.reason) or refused


def _parts(state: RunState) -> list[tuple[str, str]]:
    """The commits that a changeset consists of, named for people."""
    if state.offered:
        return [(f"branch {state.offered.branch}", state.offered.commit)]
    contract = [("the contract", state.contract.commit)] if state.contract else []
    return [*contract, *((task.service, task.work.commit) for task in state.changed if task.work)]


def _stack(ctx: Context, state: RunState, onto: str, beneath: Beneath) -> str | Conflicted:
    """The commit to stand on: the target's and all of those beneath, of which the last holds most of the others."""
    held: set[str] = set()
    base = onto
    for name, commit in reversed(beneath):
        if commit in held:
            continue
        merged = ctx.runs.get(name).merged
        held.update(inner for _, inner in (merged.beneath if merged else ()))
        found = _onto(ctx, state, base, commit)
        if isinstance(found, Conflicted):
            return found
        base = found.commit
    return base


def _onto(ctx: Context, state: RunState, base: str, commit: str) -> Merged | Conflicted:
    if ctx.objects.is_ancestor(base, commit):
        return Merged(commit, "")
    return ctx.objects.merge(base, commit, "the queue ahead, in between", state.at)


def _problem(ctx: Context, state: RunState, onto: str) -> QueueStopped | LandingRefused | None:
    """Why it cannot be merged at all: the target was reset, or the person's branch is not what was offered."""
    if state.policy.landing != "local" and not ctx.objects.is_ancestor(state.created.base, onto):
        return unpushed(state)
    tip = last_known(ctx.runs.all(), state.created.target)
    if tip and not ctx.objects.is_ancestor(tip.commit, onto):
        return reset(state, tip.commit, onto)
    if not ctx.objects.is_ancestor(state.created.base, onto):
        accepted = tip is not None and tip.seq > (state.land_requested or 0)
        return _anew(state) if accepted else reset(state, state.created.base, onto)
    return edited(ctx, state)


def edited(ctx: Context, state: RunState) -> LandingRefused | None:
    """An approval is one of exactly this commit: a branch that has moved, or is gone, is not what was approved."""
    offered = state.offered
    if offered is None:
        return None
    alone = OfferedPart(repository="", branch=offered.branch, commit=offered.commit)
    for part in offered.parts or (alone,):
        found = ctx.user.repositories[part.repository].branch_commit(part.branch)
        if found == part.commit:
            continue
        now = f"is at {found[:10]} now" if found else "does not exist any more"
        where = f" of {part.repository!r}" if part.repository else ""
        there = f" -C {ctx.user.repositories[part.repository].root}" if part.repository else ""
        back = f"git{there} branch {part.branch} {part.commit}"
        return LandingRefused(
            reason=f"the branch {part.branch!r}{where} {now}; {part.commit[:10]} of it was approved",
            next_step=f"hive queue add {offered.branch}" if found else back,
        )
    return None


def _anew(state: RunState) -> LandingRefused:
    base, target = state.created.base[:10], state.created.target
    anew = f"start the run anew: hive run {state.created.request!r}"
    if state.offered:
        branch = state.offered.branch
        anew = f"rebase {branch!r} onto {target!r} as it is, then `hive queue add {branch}`"
    return LandingRefused(
        reason=f"{target!r} was reset: it does not contain the commit {base} that the run began with",
        next_step=f"bring {target!r} back, then `hive land {state.id}`; or {anew}",
    )


def _where(name: str, merged: Conflicted) -> str:
    return f"{name} conflicts in {', '.join(repr(path) for path in merged.paths[:5])}"


def _conflict(state: RunState, name: str, merged: Conflicted) -> LandingRefused:
    paths = ", ".join(repr(path) for path in merged.paths[:5])
    known = (name,) if name in state.tasks else ()
    target = state.created.target
    anew = f"start the run anew on the new {target!r}: hive run {state.created.request!r}"
    step = (
        f"merge {target!r} into it, then `hive queue add {state.offered.branch}`" if state.offered else anew
    )
    return LandingRefused(
        reason=f"{name} does not merge with {target!r} as it is now: {paths}", next_step=step, services=known
    )


def _message(state: RunState) -> str:
    if state.offered:
        return f"{state.created.request}\n\nHive-Run: {state.id}\n"
    names = ", ".join(task.service for task in state.changed)
    reverts = f"Hive-Reverts: {state.created.reverts}\n" if state.created.reverts else ""
    return (
        f"{state.created.request}\n\nOne change over: {names or 'the contract alone'}\n"
        f"Hive-Run: {state.id}\n{reverts}"
    )
