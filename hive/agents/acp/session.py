"""One turn of an agent that speaks the protocol: its own process, confined as a whole where that is possible."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar, cast

from acp import PROTOCOL_VERSION, Client, spawn_agent_process, text_block
from acp.client import ClientSideConnection
from acp.schema import ClientCapabilities, Implementation, McpServerStdio, PromptResponse

from hive import __version__
from hive.agents.acp.client import HiveClient
from hive.agents.acp.translating import Translator
from hive.agents.briefing import anew, rules
from hive.agents.catalog import CatalogEntry
from hive.agents.foreign import foreign_settings
from hive.agents.means import Means
from hive.agents.questions import Questions
from hive.agents.session import bounded, environment, leave_nothing
from hive.agents.tally import Tally
from hive.agents.telling import Tell
from hive.agents.tools.doorway import NAME as NAME_OF_TOOLS
from hive.agents.tools.doorway import ToolDoor, tool_door
from hive.agents.way_out import WayOut, way_out
from hive.errors import HiveError
from hive.model import Answer, Assignment, Ended, Report, Spent, Words
from hive.ports import Confinement, Network, Tools
from hive.process.streaming import exited, stop_group
from hive.text import decode, one_line

LARGEST_LINE = 64 << 20
START_SECONDS = 60.0
PAUSE_SECONDS = 0.5
_T = TypeVar("_T")


class AcpTurn:
    """Implements `relay.Session`."""

    def __init__(self, assignment: Assignment, means: Means, tools: Tools, entry: CatalogEntry) -> None:
        self._assignment = assignment
        self._tools = tools
        self._server: ToolDoor | None = None
        self._means = means
        self._entry = entry
        self._folder = Path(assignment.workspace) / assignment.service.path
        self._translator = Translator(assignment)
        self._tally = Tally()
        self._heard: list[str] = []
        self._questions = Questions(means.settings.answer_timeout)
        self._live: tuple[ClientSideConnection, str] | None = None

    async def hear(self, message: Words | Answer) -> None:
        """The protocol takes no words in the middle of a turn: the agent reads them when it would end."""
        if isinstance(message, Answer) and self._questions.answer(message):
            return
        self._heard.append(message.text)

    async def interrupt(self) -> bool:
        """The agent ends its turn by itself when it is asked to."""
        if self._live is None:
            return False
        connection, session = self._live
        await connection.cancel(session_id=session)
        return True

    async def play(self, tell: Tell) -> Ended:
        """Work to the end of the turn."""

        async def tallied(report: Report) -> None:
            self._tally.add(report)
            await tell(report)

        questions = self._questions if self._means.asks else None
        own = HiveClient(
            self._assignment, self._translator, tallied, questions, confined=self._means.confines
        )
        foreign = foreign_settings(self._assignment, self._entry.settings)
        if foreign and not self._means.confines:
            reason = f"the repository has settings of the agent ({str(foreign[0])!r}), and nothing here can hide them"
            return Ended(outcome="failed", reason=bounded(reason))
        client = cast("Client", own)  # what hive does not offer, no agent asks for
        env = environment(self._assignment)
        log = Path(env["TMPDIR"]) / "agent-errors.log"
        try:
            door = way_out(
                self._assignment,
                self._means,
                self._handed_on(),
                tell,
                doors=self._entry.doors,
                hosts=self._entry.hosts,
            )
            async with door as out, tool_door(self._tools) as self._server:
                return await self._confined(client, out, env, log, tallied)
        except HiveError as error:
            return Ended(outcome="failed", reason=bounded(f"{error.message}{_last_line(log)}"))

    async def _confined(
        self, client: Client, out: WayOut, env: dict[str, str], log: Path, tell: Tell
    ) -> Ended:
        argv, limit = self._argv(out.network), ""
        env = {**self._entry.usual, **out.variables, **self._entry.env, **self._model_chosen(), **env}
        try:
            with log.open("wb") as errors:
                transport = {"limit": LARGEST_LINE, "stderr": errors.fileno(), "shutdown_timeout": 1.0}
                async with (
                    self._means.starting.place() as place,
                    spawn_agent_process(
                        client, argv[0], *argv[1:], env=env, cwd=self._folder, transport_kwargs=transport
                    ) as (connection, process),
                ):
                    try:
                        session = await self._begun(connection, process)
                        place.over()
                        return await self._worked(connection, process, session, tell)
                    finally:
                        self._live = None
                        await leave_nothing(self._assignment)
                        await stop_group(process)  # a child of its own may hold its pipes
                        limit = self._means.sandbox.met(argv, process.returncode or 0)
        except HiveError as error:
            if limit:
                raise HiveError(f"{error.message}: {limit}") from error
            raise
        except OSError as error:
            return Ended(outcome="failed", reason=bounded(f"cannot start {argv[0]!r}: {error.strerror}"))

    async def _worked(
        self,
        connection: ClientSideConnection,
        process: asyncio.subprocess.Process,
        session: str,
        tell: Tell,
    ) -> Ended:
        self._live = (connection, session)
        text = f"{rules(self._assignment)}\n{anew(self._assignment)}"
        while True:
            pausing = asyncio.ensure_future(self._told_at_pauses(tell))
            try:
                asked = connection.prompt(session_id=session, prompt=[text_block(text)])
                response = await self._alive(asked, process)
            finally:
                pausing.cancel()
                await asyncio.gather(pausing, return_exceptions=True)
            for report in self._translator.flushed():
                await tell(report)
            if spent := _spent(response):
                await tell(spent)
            ended = self._judged(response)
            if not self._heard or ended.outcome == "interrupted":
                return ended
            heard, self._heard = self._heard, []
            text = "\n".join(f"Message from the person: {each}" for each in heard)

    async def _told_at_pauses(self, tell: Tell) -> None:
        """Words come in pieces; when no more come for a moment, they are told."""
        while True:
            before = self._translator.waiting
            await asyncio.sleep(PAUSE_SECONDS)
            if before and before == self._translator.waiting:
                for report in self._translator.flushed():
                    await tell(report)

    async def _begun(self, connection: ClientSideConnection, process: asyncio.subprocess.Process) -> str:
        """The id of a new session. No file and no terminal of hive is offered: the agent has its own."""
        about = Implementation(name="hive", title="hive", version=__version__)
        hello = connection.initialize(
            protocol_version=PROTOCOL_VERSION, client_capabilities=ClientCapabilities(), client_info=about
        )
        try:
            await asyncio.wait_for(self._alive(hello, process), START_SECONDS)
            begun = connection.new_session(cwd=str(self._folder), mcp_servers=self._servers())
            return (await asyncio.wait_for(self._alive(begun, process), START_SECONDS)).session_id
        except TimeoutError as late:
            raise HiveError(f"{self._entry.name!r} did not begin within {START_SECONDS:g} seconds") from late

    def _servers(self) -> list[Any]:
        if self._server is None:
            return []
        program, *arguments = self._server.argv
        return [McpServerStdio(name=NAME_OF_TOOLS, command=program, args=arguments, env=[])]

    async def _alive(self, asked: Awaitable[_T], process: asyncio.subprocess.Process) -> _T:
        """The answer, or HiveError when the agent refuses, or ends without one."""
        answer = asyncio.ensure_future(asked)
        end = asyncio.ensure_future(exited(process))
        try:
            await asyncio.wait({answer, end}, return_when=asyncio.FIRST_COMPLETED)
            if answer.done() and answer.exception() is None:
                return answer.result()
            await asyncio.wait(
                {end}, timeout=PAUSE_SECONDS
            )  # a broken connection is seen before the exit code
            if end.done():
                raise HiveError(f"{self._entry.name!r} ended with {end.result()} in the middle of its turn")
            error = answer.exception()
            said = one_line(f"{error}: {getattr(error, 'data', '') or ''}".rstrip(": "), 500)
            raise HiveError(f"{self._entry.name!r} refuses: {said}") from error
        finally:
            for task in (answer, end):
                task.cancel()
            await asyncio.gather(answer, end, return_exceptions=True)

    def _judged(self, response: PromptResponse) -> Ended:
        match response.stop_reason:
            case "end_turn":
                return self._tally.verdict()
            case "cancelled":
                return Ended(outcome="interrupted", reason="interrupted by a person")
            case reason:
                return Ended(outcome="failed", reason=f"the agent stopped: {reason}")

    def _argv(self, network: Network) -> list[str]:
        model = self._means.settings.model
        chosen = [word.replace("{model}", model) for word in self._entry.model] if model else []
        home = Path(self._assignment.home)
        hidden = (*self._means.hidden, *foreign_settings(self._assignment, self._entry.settings))
        # With the contracts, beside the service.
        shown = (Path(self._assignment.workspace), *((self._server.socket,) if self._server else ()))
        allow = Confinement((self._folder, home), hidden=hidden, network=network, shown=shown)
        return self._means.sandbox.wrap([*self._entry.command, *chosen], cwd=self._folder, allow=allow)

    def _handed_on(self) -> dict[str, str]:
        names = (*self._entry.passed, *self._means.settings.command_env)
        return {name: self._means.environ[name] for name in names if name in self._means.environ}

    def _model_chosen(self) -> dict[str, str]:
        model = self._means.settings.model
        return {self._entry.model_env: model} if self._entry.model_env and model else {}


def _spent(response: PromptResponse) -> Spent | None:
    usage = response.usage
    if usage is None or not (usage.input_tokens or usage.output_tokens):
        return None
    return Spent(
        input_tokens=usage.input_tokens + (usage.cached_read_tokens or 0) + (usage.cached_write_tokens or 0),
        output_tokens=usage.output_tokens,
    )


def _last_line(log: Path) -> str:
    with suppress(OSError), log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 2000))
        said = [line for line in decode(file.read()).splitlines() if line.strip()]
        return f": {one_line(said[-1], 300)}" if said else ""
    return ""
