"""A session that works by itself while its reports are read and its messages are heard."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Protocol

from hive.agents.account import Account
from hive.agents.session import bounded
from hive.agents.telling import Tell
from hive.errors import HiveError
from hive.model import Answer, Ended, Interrupt, Report, Spent, Unrecognised, Words
from hive.ports import Inbox

WAITING_REPORTS = 16
"""Reports that wait for a slow reader before the session has to wait too."""
INTERRUPT_SECONDS = 3.0
"""How long an interrupted session may take to end by itself."""


class Session(Protocol):
    """One turn of one agent."""

    async def play(self, tell: Tell) -> Ended:
        """Work to the end; cancelled, it leaves nothing running."""
        ...

    async def hear(self, message: Words | Answer) -> None:
        """Take a person's message while `play` works."""
        ...

    async def interrupt(self) -> bool:
        """Ask the agent to stop; whether `play` will end by itself now."""
        ...


async def relayed(
    session: Session, inbox: Inbox, account: Account | None = None, *, lockstep: bool = False
) -> AsyncGenerator[Report, None]:
    """The session's reports, `Ended` last. Closing the iteration cancels the session and waits for it.

    The session begins when its quota is open. What it spends is its run's at once; in `lockstep` it goes on only
    when whoever iterates has taken that in, so that no crash after the next call forgets the money of this one.
    """
    reports: asyncio.Queue[Report] = asyncio.Queue(WAITING_REPORTS)
    over = asyncio.Event()
    playing = asyncio.ensure_future(_played(session, reports, over, account or Account(), lockstep))
    hearing = asyncio.ensure_future(_heard(session, inbox, playing, reports))
    try:
        while True:
            report = await reports.get()
            yield report
            reports.task_done()
            if isinstance(report, Ended):
                return
    finally:
        over.set()
        await _cancelled(hearing)
        await _cancelled(playing)


async def _played(
    session: Session, reports: asyncio.Queue[Report], over: asyncio.Event, account: Account, lockstep: bool
) -> None:
    async def tell(report: Report) -> None:
        if isinstance(report, Spent):
            account.budget.spend(report.cost_usd)
        if over.is_set():
            return  # nobody reads any more
        await reports.put(report)
        if lockstep and isinstance(report, Spent):
            await reports.join()

    try:
        await account.quota.opened(tell)
        ended = await session.play(tell)
    except HiveError as error:
        ended = Ended(outcome="failed", reason=bounded(str(error)))
    except Exception as error:  # whatever an agent's tool makes its library raise ends its own turn only
        ended = Ended(outcome="failed", reason=bounded(f"{type(error).__name__}: {error}"))
    if account.budget.exhausted and ended.outcome == "failed":
        # No failure of the agent: the run pauses, and whoever pauses it ends this.
        await asyncio.Event().wait()
    await reports.put(ended)


async def _heard(
    session: Session, inbox: Inbox, playing: asyncio.Future[None], reports: asyncio.Queue[Report]
) -> None:
    while True:
        message = await inbox.next()
        try:
            if isinstance(message, Interrupt):
                if await session.interrupt():
                    await asyncio.wait({playing}, timeout=INTERRUPT_SECONDS)
                await _cancelled(playing)
                await reports.put(Ended(outcome="interrupted", reason="interrupted by a person"))
                return
            await session.hear(message)
        except Exception as error:  # a message that cannot be delivered ends no turn, but it is told
            await reports.put(Unrecognised(name="undelivered message", payload=bounded(str(error))))


async def _cancelled(task: asyncio.Future[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
