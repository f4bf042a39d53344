"""The cases: what each adapter must do, with how that is seen."""

import asyncio
import tracemalloc
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import NamedTuple

from hive.agents.conformance.site import Site
from hive.agents.conformance.stand import (
    Mailbox,
    Prepared,
    Stand,
    bounded,
    reports,
    require,
    to_the_end,
)
from hive.model import Ended, Feedback, Interrupt, Report

MEMORY = 64 << 20
"""Bytes that an adapter may need while its reader is slow, whatever its agent says."""
SLOW_READS = 50
HOSTILE = (
    "\x1b]0;owned\x07[@click=app.quit]x[/] \u202e {{ 7 * 7 }} %s $(touch {canary}) `touch {canary}`; touch {canary} "
    "\x00 --help \r\n' \" \\"
)


class Case(NamedTuple):
    """One thing that every adapter must do."""

    name: str
    check: Callable[[Stand], Awaitable[None]]
    """Raises NonconformityError, or NotApplicableError where the adapter cannot be brought there."""


async def ends_once(stand: Stand) -> None:
    """A turn that does its work."""
    site, prepared = stand.prepare("edits")
    before = site.outside_state()
    files = {path: path.read_bytes() for path in site.service.rglob("*") if path.is_file()}
    end = _end(await to_the_end(prepared.agent, prepared.assignment))
    require(end.outcome == "finished", f"the turn ended {end.outcome!r}: {end.reason!r}")
    after = {path: path.read_bytes() for path in site.service.rglob("*") if path.is_file()}
    require(files != after, "no file of the service was changed")
    _nothing_outside(site, before)
    await _nothing_left(site, prepared)


async def fails_with_a_reason(stand: Stand) -> None:
    """A turn that cannot do its work."""
    site, prepared = stand.prepare("fails")
    before = site.outside_state()
    end = _end(await to_the_end(prepared.agent, prepared.assignment))
    require(end.outcome == "failed", f"the turn ended {end.outcome!r}")
    require(bool(end.reason.strip()), "a failure needs a reason")
    _nothing_outside(site, before)
    await _nothing_left(site, prepared)


async def takes_feedback(stand: Stand) -> None:
    """Two turns of one session."""
    site, prepared = stand.prepare("reworks")
    before = site.outside_state()
    await to_the_end(prepared.agent, prepared.assignment)
    feedback = (Feedback(source="check", text=prepared.feedback),)
    again = prepared.assignment.model_copy(update={"turn": 2, "feedback": feedback})
    end = _end(await to_the_end(prepared.agent, again))
    require(end.outcome == "finished", f"the second turn ended {end.outcome!r}: {end.reason!r}")
    _nothing_outside(site, before)


async def ends_when_cancelled(stand: Stand) -> None:
    """The task that reads the reports is cancelled."""
    site, prepared = stand.prepare("lasts")
    begun = asyncio.Event()

    async def consume() -> None:
        async for _ in reports(prepared.agent, prepared.assignment):
            begun.set()

    async def cancelled() -> None:
        task = asyncio.ensure_future(consume())
        first = asyncio.ensure_future(begun.wait())
        await asyncio.wait({task, first}, return_when=asyncio.FIRST_COMPLETED)
        first.cancel()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    await bounded(cancelled(), "a cancelled turn")
    await _nothing_left(site, prepared)


async def ends_when_nobody_reads_on(stand: Stand) -> None:
    """The reader closes the iteration after the first report."""
    site, prepared = stand.prepare("lasts")

    async def leave() -> None:
        turn = reports(prepared.agent, prepared.assignment)
        await anext(turn)
        await turn.aclose()

    await bounded(leave(), "a turn that nobody reads")
    await _nothing_left(site, prepared)


async def leaves_no_process(stand: Stand) -> None:
    """A child outlives its turn."""
    site, prepared = stand.prepare("spawns")
    await to_the_end(prepared.agent, prepared.assignment)
    await _nothing_left(site, prepared)


async def waits_for_a_slow_reader(stand: Stand) -> None:
    """Far more is said than is read at first."""
    _, prepared = stand.prepare("floods")

    async def read_slowly() -> None:
        count = 0
        async for _ in reports(prepared.agent, prepared.assignment):
            count += 1
            for _ in range(100 if count <= SLOW_READS else 0):
                await asyncio.sleep(0)

    tracemalloc.start()
    try:
        await bounded(read_slowly(), "a slowly read turn")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    require(peak <= MEMORY, f"{peak} bytes were held for a slow reader, more than {MEMORY}")


async def takes_hostile_words_as_data(stand: Stand) -> None:
    """Everything that comes from outside tries to be more than text; the brief is longer than an argument may be."""
    site, prepared = stand.prepare("edits")
    words = HOSTILE.replace("{canary}", str(site.outside / "canary"))
    before = site.outside_state()
    update = {"brief": words * 1000, "guide": words, "siblings": (*prepared.assignment.siblings, words)}
    await to_the_end(prepared.agent, prepared.assignment.model_copy(update=update))
    _nothing_outside(site, before)


async def bears_messages(stand: Stand) -> None:
    """A person writes while the agent works."""
    _, prepared = stand.prepare("listens")
    end = _end(await to_the_end(prepared.agent, prepared.assignment, Mailbox("use an integer", HOSTILE)))
    require(end.outcome == "finished", f"the turn ended {end.outcome!r}: {end.reason!r}")


async def does_not_call_refusals_success(stand: Stand) -> None:
    """Everything that the agent tried was refused, and it says that it is done."""
    site, prepared = stand.prepare("denied")
    before = site.outside_state()
    told = await to_the_end(prepared.agent, prepared.assignment)
    require(_end(told).outcome == "failed", f"the turn ended {_end(told).outcome!r}")
    refused = [each for each in told if each.report == "tool_returned" and each.outcome == "denied"]
    require(bool(refused), "no refusal was reported")
    _nothing_outside(site, before)


async def does_not_call_half_an_answer_success(stand: Stand) -> None:
    """The model's answer never gets to its end."""
    _, prepared = stand.prepare("truncated")
    end = _end(await to_the_end(prepared.agent, prepared.assignment))
    require(end.outcome == "failed", f"the turn ended {end.outcome!r}")
    require(bool(end.reason.strip()), "a failure needs a reason")


async def ends_when_interrupted(stand: Stand) -> None:
    """A person interrupts in the middle of the work."""
    site, prepared = stand.prepare("interruptible")
    end = _end(await to_the_end(prepared.agent, prepared.assignment, Mailbox(Interrupt(), after=1)))
    require(end.outcome == "interrupted", f"the turn ended {end.outcome!r}: {end.reason!r}")
    await _nothing_left(site, prepared)


async def keeps_sessions_apart(stand: Stand) -> None:
    """One agent object, two sessions at the same time."""
    one, first = stand.prepare("edits", "one")
    other, second = stand.prepare("edits", "other")
    both = await asyncio.gather(
        to_the_end(first.agent, first.assignment), to_the_end(first.agent, second.assignment)
    )
    require(
        all(_end(each).outcome == "finished" for each in both),
        "two sessions at the same time did not both finish",
    )
    require(one.edited() == other.edited(), f"they left {one.edited()} and {other.edited()}")


def _end(told: list[Report]) -> Ended:
    last = told[-1]
    if not isinstance(last, Ended):
        raise TypeError(last)
    return last


def _nothing_outside(site: Site, before: dict[str, str]) -> None:
    after = site.outside_state()
    touched = sorted(path for path in {*before, *after} if before.get(path) != after.get(path))
    require(not touched, f"outside the workspace these were touched: {touched}")


async def _nothing_left(site: Site, prepared: Prepared) -> None:
    for _ in range(100):
        if not site.lingering(prepared.assignment):
            return
        await asyncio.sleep(0.01)
    require(False, f"processes {site.lingering(prepared.assignment)} outlived the turn")


CASES: tuple[Case, ...] = (
    Case("does its work inside the workspace and ends exactly once", ends_once),
    Case("fails with a reason and not with an exception", fails_with_a_reason),
    Case("takes up feedback in a second turn", takes_feedback),
    Case("ends when it is cancelled and leaves no process", ends_when_cancelled),
    Case("ends when nobody reads on and leaves no process", ends_when_nobody_reads_on),
    Case("leaves no process behind a finished turn", leaves_no_process),
    Case("waits for a slow reader without piling up memory", waits_for_a_slow_reader),
    Case("takes hostile words as data", takes_hostile_words_as_data),
    Case("bears messages of a person", bears_messages),
    Case("does not call a turn of refusals a success", does_not_call_refusals_success),
    Case("does not call half an answer a success", does_not_call_half_an_answer_success),
    Case("ends when a person interrupts and leaves no process", ends_when_interrupted),
    Case("keeps two sessions at the same time apart", keeps_sessions_apart),
)
