"""A union that is red for good: whose fault that is, and so whether its agents or a person go on."""

from collections.abc import Sequence

from hive.events import LandingRefused, RebaseRequested
from hive.model import Evidence
from hive.orchestrator.context import Context
from hive.orchestrator.schedule import Unit
from hive.orchestrator.units.rebase import sent_back
from hive.orchestrator.units.testing import tests
from hive.state import RunState

_FAILED = ("failed", "timed_out")


async def refuse(ctx: Context, unit: Unit) -> None:
    """Whoever was ahead is out of the queue, and the union is still red: it is made again, or a person is asked.

    What passes on the target as it is, and on the changeset alone, fails only together: that is rework.
    """
    state, place = ctx.state(unit.run), ctx.place(unit.run)
    merged = state.merged
    if merged is None or not state.tested or state.tested.passed or place is None or place.act != "refuse":
        return
    red = [evidence for evidence in state.union.values() if evidence.blocks]
    target, alone = await _apart(ctx, state, red, merged.base or merged.onto)
    now, place = ctx.state(unit.run), ctx.place(unit.run)
    if now.merged != merged or place is None or place.act != "refuse":
        return  # taken out of the queue meanwhile
    ctx.emit(state.id, verdict(now, red, target, alone, place.head or merged.onto))


async def _apart(
    ctx: Context, state: RunState, red: Sequence[Evidence], beneath: str
) -> tuple[list[Evidence], list[Evidence]]:
    """The red checks on the target alone, and on the changeset alone; as far as that can tell whose fault it is."""
    if any(each.outcome not in _FAILED for each in red):
        return [], []
    target, alone = [], []
    for each in red:
        service = state.created.graph.service(each.service or "")
        if service is None:
            return [], []
        label = f"apart{state.merges}"
        target.append(await tests(ctx, state, service, beneath, f"{label}-target", None, queued=0))
        task = state.tasks.get(service.name)
        if beneath == state.base:
            continue  # the union is the changeset alone
        if state.offered:
            commit = state.offered.commit
            alone.append(await tests(ctx, state, service, commit, f"{label}-own", None, queued=0))
        elif task and "tests" in task.evidence:
            alone.append(task.evidence["tests"])
    return target, alone


def verdict(
    state: RunState, red: Sequence[Evidence], target: Sequence[Evidence], alone: Sequence[Evidence], onto: str
) -> RebaseRequested | LandingRefused:
    """What follows from a red union and from the same checks on either side of it. Pure."""
    reason = in_words(red)
    names = tuple(evidence.service for evidence in red if evidence.service)
    if broken := [evidence for evidence in target if evidence.blocks]:
        branch = state.created.target
        again = f"hive queue add {state.offered.branch}" if state.offered else f"hive land {state.id}"
        return LandingRefused(
            reason=f"{branch!r} is red without it: {in_words(broken)}",
            next_step=f"mend {branch!r}, then `{again}`",
        )
    apart = bool(alone) and len(alone) == len(red) and all(each.outcome == "passed" for each in alone)
    if not apart:
        step = _step(state, red, names)
        return LandingRefused(reason=f"the union is red: {reason}", next_step=step, services=names)
    reason = f"passes alone, and is red together with what has landed: {reason}"
    mine = all(name in state.tasks for name in names)
    back = sent_back(state, onto, reason, names) if mine else None
    return back or LandingRefused(reason=reason, next_step=_together(state, names), services=names)


def in_words(found: Sequence[Evidence]) -> str:
    """Each check with what came of it."""
    return "; ".join(f"{each.service or 'contracts'}: {_told(each)}" for each in found)


def _told(evidence: Evidence) -> str:
    notes = ", twice" if evidence.retried else ""
    return f"{evidence.outcome}{notes}{', in quarantine' if evidence.quarantined else ''}: {evidence.reason}"


def _together(state: RunState, names: tuple[str, ...]) -> str:
    if not state.offered:
        return f"hive retry {state.id} {names[0]}, or start the run anew: hive run {state.created.request!r}"
    branch, target = state.offered.branch, state.created.target
    return f"merge {target!r} into {branch!r}, correct what fails there, then `hive queue add {branch}`"


def _step(state: RunState, red: Sequence[Evidence], names: tuple[str, ...]) -> str:
    again = f"hive queue add {state.offered.branch}" if state.offered else f"hive land {state.id}"
    if all(evidence.outcome == "environment" for evidence in red):
        return f"make the command run here, then `{again}`"
    if all(evidence.outcome == "timed_out" for evidence in red):
        return f"see where it hangs (hive show {state.id}), or raise `check_timeout`; then `{again}`"
    if state.offered:
        return f"correct the branch, then `{again}`"
    return f"hive retry {state.id} {names[0]}" if names else f"hive show {state.id}"
