"""The fold of a rebase: what of a review and of the evidence stays."""

from hive import events as e
from hive.model import Feedback
from hive.state.run import RunState
from hive.state.task import TaskState


def rebase_run(state: RunState, event: e.Event) -> None:
    """One event further, for the run."""
    match event:
        case e.RebaseRequested():
            state.rebase, state.rebases = event, state.rebases + 1
            state.merged = state.tested = state.landing = state.conflicted = None
            state.merges += 1
        case e.RunRebased():
            state.rebase, state.rebased, state.union = None, event, {}
            state.versions.append(event.commit)
            for task in state.tasks.values():
                task.contract_version = task.work_version = len(state.versions)
            state.contract = e.ContractCommitted(commit=event.commit, tree=event.tree, owners=event.owners)
        case _:
            pass


def rebase_task(task: TaskState, event: e.WorkRebased) -> None:
    """An unchanged diff keeps its approvals and evidence; a changed one is checked and reviewed again."""
    before, work = task.work, event.work
    task.work, task.guard = work, event.guard
    if work is not None and before is not None and work.diff == before.diff and not event.told:
        return
    task.settled = task.baseline = None
    task.evidence = {}
    task.generation += 1
    if work is None or event.told:
        task.redo = Feedback(source="conflict" if event.conflicts else "union", text=event.told)
