"""What a person can do to a run or a service as it stands: pure; keys show where this says so."""

from typing import Literal, NamedTuple

from hive.dashboard.show.queue import Queued
from hive.state import RunState, TaskState

Deed = Literal["approve", "reject", "comment", "land", "retry", "stop", "interrupt"]
QueueDeed = Literal["hold", "release", "withdraw", "move", "accept"]
BUSY = ("waiting", "preparing", "working", "collecting", "checking")


class Target(NamedTuple):
    """A run, or one service of it."""

    run: str
    service: str | None = None
    proposal: int | None = None
    """An agent's proposal of another contract, by its number."""


def offered(run: RunState, service: str | None, proposal: int | None = None) -> frozenset[Deed]:
    """The deeds that make sense now; the controls have the last word."""
    if run.closed or run.landed or run.discarded:
        return frozenset()
    if proposal is not None:
        is_open = any(each.number == proposal and each.status == "open" for each in run.proposals)
        return frozenset({"approve", "reject"}) if is_open else frozenset()
    if service is None:
        return _of_run(run)
    task = run.tasks.get(service)
    return frozenset() if task is None else _of_task(run, task)


def steered(item: Queued) -> frozenset[QueueDeed]:
    """What can become of a changeset in the merge queue; nothing while it lands."""
    if item.status == "landing":
        return frozenset()
    deeds: set[QueueDeed] = {"release" if item.status == "held" else "hold", "withdraw", "move"}
    return frozenset(deeds | {"accept"} if item.status == "stopped" else deeds)


def _of_run(run: RunState) -> frozenset[Deed]:
    deeds: set[Deed] = {"reject"}
    if run.failed or run.stopped:
        deeds.add("retry")
    elif run.overspent:
        deeds |= {"retry", "stop"}
    else:
        deeds.add("stop")
    ready = any(task.phase == "ready" for task in run.tasks.values())
    if (run.plan and not run.plan_approved) or (ready and not run.stopped):
        deeds.add("approve")
    if run.phase in ("approved", "refused"):
        deeds.add("land")
    return frozenset(deeds)


def _of_task(run: RunState, task: TaskState) -> frozenset[Deed]:
    if not run.plan_approved:
        return frozenset()  # only the plan as a whole can be decided on
    deeds: set[Deed] = {"comment"}
    if task.phase in BUSY:
        deeds.add("stop")
    if task.phase == "working":
        deeds.add("interrupt")
    if task.settled or task.phase == "stopped":
        deeds.add("retry")
    if task.settled and task.phase in ("ready", "stuck", "rejected", "approved"):
        deeds.add("reject")
        refused = any(violation.severity == "refused" for violation in task.violations)
        if task.work and task.phase != "approved" and not refused:
            deeds.add("approve")
    if run.phase in ("approved", "refused"):
        deeds.add("land")
    return frozenset(deeds)
