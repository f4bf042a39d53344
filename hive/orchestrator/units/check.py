"""A service's checks, on the base, on its agent's work and on the union; and what follows from them."""

from hive.events import CheckFinished, CheckStarted, TaskSettled, WorkReturned
from hive.orchestrator.context import Context
from hive.orchestrator.schedule import Unit, verdict
from hive.orchestrator.units.testing import tests

BASE_TURN = 0


async def baseline(ctx: Context, unit: Unit) -> None:
    """What the service's tests say of the unchanged base: later results are held against it."""
    state = ctx.state(unit.run)
    task = state.tasks[unit.service or ""]
    service = state.created.graph.service(task.service)
    if task.baseline or service is None:
        return
    evidence = await tests(ctx, state, service, state.base, "base", None, queued=None)
    ctx.emit(state.id, CheckFinished(turn=BASE_TURN, evidence=evidence), service=service.name)


async def check(ctx: Context, unit: Unit) -> None:
    """Test the work of a turn, then settle it or send it back."""
    state = ctx.state(unit.run)
    task = state.tasks[unit.service or ""]
    service = state.created.graph.service(task.service)
    if task.stale or task.settled or task.returned >= unit.number or task.work is None or service is None:
        return
    hopeless = any(v.severity == "refused" for v in task.violations)
    if "tests" not in task.evidence and not hopeless:
        ctx.emit(
            state.id,
            CheckStarted(check="tests", turn=unit.number, command=service.test or ""),
            service=service.name,
        )
        label = f"turn{unit.number}"
        evidence = await tests(ctx, state, service, task.work.commit, label, task.baseline, queued=None)
        ctx.emit(state.id, CheckFinished(turn=unit.number, evidence=evidence), service=service.name)
    now = ctx.task(state.id, service.name)
    if now.turn != unit.number or now.stale:
        return  # another turn is due by now, or begun
    outcome, reason = verdict(now, state.policy.rework_limit)
    if outcome == "rework":
        ctx.emit(state.id, WorkReturned(turn=unit.number, reason=reason), service=service.name)
    else:
        settled = TaskSettled(turn=unit.number, outcome=outcome, reason=reason)
        ctx.emit(state.id, settled, service=service.name)
