"""The changeset on the target's head: merged and tested as the exact union that would land."""

import asyncio

from hive.events import ChangesetMerged, ChangesetTested, CheckFinished, LandingRefused
from hive.model import Evidence, Service
from hive.orchestrator.checks.conformance import check_contracts
from hive.orchestrator.context import Context
from hive.orchestrator.schedule import Unit
from hive.orchestrator.units.prepare import approved_plan
from hive.orchestrator.units.testing import seen_by, tests
from hive.state import RunState
from hive.workspaces.store import Conflicted
from hive.workspaces.tree import GitTree


async def merge(ctx: Context, unit: Unit) -> None:
    """Merge the contract commit and every approved service onto the target's head, as one commit."""
    state = ctx.state(unit.run)
    if state.merges >= unit.number or state.contract is None:
        return
    ctx.emit(state.id, await asyncio.to_thread(_merge, ctx, state, state.contract.commit))


def _merge(ctx: Context, state: RunState, contract: str) -> ChangesetMerged | LandingRefused:
    target = state.created.target
    onto = ctx.user.branch_commit(target)
    if onto is None:
        return gone(state)
    ctx.objects.fetch_base(onto)
    if not ctx.objects.is_ancestor(state.created.base, onto):
        return reset(state)
    between, work = onto, [(task.service, task.work.commit) for task in state.changed if task.work]
    for name, commit in [("the contract", contract), *work]:
        merged = ctx.objects.merge(between, commit, f"{name}, in between", state.at)
        if isinstance(merged, Conflicted):
            return _conflict(state, name, merged)
        between = merged.commit
    tree = ctx.objects.tree_of(between)
    # every service's commit has the contract commit as its parent, so that one is named only when it is alone
    parents = [onto, *(commit for _, commit in work)] if work else [onto, contract]
    commit = ctx.objects.commit_tree(tree, parents, _message(state), state.at)
    ctx.objects.keep(f"refs/hive/runs/{state.id}/merged", commit)
    return ChangesetMerged(onto=onto, commit=commit, tree=tree)


def gone(state: RunState) -> LandingRefused:
    """The target branch was deleted."""
    return LandingRefused(
        reason=f"the target branch {state.created.target!r} does not exist any more",
        next_step=f"create {state.created.target!r} again, then `hive land {state.id}`",
    )


def reset(state: RunState) -> LandingRefused:
    """The target branch was reset or force-pushed."""
    base, target = state.created.base[:10], state.created.target
    return LandingRefused(
        reason=f"{target!r} was reset: it does not contain the commit {base} that the run began with",
        next_step=f"bring {target!r} back, then `hive land {state.id}`; or start the run anew",
    )


def _conflict(state: RunState, name: str, merged: Conflicted) -> LandingRefused:
    paths = ", ".join(repr(path) for path in merged.paths[:5])
    known = (name,) if name in state.tasks else ()
    return LandingRefused(
        reason=f"{name} does not merge with {state.created.target!r} as it is now: {paths}",
        next_step=f"start the run anew on the new {state.created.target!r}: hive run {state.created.request!r}",
        services=known,
    )


def _message(state: RunState) -> str:
    names = ", ".join(task.service for task in state.changed)
    reverts = f"Hive-Reverts: {state.created.reverts}\n" if state.created.reverts else ""
    return (
        f"{state.created.request}\n\nOne change over: {names or 'the contract alone'}\n"
        f"Hive-Run: {state.id}\n{reverts}"
    )


async def test(ctx: Context, unit: Unit) -> None:
    """Check the contracts and every service that can see a difference, on the merged commit."""
    state = ctx.state(unit.run)
    if state.tested or state.merged is None:
        return
    merged = state.merged
    contract = await asyncio.to_thread(_contracts, ctx, state)
    ctx.emit(state.id, CheckFinished(evidence=contract))
    services = await asyncio.to_thread(_touched, ctx, state)
    slots = asyncio.Semaphore(state.policy.max_parallel)

    async def one(service: Service) -> Evidence:
        known = state.union.get(f"{service.name}/tests")
        if known:
            return known
        async with slots:
            evidence = await tests(ctx, state, service, merged.commit, f"merge{unit.number}", None)
        ctx.emit(state.id, CheckFinished(evidence=evidence), service=service.name)
        return evidence

    async with asyncio.TaskGroup() as group:
        running = [group.create_task(one(service)) for service in services]
    _conclude(ctx, state, [contract, *(task.result() for task in running)])


def _conclude(ctx: Context, state: RunState, found: list[Evidence]) -> None:
    assert state.merged is not None  # noqa: S101
    red = [e for e in found if e.outcome in ("failed", "timed_out", "environment")]
    unproven = [e for e in found if e.outcome == "unverified"]
    reason = "; ".join(f"{e.service or 'contracts'}: {e.outcome}: {e.reason}" for e in red or unproven)
    tested = ChangesetTested(
        commit=state.merged.commit, tree=state.merged.tree, passed=not red, reason=reason
    )
    if not red:
        ctx.emit(state.id, tested, durable=True)
        return
    names = tuple(e.service for e in red if e.service)
    ctx.emit(
        state.id,
        tested,
        LandingRefused(
            reason=f"the union is red: {reason}",
            next_step=f"hive retry {state.id} {names[0]}" if names else f"hive show {state.id}",
            services=names,
        ),
    )


def _contracts(ctx: Context, state: RunState) -> Evidence:
    """The contracts of the union are those of the plan; where the target changed one too, they were merged."""
    assert state.merged is not None  # noqa: S101 - due() tests nothing before
    old, new = GitTree(ctx.objects, state.merged.onto), GitTree(ctx.objects, state.merged.commit)
    base = GitTree(ctx.objects, state.created.base)
    expected, actual, kinds = {}, {}, {}
    for patch in approved_plan(state).patches:
        contract = state.created.graph.contract(patch.path)
        actual[patch.path] = _read(new, patch.path)
        moved = _read(old, patch.path) != _read(base, patch.path)
        merged = actual[patch.path] if moved else patch.text.encode("utf-8", "surrogateescape")
        expected[patch.path] = merged if merged is not None else b""
        if contract is not None:
            kinds[patch.path] = contract.kind
    return check_contracts(expected, actual, kinds, tree=state.merged.tree)


def _read(tree: GitTree, path: str) -> bytes | None:
    try:
        return tree.read(path)
    except KeyError:
        return None


def _touched(ctx: Context, state: RunState) -> list[Service]:
    """Services that can see a difference between the target and the union."""
    assert state.merged is not None  # noqa: S101
    merged = state.merged
    return [
        service
        for service in state.created.graph.services
        if seen_by(ctx, state, service, merged.onto) != seen_by(ctx, state, service, merged.commit)
    ]
