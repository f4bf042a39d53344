"""Asking the model until it answers, or until asking again cannot help."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from hive.agents.anthropic.client import Line
from hive.agents.anthropic.failure import failure_of
from hive.agents.anthropic.retry import Failure, Pace, delay

T = TypeVar("T")


async def persistently(line: Line, pace: Pace, call: Callable[[], Awaitable[T]]) -> T | Failure:
    """What the call answers, or the failure after which it is not tried again.

    Waits at the line's gate, and closes it for everybody where a rate limit is met.
    """
    clock = asyncio.get_running_loop().time
    attempt = 1
    while True:
        await line.gate.passed()
        try:
            return await call()
        except Exception as error:  # every way in which the library or its stream can fail
            failure = failure_of(error)
            wait = delay(failure, attempt, pace)
            if wait is None:
                return failure
            if failure.status == 429:
                line.gate.close_for(wait, clock())
            await asyncio.sleep(wait)
            attempt += 1
