"""What a run does next: a pure function of its state. The engine does it, and asks again."""

from typing import Literal, NamedTuple

from hive.events import Approved, ContractRevised, Event, LandRequested, ProposalDecided
from hive.model import Feedback
from hive.orchestrator.proposals import described
from hive.orchestrator.queue.changeset import Act
from hive.state import POLICY, RunState, TaskState

UnitKind = Literal[
    "contract",
    "revise",
    "rebase",
    "workspace",
    "baseline",
    "turn",
    "collect",
    "check",
    "merge",
    "test",
    "land",
    "watch",
    "refuse",
    "close",
]
QUEUED: frozenset[UnitKind] = frozenset({"merge", "test", "land", "refuse"})
"""Units that the merge queue decides on: it may take one back, and ask for it again."""
HEAVY: frozenset[UnitKind] = frozenset({"baseline", "turn", "check", "test"})
"""Units that run other people's programs: as many at a time as the policy's `max_parallel`."""


class Unit(NamedTuple):
    """A piece of work that is done once; done again from its start when hive died in it."""

    kind: UnitKind
    run: str
    service: str | None = None
    number: int = 0
    """The turn, or the number of the merge."""
    generation: int = 0
    try_: str = ""
    """Tells apart the tries of a unit that the queue may take back."""

    @property
    def key(self) -> str:
        """Equal for equal work: whoever submits it twice gets it once."""
        name = f"{self.run}/{self.service or '-'}/{self.kind}/{self.number}/{self.generation}"
        return f"{name}/{self.try_}" if self.try_ else name


Verdict = Literal["ready", "rework", "stuck"]


def due(state: RunState, *, act: Act | None) -> tuple[Unit, ...]:
    """Everything that can be done now; `act` is what the queue wants of a changeset that waits to land."""
    generation = state.generation
    if state.closed or state.failed:
        return ()
    if state.landed or state.discarded:
        return (Unit("close", state.id, generation=generation),)
    if state.offered:
        return _landing_units(state, act)
    if state.stopped or not state.plan_approved:
        return ()
    if not state.contract:
        return (Unit("contract", state.id, generation=generation),)
    if state.rebase:
        return (Unit("rebase", state.id, number=state.merges, generation=generation),)
    approved = [p.number for p in state.proposals if p.status == "approved"]
    units = [Unit("revise", state.id, number=n, generation=generation) for n in approved[:1]]
    units += [unit for task in state.tasks.values() if not task.stopped for unit in _task_units(state, task)]
    if state.overspent:
        return tuple(unit for unit in units if unit.kind != "turn")
    return tuple(units) or _landing_units(state, act)


def _task_units(state: RunState, task: TaskState) -> list[Unit]:
    baseline = Unit("baseline", state.id, task.service, generation=task.generation)
    found = [baseline] if wants_baseline(state, task) else []
    step = _next_step(task)
    if step is None or (step[0] == "check" and found):  # a check is held against the base's own result
        return found
    return [*found, Unit(step[0], state.id, task.service, step[1], task.generation)]


def _next_step(task: TaskState) -> tuple[UnitKind, int] | None:
    if not task.workspace:
        return "workspace", 0
    if task.turn and not task.turn_over:
        return "turn", task.turn
    if task.redo:
        return "turn", task.turn + 1
    if task.turn and not task.collected:
        return "collect", task.turn
    if not task.turn or task.comments or task.retry or task.stale:
        return "turn", task.turn + 1
    if task.settled:
        return None
    return ("turn", task.turn + 1) if task.returned == task.turn else ("check", task.turn)


def wants_baseline(state: RunState, task: TaskState) -> bool:
    """Whether the service's tests on the unchanged base are still unknown."""
    service = state.created.graph.service(task.service)
    return bool(service and service.test and state.created.trusted and task.baseline is None)


def _landing_units(state: RunState, act: Act | None) -> tuple[Unit, ...]:
    """What the queue wants of it; a merge is always a new one."""
    if state.phase == "requested":
        watching = Unit("watch", state.id, number=state.merges, generation=state.generation)
        return (watching,) if state.watching else ()
    if state.phase != "landing":
        return ()
    match act:
        case "merge":
            return (Unit("merge", state.id, number=state.merges + 1, generation=state.generation),)
        case "refuse" if state.tested is None:  # it is known to fail, and its other checks still run
            return (Unit("test", state.id, number=state.merges, generation=state.generation),)
        case "test" | "land" | "refuse":
            return (Unit(act, state.id, number=state.merges, generation=state.generation),)
    return ()


def verdict(task: TaskState, rework_limit: int) -> tuple[Verdict, str]:
    """What becomes of a turn, its checks being done; and the reason, for a person."""
    problem = _problem(task)
    if problem is None:
        return "ready", _remarks(task)
    ended = task.turn_over.outcome if task.turn_over else "finished"
    if ended in ("failed", "timed_out") and not task.evidence:
        return "stuck", problem
    if ended == "failed" and not found(task):  # there is nothing new to tell it
        return "stuck", problem
    if task.reworks >= rework_limit:
        turns = f" after {task.reworks} reworks" if task.reworks else ""
        return "stuck", f"{problem}{turns}"
    return "rework", problem


def _problem(task: TaskState) -> str | None:
    if task.turn_over and task.turn_over.outcome in ("failed", "timed_out"):
        return f"the agent {task.turn_over.outcome.replace('_', ' ')}: {task.turn_over.reason or 'no reason given'}"
    refused = [v for v in task.violations if v.severity == "refused"]
    if refused:
        return f"changed what it must not: {refused[0].path!r} ({refused[0].reason})"
    red = [e for e in task.evidence.values() if e.outcome in ("failed", "timed_out")]
    return f"{red[0].check} {red[0].outcome.replace('_', ' ')}: {red[0].reason}" if red else None


def _remarks(task: TaskState) -> str:
    found = [f"{e.check} {e.outcome}: {e.reason}" for e in task.evidence.values() if e.outcome != "passed"]
    found += [f"{v.path!r}: {v.reason}" for v in task.violations if v.severity == "needs_person"]
    if task.work and not task.work.files:
        found.append("no change was needed or found")
    if task.unplaced:
        found.append(f"{len(task.unplaced)} not placed")
    return "; ".join(found)


def proven(task: TaskState, *, sealed_only: bool = False) -> bool:
    """Whether a diff may be approved without a person looking: everything passed, nothing to look at."""
    return (
        task.settled is not None
        and task.settled.outcome == "ready"
        and not task.violations
        and bool(task.evidence)
        and all(e.outcome == "passed" and (e.sealed or not sealed_only) for e in task.evidence.values())
    )


def by_policy(state: RunState) -> tuple[tuple[str | None, Event], ...]:
    """What `--approve-all` and `--land` decide now, with the service; unproven work always waits for a person."""
    if not state.plan_approved or state.stopped or state.failed or state.landed or state.discarded:
        return ()
    decided: list[tuple[str | None, Event]] = []
    if state.policy.approve_compatible_proposals:
        adding = [p.number for p in state.proposals if p.status == "open" and p.only_adds]
        decided += [(None, ProposalDecided(proposal=n, approved=True, by=POLICY)) for n in adding]
    if state.policy.approve_all:
        strict = state.policy.sealed_only
        waiting = (t for t in state.tasks.values() if t.phase == "ready" and not t.wants_person)
        ready = [t for t in waiting if proven(t, sealed_only=strict)]
        decided += [(t.service, Approved(diff=t.work.diff, by=POLICY)) for t in ready if t.work]
    if state.policy.land and state.phase == "approved" and not state.refused:
        decided.append((None, LandRequested(by=POLICY)))
    return tuple(decided)


def feedback(task: TaskState) -> tuple[Feedback, ...]:
    """What the next turn is told: what changed in the contract, and a person's remarks, or what was found."""
    if task.redo:
        return (task.redo, *revisions(task), *task.rework)
    if task.comments or task.stale:
        return (*revisions(task), *task.rework)
    unheard = task.turn_over is not None and task.turn_over.outcome in ("failed", "timed_out")
    return (*(told for told in task.told if unheard and told.source in ("review", "contract")), *found(task))


def revisions(task: TaskState) -> tuple[Feedback, ...]:
    """What changed in the contract, and no turn has taken up yet."""
    return tuple(Feedback(source="contract", text=_revision(each)) for each in task.revisions)


def found(task: TaskState) -> tuple[Feedback, ...]:
    """What the guard and the checks found in the work of the current turn."""
    scope = [
        Feedback(source="scope", text=f"{v.path}: {v.rule}: {v.reason}")
        for v in task.violations
        if v.severity == "refused"
    ]
    red = [
        Feedback(source="check", text=f"{e.command}\n{e.reason}\n{e.tail}")
        for e in task.evidence.values()
        if e.outcome in ("failed", "timed_out")
    ]
    return (*scope, *red)


def _revision(event: ContractRevised) -> str:
    return (
        f"The contract is at version {event.version} now, by proposal {event.proposal}; the files in your workspace "
        f"are up to date. Bring your service in line with it:\n{described(event.changes)}"
    )
