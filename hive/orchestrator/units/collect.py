"""Taking an agent's work out of its workspace, as a commit of hive's own, held against its scope."""

import asyncio
from collections.abc import Iterable, Iterator

from hive.events import Anchor, ScopeGuarded, WorkCollected
from hive.model import Service, Violation
from hive.orchestrator.context import Context
from hive.orchestrator.ownership import owned
from hive.orchestrator.schedule import Unit
from hive.state import Comment, RunState
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
    comments = task.unresolved

    def take() -> tuple[WorkCollected, ScopeGuarded]:
        place = Workspace.open(ctx.objects, ctx.layout.workspace(state.id, task.service))
        taken = place.snapshot(f"{task.service}: {state.created.request}", state.at)
        ctx.objects.keep(work_ref(state.id, task.service), taken.commit)
        work, found = collected(ctx, state, service, (start, taken.commit), unit.number, comments)
        return work, found.model_copy(update={"violations": (*found.violations, *_left_out(taken))})

    work, guarded = await asyncio.to_thread(take)
    ctx.emit(state.id, work, guarded, service=task.service)


def collected(
    ctx: Context,
    state: RunState,
    service: Service,
    span: tuple[str, str],
    turn: int,
    comments: Iterable[Comment],
) -> tuple[WorkCollected, ScopeGuarded]:
    """What a commit of a service's work changes since the contract commit, held against its scope."""
    start, commit = span
    graph = state.created.graph
    changes = ctx.objects.changes(start, commit)
    work = WorkCollected(
        turn=turn,
        commit=commit,
        tree=ctx.objects.tree_of(commit),
        diff=ctx.objects.diff_digest(start, commit),
        files=ctx.objects.diff_stat(start, commit),
        anchors=tuple(_anchors(ctx, comments, commit)),
        owners=owned(ctx, state, (change.path for change in changes)),
    )
    found = guard(
        changes,
        service_path=service.path,
        other_services=tuple(other.path for other in graph.services if other.name != service.name),
        contracts=tuple(path for c in graph.contracts for path in (c.path, *c.copies)),
        existing=ctx.objects.paths(commit),
    )
    return work, ScopeGuarded(turn=turn, diff=work.diff, violations=found)
