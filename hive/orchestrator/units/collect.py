"""Taking an agent's work out of its workspace, as a commit of hive's own, held against its scope."""

import asyncio
from collections.abc import Iterable, Iterator

from hive.events import Anchor, ScopeGuarded, WorkCollected
from hive.model import Violation
from hive.orchestrator.context import Context
from hive.orchestrator.ownership import owned
from hive.orchestrator.schedule import Unit
from hive.state import Comment
from hive.workspaces.following import followed
from hive.workspaces.names import readable, ref_part
from hive.workspaces.scope import guard
from hive.workspaces.worktree import Snapshot, Workspace


def work_ref(run: str, service: str) -> str:
    """Where a service's collected work is kept."""
    return f"refs/hive/runs/{ref_part(run)}/work/{ref_part(service)}"


def _left_out(taken: Snapshot) -> Iterator[Violation]:
    """What is in the worktree and not in the commit."""
    for path in taken.left_out:
        reason = "git cannot hold it: a nested repository or a special file"
        yield Violation(path=readable(path), rule="left-out", severity="needs_person", reason=reason)


def _anchors(ctx: Context, comments: Iterable[Comment], commit: str) -> Iterator[Anchor]:
    """Where the lines of comments are in the new work."""
    for comment in comments:
        if comment.said.path is None or comment.line is None or comment.commit is None:
            continue
        diff = ctx.objects.diff(comment.commit, commit, [comment.said.path])
        yield Anchor(comment=comment.id, line=followed(diff, comment.line))


async def collect(ctx: Context, unit: Unit) -> None:
    """Commit what is in the worktree; equal files make an equal commit, so doing it twice is harmless."""
    state = ctx.state(unit.run)
    task = state.tasks[unit.service or ""]
    service = state.created.graph.service(task.service)
    if task.work and task.work.turn >= unit.number and task.guard and task.guard.turn >= unit.number:
        return
    start = state.contract_at(task.contract_version)
    if start is None or service is None:
        raise RuntimeError(f"run {state.id!r}: {task.service!r} has nothing to collect from")
    commented = task.unresolved
    graph = state.created.graph
    contracts = tuple(path for c in graph.contracts for path in (c.path, *c.copies))

    def take() -> tuple[WorkCollected, ScopeGuarded]:
        place = Workspace.open(ctx.objects, ctx.layout.workspace(state.id, task.service))
        taken = place.snapshot(f"{task.service}: {state.created.request}", state.at)
        commit = taken.commit
        ctx.objects.keep(work_ref(state.id, task.service), commit)
        diff = ctx.objects.diff_digest(start, commit)
        work = WorkCollected(
            turn=unit.number,
            commit=commit,
            tree=ctx.objects.tree_of(commit),
            diff=diff,
            files=ctx.objects.diff_stat(start, commit),
            anchors=tuple(_anchors(ctx, commented, commit)),
            owners=owned(ctx, state, (change.path for change in ctx.objects.changes(start, commit))),
        )
        found = guard(
            ctx.objects.changes(start, commit),
            service_path=service.path,
            other_services=tuple(other.path for other in graph.services if other.name != service.name),
            contracts=contracts,
            existing=ctx.objects.paths(commit),
        )
        found += tuple(_left_out(taken))
        return work, ScopeGuarded(turn=unit.number, diff=diff, violations=found)

    work, guarded = await asyncio.to_thread(take)
    ctx.emit(state.id, work, guarded, service=task.service)
