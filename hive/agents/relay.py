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
    session: Session, inbox: Inbox, account: Account | None = None
) -> AsyncGenerator[Report, None]:
    """The session's reports, `Ended` last. Closing the iteration cancels the session and waits for it.

    The session begins when its quota is open, and what it spends is its run's at once.
    """
    reports: asyncio.Queue[Report] = asyncio.Queue(WAITING_REPORTS)
    playing = asyncio.ensure_future(_played(session, reports, account or Account()))
    hearing = asyncio.ensure_future(_heard(session, inbox, playing, reports))
    try:
        while True:
            report = await reports.get()
            yield report
            if isinstance(report, Ended):
                return
    finally:
        await _cancelled(hearing)
        await _cancelled(playing)


async def _played(session: Session, reports: asyncio.Queue[Report], account: Account) -> None:
    async def tell(report: Report) -> None:
        if isinstance(report, Spent):
            account.budget.spend(report.cost_usd)
        await reports.put(report)

    try:
        await account.quota.opened(tell)
        ended = await session.play(tell)
    except HiveError as error:
        ended = Ended(outcome="failed", reason=bounded(str(error)))
    except Exception as error:  # whatever an agent's tool makes its library raise ends its own turn only
        ended = Ended(outcome="failed", reason=bounded(f"{type(error).__name__}: {error}"))
    if account.budget.exhausted and ended.outcome == "failed":
        await (
            asyncio.Event().wait()
        )  # no failure of the agent: the run pauses, and whoever pauses it ends this
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
