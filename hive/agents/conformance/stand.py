"""The stand that an adapter is examined on: its rig, its sites, and how its reports are read."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable
from contextlib import aclosing
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from pydantic import TypeAdapter

from hive.agents.conformance.site import Site
from hive.agents.conformance.toolbox import Toolbox
from hive.errors import HiveError
from hive.model import Assignment, Message, Report, Words
from hive.ports import Agent

Behaviour = Literal[
    "edits",
    "fails",
    "reworks",
    "lasts",
    "spawns",
    "floods",
    "listens",
    "denied",
    "truncated",
    "interruptible",
]
"""`edits`: changes a file of the service and finishes; `fails`: cannot do what it is asked;
`reworks`: edits, and on feedback edits again; `lasts`: reports, then goes on for ever, or as long as it can,
with a child process where it has any; `spawns`: leaves a child behind and finishes; `floods`: says very much;
`listens`: edits while messages of a person wait; `denied`: tries to write outside the workspace, is refused and
calls that done; `truncated`: its model's answer breaks off every time; `interruptible`: as `lasts`, and it takes
an interrupt while it works."""
BOUND_SECONDS = 60.0
"""How long anything may take to end; generous, because only a hang is to be found."""
LARGEST_REPORT = 64 << 10
REPORT: TypeAdapter[Report] = TypeAdapter(Report)


class NonconformityError(HiveError):
    """The adapter does not do what every adapter must."""


class NotApplicableError(HiveError):
    """The adapter cannot be made to behave in the way that the case is about."""


class Prepared(NamedTuple):
    """An adapter that will behave as asked when it is given the assignment."""

    agent: Agent
    assignment: Assignment
    feedback: str = "1 failed"
    """What a failing check says after the first turn."""


class Rig(Protocol):
    """Knows how to make one adapter behave."""

    def prepare(self, behaviour: Behaviour, site: Site) -> Prepared | None:
        """Fill the site and make the agent; none when this adapter cannot behave so."""
        ...


class Mailbox:
    """An inbox with messages in it, silent after them."""

    def __init__(self, *messages: str | Message, after: int = 0) -> None:
        """`after` so many reports have been read."""
        self._left = after
        self._open = asyncio.Event()
        self._messages = [Words(text=each) if isinstance(each, str) else each for each in messages]

    async def next(self) -> Message:
        """The next message."""
        if self._left > 0:
            await self._open.wait()
        if not self._messages:
            await asyncio.Event().wait()
        return self._messages.pop(0)

    def read(self) -> None:
        """One more report was read."""
        self._left -= 1
        if self._left <= 0:
            self._open.set()


class Stand:
    """One adapter's rig and a folder of its own."""

    def __init__(self, rig: Rig, folder: Path) -> None:
        self.rig = rig
        self.folder = folder

    def prepare(self, behaviour: Behaviour, name: str = "site") -> tuple[Site, Prepared]:
        """A fresh site with an agent for it. Raises NotApplicableError."""
        site = Site.make(self.folder / name)
        prepared = self.rig.prepare(behaviour, site)
        if prepared is None:
            raise NotApplicableError(f"this adapter has no way to show {behaviour!r}")
        return site, prepared


async def reports(
    agent: Agent, assignment: Assignment, inbox: Mailbox | None = None
) -> AsyncGenerator[Report, None]:
    """The turn's reports, each one verified. Raises NonconformityError."""
    inbox = inbox or Mailbox()
    async with aclosing(agent.work(assignment, inbox, Toolbox())) as turn:
        async for report in turn:
            verify(report)
            inbox.read()
            yield report


async def to_the_end(agent: Agent, assignment: Assignment, inbox: Mailbox | None = None) -> list[Report]:
    """All reports of a turn that must end within bounds: exactly one `Ended`, as the last."""
    collected: list[Report] = []

    async def collect() -> None:
        async for report in reports(agent, assignment, inbox):
            collected.append(report)

    await bounded(collect(), "the turn")
    ends = [number for number, report in enumerate(collected, 1) if report.report == "ended"]
    require(
        ends == [len(collected)], f"'ended' came as reports {ends} of {len(collected)}, not once as the last"
    )
    return collected


async def bounded(work: Awaitable[None], what: str) -> None:
    """Wait for it, but not for ever. Raises NonconformityError."""
    task = asyncio.ensure_future(work)
    try:
        done, _ = await asyncio.wait({task}, timeout=BOUND_SECONDS)
    finally:
        task.cancel()
    require(bool(done), f"{what} did not end within {BOUND_SECONDS:g} seconds")
    await task


def verify(report: Report) -> None:
    """A report survives JSON and is of limited size. Raises NonconformityError."""
    try:
        text = REPORT.dump_json(report)
    except ValueError as error:
        raise NonconformityError(
            f"a report cannot be written as JSON: {error}: {str(report)[:200]!r}"
        ) from error
    require(REPORT.validate_json(text) == report, f"a report does not survive JSON: {text[:200]!r}")
    require(len(text) <= LARGEST_REPORT, f"a report has {len(text)} bytes, more than {LARGEST_REPORT}")


def require(holds: bool, otherwise: str) -> None:
    """Raises NonconformityError with the words when it does not hold."""
    if not holds:
        raise NonconformityError(otherwise, next_step="correct the adapter")
