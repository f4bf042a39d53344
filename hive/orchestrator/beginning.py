"""Where a turn begins: with which files, on which version of the contract, and what it is told. Pure."""

from datetime import datetime
from typing import NamedTuple

from hive.model import Feedback, Plan
from hive.orchestrator.proposals import described
from hive.orchestrator.schedule import feedback, revisions
from hive.state import RunState, TaskState


class Beginning(NamedTuple):
    """One turn's beginning, as the facts were at one moment."""

    number: int
    plan: Plan
    brief: str
    version: int
    """Of the contract: the newest that touches the service."""
    start: str
    """That version's commit."""
    work: str | None
    """The work of the turn before, if there is any."""
    anew: bool
    """Whether the workspace is made anew: after a crash, and for another version of the contract."""
    revised: bool
    """Whether the work of the turn before is on an older version."""
    contracts: tuple[str, ...]
    """Files that the run changes in the contract."""
    told: tuple[Feedback, ...]
    comments: tuple[int, ...]
    """Those that it takes up, by id."""
    at: datetime


def beginning(state: RunState, task: TaskState, number: int) -> Beginning:
    """The beginning of a turn; of one that a crash cut short, as it was at first, on the newest contract."""
    version = task.revisions[-1].version if task.revisions else task.contract_version
    start = state.contract_at(version)
    if start is None or state.plan is None or not state.plan_approved:
        raise RuntimeError(f"run {state.id!r}: {task.service!r} has no contract to begin from")
    again = task.turn == number
    told = (*task.told, *revisions(task)) if again else feedback(task)
    return Beginning(
        number=number,
        plan=state.plan,
        brief=_brief(state, task, version),
        version=version,
        start=start,
        work=task.work.commit if task.work else None,
        anew=again or task.stale,
        revised=task.work_version != version,
        contracts=tuple(patch.path for patch in state.plan.patches),
        told=told if number > 1 else tuple(each for each in told if each.source != "contract"),
        comments=() if again else tuple(comment.id for comment in task.comments),
        at=state.at,
    )


def _brief(state: RunState, task: TaskState, version: int) -> str:
    """The plan's words, and what was revised since, for who was told nothing of it yet."""
    later = [p.revised for p in state.proposals if p.revised and p.revised.version <= version]
    mine = [r for r in later if task.service in r.services]
    if not mine:
        return task.plan.brief
    lines = [described(revision.changes) for revision in mine]
    return "\n".join([task.plan.brief, "", "The contract was revised since this was planned:", *lines])
