"""What waits for a person, with the command that answers it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from hive.state.run import RunState
    from hive.state.task import TaskState


NeedKind = Literal[
    "asks",
    "budget",
    "plan",
    "proposal",
    "review",
    "stuck",
    "land",
    "request",
    "refused",
    "failed",
    "rejected",
    "stopped",
]


class Need(NamedTuple):
    """Something that waits for a person, with the command that answers it."""

    what: NeedKind
    service: str | None
    text: str
    command: str
    number: int | None = None
    """Of the proposal that it is about."""


def needs(run: "RunState") -> tuple[Need, ...]:
    """The needs of a run, most urgent first; none once it is over."""
    if run.phase in ("landed", "discarded"):
        return ()
    of_tasks = (need for task in run.tasks.values() if (need := _of_task(run, task)))
    return (*_of_run(run), *_questions(run), *_proposals(run), *of_tasks, *_of_landing(run))


def _questions(run: "RunState") -> Iterator[Need]:
    """Only the agent that asked waits; the others work on."""
    for task in run.tasks.values():
        for asked in task.asked.values():
            options = f" ({' | '.join(asked.options)})" if asked.options else ""
            command = f'hive say {run.id} {task.service} --answer {asked.id} "…"'
            yield Need("asks", task.service, f"{asked.text}{options}", command)


def _proposals(run: "RunState") -> Iterator[Need]:
    """Nothing lands before they are decided; the sessions work on meanwhile."""
    for proposal in run.proposals:
        if proposal.status == "open":
            made = proposal.made
            text = f"proposal {proposal.number}, {made.severity}, of {made.path}: {made.reason}"
            command = f"hive proposals {run.id}"
            yield Need("proposal", proposal.author, text, command, proposal.number)


def _of_run(run: "RunState") -> Iterator[Need]:
    if run.failed:
        yield Need("failed", None, run.failed.reason, run.failed.next_step or f"hive resume {run.id}")
    elif run.stopped:
        yield Need("stopped", None, "the run is stopped", f"hive resume {run.id}")
    if run.phase == "paused":
        spent = f"{run.cost_usd:.2f} USD are spent, {run.budget_usd:.2f} were allowed"
        yield Need("budget", None, spent, f"hive resume {run.id} --budget USD")
    if run.plan and not run.plan_approved:
        yield Need("plan", None, "approve the plan", f"hive approve {run.id}")


def _of_task(run: "RunState", task: "TaskState") -> Need | None:
    name = task.service
    if task.phase == "stuck" and task.settled:
        return Need("stuck", name, task.settled.reason, f"hive show {run.id} {name}")
    if task.phase == "rejected" and task.rejection:
        return Need(
            "rejected", name, task.rejection.reason or "rejected", f'hive comment {run.id} {name} "…"'
        )
    if task.phase == "ready" and not run.stopped:
        wanted = "".join(f"; {words}" for words in task.lacks) if task.wants_person else ""
        if run.policy.approve_all and run.policy.sealed_only and not _sealed(task):
            wanted += "; its test results are not sealed"
        return Need("review", name, f"review the diff{wanted}", f"hive diff {run.id} {name}")
    if task.phase == "stopped" and not run.stopped:
        return Need("stopped", name, "stopped, not done", f"hive retry {run.id} {name}")
    return None


def _sealed(task: "TaskState") -> bool:
    return all(evidence.sealed for evidence in task.evidence.values())


def _of_landing(run: "RunState") -> Iterator[Need]:
    if run.settled and run.contract_lacks:
        yield Need("review", None, f"the contract {'; '.join(run.contract_lacks)}", f"hive approve {run.id}")
    if run.queue_stopped:
        yield Need("refused", None, run.queue_stopped.reason, run.queue_stopped.next_step)
    elif run.refused:
        yield Need("refused", None, run.refused.reason, run.refused.next_step)
    elif run.phase == "requested":
        yield from _requests(run)
    elif run.phase == "approved":
        yield Need("land", None, "land the changeset", f"hive land {run.id}")


def _requests(run: "RunState") -> Iterator[Need]:
    """Each pull request that nobody has merged yet, with how its checks stand."""
    for name, request in run.requests.items():
        seen = run.seen.get(name)
        if seen and seen.state == "merged":
            continue
        said = f" ({seen.summary})" if seen and seen.summary else ""
        where = f"{name}: " if name else ""
        look = "" if run.watching else f"; then hive resume {run.id}"
        yield Need("request", None, f"{where}waits for the pull request{said}", f"merge {request.url}{look}")
