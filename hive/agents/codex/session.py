"""One turn of Codex: an app server of its own, its questions answered by a policy that fails closed."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from hive import __version__
from hive.agents.account import Account
from hive.agents.briefing import anew, rules, told
from hive.agents.codex.confining import confinement, fence
from hive.agents.codex.deciding import Desk
from hive.agents.codex.launching import (
    APPROVALS,
    DOOR,
    configuration,
    environ,
    handed_on,
    home,
    not_installed,
    server,
    too_old,
    written,
)
from hive.agents.codex.limits import UPDATED, resets_at
from hive.agents.codex.shapes import record, text
from hive.agents.codex.translating import Translator
from hive.agents.codex.wire import Junk, Notice, Query, RefusedError, Wire
from hive.agents.means import Means
from hive.agents.questions import Questions
from hive.agents.recollection import recall, remember
from hive.agents.session import bounded, environment, leave_nothing
from hive.agents.tally import Tally
from hive.agents.telling import Tell
from hive.agents.tools.doorway import ToolDoor, tool_door
from hive.agents.way_out import WayOut, way_out
from hive.errors import HiveError
from hive.model import Answer, Assignment, Ended, Report, Unrecognised, Words
from hive.ports import Tools
from hive.process.streaming import PIPE_GRACE_SECONDS, exited, start, stop_group
from hive.text import decode, one_line

START_SECONDS = 60.0
HEED_SECONDS = 2.0
HINT = """\
Commands run in a sandbox. One that asks to leave it is refused, and so is one that asks first because it could
destroy much, such as `rm -f`: delete files with apply_patch, or with a plain `rm`.
"""
NAME = "codex"


class CodexTurn:
    """Implements `relay.Session`."""

    def __init__(
        self,
        assignment: Assignment,
        means: Means,
        tools: Tools,
        account: Account,
        command: tuple[str, ...],
        retries: int,
    ) -> None:
        self._assignment = assignment
        self._means = means
        self._tools = tools
        self._account = account
        self._command = command
        self._retries = retries
        self._folder = Path(assignment.workspace) / assignment.service.path
        self._fence = fence(means)
        self._translator = Translator(assignment)
        self._tally = Tally()
        self._heard: list[str] = []
        self._wire: Wire | None = None
        self._argv: list[str] = []
        self._thread = ""
        self._turn = ""
        self._over: asyncio.Future[dict[str, Any]] | None = None
        self._desk: Desk | None = None
        self._interrupted = False

    async def hear(self, message: Words | Answer) -> None:
        """The agent reads it before it goes on, or when it would end."""
        if isinstance(message, Answer) and self._desk and await self._desk.answer(message):
            return
        words = f"Message from the person: {message.text}"
        if self._wire and self._turn:
            steered = {"threadId": self._thread, "expectedTurnId": self._turn, "input": _input(words)}
            if await self._heeded(self._wire, "turn/steer", steered):
                return
        self._heard.append(words)

    async def interrupt(self) -> bool:
        """Codex ends its turn by itself when it is asked to."""
        if self._wire is None or not self._turn:
            return False
        self._interrupted = True
        asked = {"threadId": self._thread, "turnId": self._turn}
        return await self._heeded(self._wire, "turn/interrupt", asked)

    async def _heeded(self, wire: Wire, method: str, params: dict[str, Any]) -> bool:
        """Whether the server takes it; one that has gone deaf must not keep a person from interrupting it."""
        try:
            await asyncio.wait_for(wire.ask(method, **params), HEED_SECONDS)
        except (HiveError, TimeoutError):
            return False
        return True

    async def play(self, tell: Tell) -> Ended:
        """Work to the end of the turn."""

        async def tallied(report: Report) -> None:
            self._tally.add(report)
            await tell(report)

        if missing := not_installed(self._command[0]):
            return Ended(outcome="failed", reason=missing)
        environment(self._assignment)  # its folders must be there before anything is confined to them
        log = Path(self._assignment.home) / "agent-errors.log"
        try:
            handed = handed_on(self._means)
            async with (
                self._means.starting.place() as place,
                way_out(self._assignment, self._means, handed, tell, doors=(DOOR,)) as out,
                tool_door(self._tools) as door,
                self._running(out, door, log, tallied) as wire,
            ):
                begun = await asyncio.wait_for(self._begun(wire), START_SECONDS)
                place.over()
                return await self._worked(wire, begun)
        except TimeoutError:
            reason = f"'codex' did not begin within {START_SECONDS:g} seconds"
            return Ended(outcome="failed", reason=reason)
        except HiveError as error:
            return Ended(outcome="failed", reason=bounded(f"{error.message}{_last_line(log)}"))

    @contextlib.asynccontextmanager
    async def _running(self, out: WayOut, door: ToolDoor, log: Path, tell: Tell) -> AsyncIterator[Wire]:
        """The server, and a task that takes what it says."""
        child = await self._started(out, door, log)
        assert child.stdin is not None  # noqa: S101
        assert child.stdout is not None  # noqa: S101
        wire = Wire(child.stdout, child.stdin)
        questions = Questions(self._means.settings.answer_timeout) if self._means.asks else None
        self._desk = Desk(self._assignment, self._fence, self._translator, wire, tell, questions)
        hearing = asyncio.ensure_future(self._attended(wire, child, tell))
        try:
            yield wire
        finally:
            self._wire = None
            await leave_nothing(self._assignment)
            await stop_group(child)
            hearing.cancel()
            await self._desk.close()
            await asyncio.gather(hearing, return_exceptions=True)

    async def _started(self, out: WayOut, door: ToolDoor, log: Path) -> asyncio.subprocess.Process:
        text = configuration(self._assignment, self._means, self._fence, self._retries, door)
        written(self._assignment, text)
        allow = confinement(self._assignment, self._means, self._command[0], out.network)
        allow = allow._replace(shown=(*allow.shown, door.socket))
        self._argv = self._means.sandbox.wrap(server(self._command), cwd=self._folder, allow=allow)
        env = environ(self._assignment, self._means, out)
        with log.open("wb") as errors:
            return await start(self._argv, cwd=self._folder, env=env, stdin=True, errors=errors.fileno())

    async def _attended(self, wire: Wire, child: asyncio.subprocess.Process, tell: Tell) -> None:
        """Take everything until the server ends; whoever still waits for an answer learns why none comes."""
        taking = asyncio.ensure_future(self._taken(wire, tell))
        ending = asyncio.ensure_future(exited(child))
        try:
            await asyncio.wait({taking, ending}, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait({taking, ending}, timeout=PIPE_GRACE_SECONDS)
            wrong = taking.exception() if taking.done() else None
            if isinstance(wrong, HiveError):
                self._give_up(wire, wrong)
            elif wrong is not None:
                self._give_up(wire, HiveError(f"{type(wrong).__name__}: {wrong}"))
            else:
                how = f"ended with {ending.result()}" if ending.done() else "closed its output"
                met = self._means.sandbox.met(self._argv, ending.result()) if ending.done() else ""
                self._give_up(wire, HiveError(f"'codex' {how} in the middle of its turn{met and f': {met}'}"))
        finally:
            taking.cancel()
            ending.cancel()
            await asyncio.gather(taking, ending, return_exceptions=True)

    def _give_up(self, wire: Wire, error: HiveError) -> None:
        wire.give_up(error)
        if self._over and not self._over.done():
            self._over.set_exception(error)

    async def _taken(self, wire: Wire, tell: Tell) -> None:
        assert self._desk is not None  # noqa: S101
        async for frame in wire.frames():
            match frame:
                case Notice():
                    for report in self._translator.reports(frame):
                        await tell(report)
                    if frame.method == UPDATED and (at := resets_at(frame.params)):
                        self._account.quota.close_until(at)
                    if frame.method == "turn/completed":
                        self._completed(frame.params)
                case Query():
                    await self._desk.decide(frame)
                case Junk():
                    await tell(Unrecognised(name=bounded(frame.name), payload=frame.payload))

    def _completed(self, params: dict[str, Any]) -> None:
        turn = record(params.get("turn"))
        mine = text(params.get("threadId")) == self._thread
        if mine and self._over and not self._over.done():
            self._over.set_result(turn)

    async def _begun(self, wire: Wire) -> bool:
        """Whether the thread of the turn before goes on; else it is a new one."""
        about = {"name": "hive", "title": "hive", "version": __version__}
        hello = await wire.ask("initialize", clientInfo=about, capabilities=None)
        agent = text(hello.get("userAgent"))
        if wrong := too_old(agent.partition(" ")[0]):
            raise HiveError(wrong)
        await wire.send({"method": "initialized"})
        settings = {
            "cwd": str(self._folder),
            "sandbox": self._fence.mode,
            "approvalPolicy": APPROVALS,
        }
        if before := _recalled(self._assignment):
            with contextlib.suppress(RefusedError):
                # A copy: a turn that is done again begins from where the turn before ended.
                answer = await wire.ask("thread/fork", threadId=before, excludeTurns=True, **settings)
                self._thread = text(record(answer.get("thread")).get("id"))
                return True
        answer = await wire.ask(
            "thread/start", developerInstructions=f"{rules(self._assignment)}{HINT}", **settings
        )
        self._thread = text(record(answer.get("thread")).get("id"))
        return False

    async def _worked(self, wire: Wire, begun: bool) -> Ended:
        words = told(self._assignment) if begun else anew(self._assignment)
        self._wire = wire
        while True:
            turn = await self._played(wire, words)
            if ended := self._judged(turn):
                return ended
            if not self._heard:
                remember(self._assignment, NAME, self._thread)
                return self._tally.verdict()
            heard, self._heard = self._heard, []
            words = "\n".join(heard)

    async def _played(self, wire: Wire, words: str) -> dict[str, Any]:
        self._over = asyncio.get_running_loop().create_future()
        self._translator.begun = True
        answer = await wire.ask("turn/start", threadId=self._thread, input=_input(words))
        self._turn = text(record(answer.get("turn")).get("id"))
        try:
            await self._steered(wire)
            return await self._over
        finally:
            self._turn = ""

    async def _steered(self, wire: Wire) -> None:
        """Say what was heard before the turn had begun."""
        heard, self._heard = self._heard, []
        for words in heard:
            steered = {"threadId": self._thread, "expectedTurnId": self._turn, "input": _input(words)}
            if not await self._heeded(wire, "turn/steer", steered):
                self._heard.append(words)

    def _judged(self, turn: dict[str, Any]) -> Ended | None:
        """How the turn ended where it did not end well."""
        status, error = text(turn.get("status")), record(turn.get("error"))
        if self._interrupted and status == "interrupted":
            return Ended(outcome="interrupted", reason="interrupted by a person")
        if status == "completed" and not error:
            return None
        words = text(error.get("message")) or f"its turn is {status or 'without a status'!r}"
        more = text(error.get("additionalDetails"))
        return Ended(outcome="failed", reason=bounded(f"Codex failed: {words}{f' ({more})' if more else ''}"))


def _input(words: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": words.encode("utf-8", "replace").decode(), "text_elements": []}]


def _recalled(assignment: Assignment) -> str | None:
    """The thread of the turn before, if it is still there."""
    thread = (recall(assignment, NAME) or "").strip()
    known = thread.replace("-", "").isalnum() and any(home(assignment).rglob(f"*{thread}*"))
    return thread if known else None


def _last_line(log: Path) -> str:
    with contextlib.suppress(OSError), log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 2000))
        said = [line for line in decode(file.read()).splitlines() if line.strip()]
        return f": {one_line(said[-1], 300)}" if said else ""
    return ""
