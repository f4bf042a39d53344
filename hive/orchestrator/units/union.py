"""Checks on the exact union that would land: its contracts, and every service that can see a difference."""

import asyncio

from hive.contracts import diff
from hive.errors import ContractError
from hive.events import ChangesetMerged, ChangesetTested, CheckFinished
from hive.model import Contract, Evidence, Service
from hive.orchestrator.checks.conformance import check_contracts
from hive.orchestrator.context import Context
from hive.orchestrator.schedule import Unit
from hive.orchestrator.units.prepare import approved_plan
from hive.orchestrator.units.refuse import in_words
from hive.orchestrator.units.testing import seen_by, tests
from hive.state import RunState
from hive.text import one_line
from hive.workspaces.tree import GitTree


async def test(ctx: Context, unit: Unit) -> None:
    """Check the merged commit. What it finds of a merge that was given up meanwhile is kept, and told to nobody."""
    state = ctx.state(unit.run)
    if state.tested or state.merged is None:
        return
    merged = state.merged
    place = ctx.place(unit.run)
    contract = await asyncio.to_thread(_contracts, ctx, state, merged)
    _tell(ctx, state, merged, contract)
    services = await asyncio.to_thread(_touched, ctx, state, merged)

    async def one(service: Service) -> Evidence:
        known = state.union.get(f"{service.name}/tests")
        if known:
            return known
        at = place.position if place else 0
        found = await tests(ctx, state, service, merged.commit, f"merge{unit.number}", None, queued=at)
        evidence = _quarantined(state, found)
        _tell(ctx, state, merged, evidence)
        return evidence

    async with asyncio.TaskGroup() as group:
        running = [group.create_task(one(service)) for service in services]
    if ctx.state(unit.run).merged == merged:
        _conclude(ctx, state, merged, [contract, *(task.result() for task in running)])


def _tell(ctx: Context, state: RunState, merged: ChangesetMerged, evidence: Evidence) -> None:
    if ctx.state(state.id).merged == merged:
        ctx.emit(state.id, CheckFinished(evidence=evidence), service=evidence.service)


def _quarantined(state: RunState, evidence: Evidence) -> Evidence:
    listed = f"{evidence.service}/{evidence.check}" in state.policy.quarantine
    return evidence.model_copy(update={"quarantined": True}) if listed else evidence


def _conclude(ctx: Context, state: RunState, merged: ChangesetMerged, found: list[Evidence]) -> None:
    red = [evidence for evidence in found if evidence.blocks]
    unproven = [
        e
        for e in found
        if e.outcome == "unverified" or (e.quarantined and e.outcome != "passed") or e.excused
    ]
    reason = in_words(red or unproven)
    tested = ChangesetTested(commit=merged.commit, tree=merged.tree, passed=not red, reason=reason)
    ctx.emit(state.id, tested, durable=not red)


# --- contracts ------------------------------------------------------------------------------------------------------


def _contracts(ctx: Context, state: RunState, merged: ChangesetMerged) -> Evidence:
    """The contracts of the union are those of the plan; where the target changed one too, they were merged."""
    if state.offered:
        return _offered(ctx, state, merged)
    old, new = GitTree(ctx.objects, merged.base or merged.onto), GitTree(ctx.objects, merged.commit)
    base = GitTree(ctx.objects, state.base)
    agreed = GitTree(ctx.objects, state.contract.commit if state.contract else state.base)
    expected, actual, kinds = {}, {}, {}
    for patch in approved_plan(state).patches:
        contract = state.created.graph.contract(patch.path)
        actual[patch.path] = _read(new, patch.path)
        moved = _read(old, patch.path) != _read(base, patch.path)
        planned = actual[patch.path] if moved else _read(agreed, patch.path)
        expected[patch.path] = planned if planned is not None else b""
        if contract is not None:
            kinds[patch.path] = contract.kind
    return check_contracts(expected, actual, kinds, tree=merged.tree)


def _offered(ctx: Context, state: RunState, merged: ChangesetMerged) -> Evidence:
    """A person's branch has no plan: what it changes in contracts must be readable, and break nobody unasked."""
    old, new = GitTree(ctx.objects, merged.base or merged.onto), GitTree(ctx.objects, merged.commit)
    changed = [c for c in state.created.graph.contracts if _read(old, c.path) != _read(new, c.path)]
    problems = [problem for each in changed if (problem := _breaks(each, state, old, new))]
    count = len(changed)
    return Evidence(
        check="contract",
        outcome="failed" if problems else "passed" if changed else "unverified",
        reason="; ".join(problems) or (f"{count} changed, compatible" if count else "no contract changes"),
        collected=count,
        passed=count - len(problems),
        failed=len(problems),
        tree=merged.tree,
    )


def _breaks(contract: Contract, state: RunState, old: GitTree, new: GitTree) -> str:
    try:
        found = diff(contract.kind, contract.path, _read(old, contract.path), _read(new, contract.path))
    except ContractError as error:
        return one_line(error.message, 300)
    bad = [change for change in found if change.severity in ("breaking", "unknown")]
    allowed = state.offered is not None and state.offered.breaking
    return f"{bad[0].severity}: {one_line(bad[0].message, 300)}" if bad and not allowed else ""


def _read(tree: GitTree, path: str) -> bytes | None:
    try:
        return tree.read(path)
    except KeyError:
        return None


def _touched(ctx: Context, state: RunState, merged: ChangesetMerged) -> list[Service]:
    """Services that can see a difference to what is beneath; to the target, where that is tested along."""
    known = merged.onto if merged.whole else merged.base or merged.onto
    return [
        service
        for service in state.created.graph.services
        if seen_by(ctx, state, service, known) != seen_by(ctx, state, service, merged.commit)
    ]
