"""One turn of an agent: its stream into the log, its time bounded, nothing of it left behind."""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator

from hive.agents.session import agent_mark
from hive.contracts import parse
from hive.events import AgentReported, MessageSent, TurnFinished, TurnStarted
from hive.model import Assignment, Ended, Entity, Message, Plan, Report, Spent
from hive.orchestrator.beginning import Beginning, beginning
from hive.orchestrator.context import Context
from hive.orchestrator.schedule import Unit
from hive.orchestrator.tools import SessionTools
from hive.orchestrator.units.restore import restore
from hive.orchestrator.units.timing import timed
from hive.ports import EventLog, Inbox
from hive.process import reap
from hive.prompts import guide
from hive.state import RunState, TaskState
from hive.workspaces.tree import GitTree
from hive.workspaces.worktree import Workspace

FLUSH_SECONDS = 0.05
FLUSH_ROWS = 100


class LogInbox:
    """Implements `ports.Inbox` on the event log: what people send to one turn, from its start on."""

    def __init__(self, log: EventLog, run: str, service: str, turn: int, after: int) -> None:
        self._messages = self._sent(log, run, service, turn, after)

    async def next(self) -> Message:
        """The next message of a person; waits for it."""
        return await anext(self._messages)

    async def close(self) -> None:
        """Stop listening."""
        await self._messages.aclose()

    async def _sent(
        self, log: EventLog, run: str, service: str, turn: int, after: int
    ) -> AsyncGenerator[Message, None]:
        async with contextlib.aclosing(log.follow(after, run)) as batches:
            async for batch in batches:
                for envelope in batch:
                    event = envelope.event
                    if isinstance(event, MessageSent) and (envelope.service, event.turn) == (service, turn):
                        yield event.message


async def turn(ctx: Context, unit: Unit) -> None:
    """Let the agent work, unless this turn is over already; a turn cut short by a crash begins again."""
    state = ctx.state(unit.run)
    task = state.tasks[unit.service or ""]
    if task.turn >= unit.number and task.turn_over:
        return
    if state.created.reverts and unit.number == 1:
        await restore(ctx, state, task)
        return
    begin = beginning(state, task, unit.number)  # at once: the fold goes on while threads work
    await asyncio.to_thread(reap, agent_mark(str(ctx.layout.home(state.id, task.service))))
    await asyncio.to_thread(_ready_workspace, ctx, state.id, task.service, begin)
    assignment = await asyncio.to_thread(_assignment, ctx, state, task, begin)
    ctx.budgets.of(state.id).restate(state.budget_usd, state.cost_usd)
    started = TurnStarted(
        turn=unit.number,
        agent=state.policy.agent,
        feedback=begin.told,
        comments=begin.comments,
        contract_version=begin.version,
    )
    (begun,) = ctx.emit(state.id, started, service=task.service)
    inbox = LogInbox(ctx.log, state.id, task.service, unit.number, begun.seq)
    try:
        ended = await _stream(ctx, assignment, state.policy.agent, inbox)
    finally:
        await inbox.close()
    await asyncio.to_thread(reap, agent_mark(str(ctx.layout.home(state.id, task.service))))
    ctx.emit(
        state.id,
        TurnFinished(turn=unit.number, outcome=ended.outcome, reason=ended.reason),
        service=task.service,
    )


def _ready_workspace(ctx: Context, run: str, service: str, begin: Beginning) -> None:
    """Bring the files to where the turn begins, unless they are there: what is in them is snapshotted first."""
    if not begin.anew:
        return
    commit = begin.work or begin.start
    if begin.work and begin.revised:
        held = GitTree(ctx.objects, begin.start)
        there = [path for path in begin.contracts if path in held]
        files: dict[str, bytes | None] = {path: held.read(path) for path in there}
        message = f"on version {begin.version} of the contract"
        commit = ctx.objects.commit_files(begin.work, files, message, begin.at)
    Workspace.open(ctx.objects, ctx.layout.workspace(run, service)).reset(commit, start=begin.start)


def _assignment(ctx: Context, state: RunState, task: TaskState, begin: Beginning) -> Assignment:
    plan = begin.plan
    service = state.created.graph.service(task.service)
    if service is None or task.workspace is None:
        raise RuntimeError(f"run {state.id!r}: {task.service!r} is not ready for a turn")
    home = ctx.layout.home(state.id, task.service)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    tree = GitTree(ctx.objects, begin.start)
    return Assignment(
        run=state.id,
        service=service,
        turn=begin.number,
        workspace=task.workspace,
        brief=begin.brief,
        guide=guide(tree, service.path),
        intent=plan.intent,
        siblings=plan.siblings,
        entity=_entity(plan, state, tree),
        changes=plan.changes,
        feedback=begin.told,
        home=str(home),
        memory=str(ctx.layout.memory(state.id, task.service)),
        network=state.created.graph.network if state.created.trusted else (),
        idle_timeout=state.policy.idle_timeout,
        turn_timeout=state.policy.turn_timeout,
    )


def _entity(plan: Plan, state: RunState, agreed: GitTree) -> Entity | None:
    """The entity that the plan changes, as it is in the new contract."""
    for patch in plan.patches:
        known = state.created.graph.contract(patch.path)
        if plan.intent is None or known is None:
            continue
        document = parse(known.kind, patch.path, agreed.read(patch.path))
        for entity in document.entities():
            if entity.name == plan.intent.entity:
                return entity
    return None


async def _stream(ctx: Context, assignment: Assignment, agent: str, inbox: Inbox) -> Ended:
    """The agent's reports into the log, in batches; none waits longer than a moment, and money not at all."""
    batch: list[Report] = []

    def flush() -> None:
        events = [AgentReported(turn=assignment.turn, report=report) for report in batch]
        batch.clear()
        ctx.emit(assignment.run, *events, service=assignment.service.name)

    tools = SessionTools(ctx, assignment.run, assignment.service.name, assignment.turn)
    work = ctx.agent(agent).work(assignment, inbox, tools)
    async with (
        contextlib.aclosing(timed(work, assignment)) as reports,
        contextlib.aclosing(
            _or_pause(reports, batch)
        ) as paused,  # closed first: it may wait for the next report
    ):
        try:
            async for report in paused:
                if report is not None:
                    batch.append(report)
                if isinstance(report, Ended):
                    return report
                if report is None or len(batch) >= FLUSH_ROWS or isinstance(report, Spent):
                    flush()
        finally:
            flush()
    return Ended(outcome="failed", reason="the agent's stream ended without saying how")


async def _or_pause(
    reports: AsyncGenerator[Report, None], batch: list[Report]
) -> AsyncGenerator[Report | None, None]:
    """The reports; None whenever a batch has begun and no further report comes for a moment."""
    following = asyncio.ensure_future(anext(reports))
    since = 0.0
    try:
        while True:
            since = since if batch else time.monotonic()
            left = max(since + FLUSH_SECONDS - time.monotonic(), 0.0) if batch else None
            done, _ = await asyncio.wait({following}, timeout=left)
            if not done:
                yield None
                continue
            try:
                report = following.result()
            except StopAsyncIteration:
                return
            following = asyncio.ensure_future(anext(reports))
            yield report
    finally:
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError, StopAsyncIteration):
            await following
