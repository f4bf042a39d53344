"""Asking the model until it answers, or until asking again cannot help."""

import asyncio
from collections.abc import Awaitable, Callable

from hive.agents.account import Account
from hive.agents.anthropic.asking import Answered
from hive.agents.anthropic.failure import failure_of
from hive.agents.anthropic.retry import Failure, Pace, delay
from hive.agents.telling import Tell
from hive.model import Report


async def silently(report: Report) -> None:
    """Tell nobody."""


async def persistently(
    account: Account,
    pace: Pace,
    call: Callable[[], Awaitable[Answered]],
    *,
    tell: Tell = silently,
    most: float = 0.0,
) -> Answered | Failure:
    """What the call answers, or the failure after which it is not tried again.

    Every attempt waits for the quota, and holds the `most` dollars that it may cost. A rate limit that is met
    closes the quota for everybody, so that nobody else needs to find out.
    """
    attempt, waited = 1, 0.0
    while True:
        outcome = await _tried(account, call, tell, most)
        if not isinstance(outcome, Failure):
            return outcome
        wait = delay(outcome, attempt, pace, waited)
        if wait is None:
            return outcome
        if outcome.status == 429:
            account.quota.close_for(wait)
        else:
            await asyncio.sleep(wait)
        attempt, waited = attempt + 1, waited + wait


async def _tried(
    account: Account, call: Callable[[], Awaitable[Answered]], tell: Tell, most: float
) -> Answered | Failure:
    await account.quota.opened(tell)
    async with account.budget.reservation(most), account.quota.call(tell) as under_way:
        try:
            answered = await call()
        except Exception as error:  # every way in which the library or its stream can fail
            failure = failure_of(error)
            if failure.status in (429, 529):
                under_way.throttled()
            return failure
        under_way.answered()
        account.quota.close_for(answered.pause or 0.0)
        return answered
