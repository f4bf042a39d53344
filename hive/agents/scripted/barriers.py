"""The actions that wait, and those that never come back."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncGenerator, Coroutine
from contextlib import suppress
from typing import Any

from hive.agents.scripted.actions import Crash, Hang, Hear, Hold, Release
from hive.agents.scripted.stage import Stage
from hive.agents.session import bounded
from hive.model import Answer, Interrupt, Message, Report, Said, Words
from hive.ports import Inbox


class ScriptedCrashError(Exception):
    """The break that a script asks for: deliberately no HiveError, like a bug of an adapter."""


async def waited(
    action: Hear | Hold | Release | Hang | Crash, stage: Stage, inbox: Inbox, index: int
) -> AsyncGenerator[Report, None]:
    """Wait, hang or break off; most of it without a report."""
    match action:
        case Hear():
            yield Said(text=bounded(_heard(await inbox.next())))
        case Hold():
            await stage.hold(action.name)
        case Release():
            stage.release(action.name)
        case Hang():
            while action.every is not None:
                yield Said(text="still at it")
                await _interruptible(asyncio.sleep(action.every), action.deaf_seconds)
            await _interruptible(asyncio.Event().wait(), action.deaf_seconds)
        case Crash():
            if not action.once or stage.first_time(index):
                _crash(action, index)


def _heard(message: Message) -> str:
    match message:
        case Words() | Answer():
            return message.text
        case Interrupt():
            return "interrupt"


async def _interruptible(waiting: Coroutine[Any, Any, object], deaf_seconds: float) -> None:
    try:
        await waiting
    except asyncio.CancelledError:
        until = time.monotonic() + deaf_seconds
        while (left := until - time.monotonic()) > 0:
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(left)
        raise


def _crash(action: Crash, index: int) -> None:
    match action.how:
        case "raise":
            raise ScriptedCrashError(f"action {index} crashes, as scripted")
        case "exit":
            os._exit(70)
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
