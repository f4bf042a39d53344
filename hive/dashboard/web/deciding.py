"""What a person decides in the browser; each call goes through the same controls as a command."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, TypeVar

from fastapi import FastAPI
from fastapi.responses import Response
from pydantic import Field, StringConstraints, field_validator

from hive.dashboard.web import outside
from hive.dashboard.web.access import Operator, Reviewer
from hive.dashboard.web.bench import Bench
from hive.dashboard.web.body import Body
from hive.dashboard.web.finding import RunId, find_run, find_task
from hive.dashboard.web.hub import Hub
from hive.dashboard.web.problem import Problem
from hive.dashboard.web.role import Role
from hive.dashboard.web.views import RunView, plan_view, run_view
from hive.model import Interrupt, Message, Remark
from hive.ports import Controls
from hive.state import RunState

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
LONGEST_WORDS = 20_000
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_WORDS)]
SomeWords = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_WORDS)]
T = TypeVar("T")
Names = Annotated[tuple[Name, ...], Field(max_length=2000)]


class Nothing(Body):
    """A decision that needs no more words: `{}`."""


class Resumption(Body):
    """A larger budget, for a run that has spent its own."""

    budget_usd: Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)] | None = None


class Approval(Body):
    """The plan, when it waits; else these services' diffs, or all that are ready."""

    services: Names = ()
    diffs: Annotated[Mapping[Name, Name], Field(max_length=2000)] = {}
    """By service, the digest of the diff that the person has seen: another one is not approved."""
    plan: Name | None = None
    """Digest of the plan that the person has seen."""


class Rejection(Body):
    """Diffs that are not wanted."""

    services: Annotated[tuple[Name, ...], Field(min_length=1, max_length=2000)]
    reason: Words = ""


Path = Annotated[str, StringConstraints(max_length=4096)]
Line = Annotated[int, Field(ge=1, le=10**9)]


class Said(Body):
    """What should change, and where: a file, lines of it, a contract element; none for the whole service."""

    service: Name
    text: SomeWords
    path: Path | None = None
    line: Line | None = None
    end_line: Line | None = None
    element: Path | None = None


class Comments(Body):
    """Remarks that go to their agents together: one turn for each service."""

    remarks: Annotated[tuple[Said, ...], Field(min_length=1, max_length=500)]
    draft: bool = False
    """Keep them back until they are submitted."""


class Look(Body):
    """A diff that a person has looked at."""

    service: Name
    diff: Name
    files: Annotated[Mapping[Path, Name], Field(max_length=5000)] = {}
    """By path, git's ids of the new contents, where they are known."""


class Resolution(Body):
    """Comments that are dealt with, by the sequence numbers of their events."""

    comments: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(min_length=1, max_length=500)]


class Speech(Body):
    """What an agent is told while it works."""

    service: Name
    message: Message

    @field_validator("message")
    @classmethod
    def _bounded(cls, message: Message) -> Message:
        if not isinstance(message, Interrupt) and not 0 < len(message.text.strip()) <= LONGEST_WORDS:
            raise ValueError(f"the words must be 1 to {LONGEST_WORDS} characters long")
        return message


class Reason(Body):
    """Why, for the record."""

    reason: Words = ""


class Judgement(Body):
    """On an agent's proposal of another contract, by its number in the run."""

    proposal: Annotated[int, Field(ge=1, le=10**6)]
    approved: bool
    reason: Words = ""


class OneService(Body):
    """The service that it is about."""

    service: Name


class MaybeOneService(Body):
    """The service that it is about; the whole run when none is named."""

    service: Name | None = None


class Desk:
    """Controls, used by one thread at a time; afterwards the engine is awake and the screens know."""

    def __init__(self, bench: Bench, hub: Hub) -> None:
        self._bench = bench
        self._hub = hub
        self._turn = asyncio.Lock()

    async def decide(
        self,
        run: str,
        deed: Callable[[Controls, str], object],
        check: Callable[[RunState], None] | None = None,
    ) -> Response:
        """Do it; the run as it is then. Raises what the controls raise."""
        async with self._turn:
            await self._hub.catch_up()
            state = await find_run(self._hub, run)
            if check:
                check(state)
            await self._do(lambda: deed(self._bench.controls, state.id))
        await asyncio.to_thread(self._bench.engine.wake)
        return outside.reply(run_view(state))

    async def change(self, deed: Callable[[], T]) -> T:
        """Do what is about no run that there is; what it gives. Raises what it raises."""
        async with self._turn:
            found = await self._do(deed)
        await asyncio.to_thread(self._bench.engine.wake)
        return found

    async def _do(self, deed: Callable[[], T]) -> T:
        try:
            return await asyncio.to_thread(deed)
        finally:  # some of it may have been done before the rest was refused
            await self._hub.catch_up()


def register(app: FastAPI) -> None:
    """Add the routes."""
    desk: Desk = app.state.desk
    _register_judging(app, desk)
    _register_operating(app, desk)


def _register_judging(app: FastAPI, desk: Desk) -> None:
    @app.post("/api/v1/runs/{run}/approve", tags=["decisions"], response_model=RunView)
    async def approve(who: Reviewer, run: RunId, what: Approval) -> Response:
        """Approve the plan when it waits for that, else diffs as they were seen."""
        return await desk.decide(
            run,
            lambda controls, name: controls.approve(name, what.services, by=who.name, seen=what.diffs),
            lambda state: as_seen(state, what, who.role),
        )

    @app.post("/api/v1/runs/{run}/reject", tags=["decisions"], response_model=RunView)
    async def reject(who: Reviewer, run: RunId, what: Rejection) -> Response:
        """Refuse diffs; the run cannot land until they are reworked."""
        return await desk.decide(
            run,
            lambda controls, name: controls.reject(name, what.services, reason=what.reason, by=who.name),
            lambda state: _all_known(state, what.services),
        )

    @app.post("/api/v1/runs/{run}/comment", tags=["decisions"], response_model=RunView)
    async def comment(who: Reviewer, run: RunId, what: Said | Comments) -> Response:
        """Send services' work back to their agents, with one remark or with several in one turn."""
        said, draft = (what.remarks, what.draft) if isinstance(what, Comments) else ((what,), False)
        remarks = [Remark(**each.model_dump()) for each in said]
        return await desk.decide(
            run,
            lambda controls, name: controls.comment(name, remarks, by=who.name, draft=draft),
            lambda state: _all_known(state, (each.service for each in remarks)),
        )

    @app.post("/api/v1/runs/{run}/submit", tags=["decisions"], response_model=RunView)
    async def submit(who: Reviewer, run: RunId, _what: Nothing) -> Response:
        """Send all the comments that this person kept back."""
        return await desk.decide(run, lambda controls, name: controls.submit(name, by=who.name))

    @app.post("/api/v1/runs/{run}/viewed", tags=["decisions"], response_model=RunView)
    async def viewed(who: Reviewer, run: RunId, what: Look) -> Response:
        """Remember that a person has seen a diff."""
        return await desk.decide(
            run,
            lambda controls, name: controls.viewed(
                name, what.service, what.files, diff=what.diff, by=who.name
            ),
            lambda state: _all_known(state, (what.service,)),
        )

    @app.post("/api/v1/runs/{run}/resolve", tags=["decisions"], response_model=RunView)
    async def resolve(who: Reviewer, run: RunId, what: Resolution) -> Response:
        """Call comments resolved."""
        return await desk.decide(
            run, lambda controls, name: controls.resolve(name, what.comments, by=who.name)
        )

    @app.post("/api/v1/runs/{run}/retry", tags=["decisions"], response_model=RunView)
    async def retry(who: Reviewer, run: RunId, what: OneService) -> Response:
        """One more turn for a service."""
        return await desk.decide(
            run,
            lambda controls, name: controls.retry(name, what.service, by=who.name),
            lambda state: _all_known(state, (what.service,)),
        )


def _register_operating(app: FastAPI, desk: Desk) -> None:
    @app.post("/api/v1/runs/{run}/stop", tags=["decisions"], response_model=RunView)
    async def stop(who: Operator, run: RunId, what: MaybeOneService) -> Response:
        """Stop a run, or one service of it; the work so far is kept."""
        return await desk.decide(
            run,
            lambda controls, name: controls.stop(name, what.service, by=who.name),
            lambda state: _all_known(state, [what.service] if what.service else ()),
        )

    @app.post("/api/v1/runs/{run}/resume", tags=["decisions"], response_model=RunView)
    async def resume(who: Operator, run: RunId, what: Resumption) -> Response:
        """Let a stopped or failed run go on, or with a larger budget one that has spent its own."""
        return await desk.decide(
            run, lambda controls, name: controls.resume(name, by=who.name, budget_usd=what.budget_usd)
        )

    @app.post("/api/v1/runs/{run}/say", tags=["decisions"], response_model=RunView)
    async def say(who: Operator, run: RunId, what: Speech) -> Response:
        """Speak to an agent that works, interrupt it, or answer what it asked."""
        return await desk.decide(
            run,
            lambda controls, name: controls.say(name, what.service, what.message, by=who.name),
            lambda state: _all_known(state, (what.service,)),
        )

    @app.post("/api/v1/runs/{run}/decide", tags=["decisions"], response_model=RunView)
    async def decide(who: Operator, run: RunId, what: Judgement) -> Response:
        """Approve or reject an agent's proposal of another contract."""
        return await desk.decide(
            run,
            lambda controls, name: controls.decide(
                name, what.proposal, approved=what.approved, by=who.name, reason=what.reason
            ),
        )

    @app.post("/api/v1/runs/{run}/land", tags=["decisions"], response_model=RunView)
    async def land(who: Operator, run: RunId, _what: Nothing) -> Response:
        """Queue the approved changeset for landing."""
        return await desk.decide(run, lambda controls, name: controls.land(name, by=who.name))

    @app.post("/api/v1/runs/{run}/discard", tags=["decisions"], response_model=RunView)
    async def discard(who: Operator, run: RunId, what: Reason) -> Response:
        """Give the whole run up; its work is kept under a ref."""
        return await desk.decide(
            run, lambda controls, name: controls.reject(name, (), reason=what.reason, by=who.name)
        )


def as_seen(state: RunState, what: Approval, role: Role) -> None:
    """Raises Problem when what is approved is not what the person has looked at, or not theirs to approve."""
    _all_known(state, what.services)
    if not state.plan_approved:
        if role < Role.OPERATOR:
            raise Problem(
                403, "a plan is approved by an operator: work begins with it", next_step="ask the operator"
            )
        if what.services or what.diffs:
            raise Problem(
                409, f"run {state.id} waits for its plan to be approved first", next_step="look at the plan"
            )
        if what.plan and state.plan and plan_view(state.plan).digest != what.plan:
            raise Problem(409, "the plan has changed since you looked at it", next_step="look at it again")
        return
    if what.plan:
        raise Problem(409, f"the plan of run {state.id} is approved already", next_step="look at the run")
    for service, seen in what.diffs.items():
        work = find_task(state, service).work
        if work is None or work.diff != seen:
            raise Problem(
                409, f"the diff of {service!r} has changed since you looked at it", next_step="look again"
            )


def _all_known(state: RunState, services: Iterable[str]) -> None:
    for service in services:
        find_task(state, service)
