"""One turn of a command: its output is what the agent says, its exit code only whether it broke down."""

import asyncio
from contextlib import aclosing
from pathlib import Path

from hive.agents.briefing import anew, rules
from hive.agents.command.output import lines
from hive.agents.command.template import filled
from hive.agents.means import Means
from hive.agents.session import bounded, environment, leave_nothing
from hive.agents.telling import Tell
from hive.agents.tools.doorway import ToolDoor, tool_door
from hive.agents.way_out import way_out
from hive.model import Answer, Assignment, Ended, Report, Said, Unrecognised, Words
from hive.ports import Confinement, Network, Tools
from hive.process.streaming import PIPE_GRACE_SECONDS, exited, start, stop_group

QUIET_START_SECONDS = 2.0
"""After so long a command that says nothing counts as started."""


class CommandTurn:
    """Implements `relay.Session`."""

    def __init__(self, assignment: Assignment, means: Means, tools: Tools, words: tuple[str, ...]) -> None:
        self._assignment = assignment
        self._tools = tools
        self._means = means
        self._words = words

    async def hear(self, message: Words | Answer) -> None:
        """A command takes no messages while it runs."""
        raise NotImplementedError("this agent is a command line and takes no messages while it runs")

    async def interrupt(self) -> bool:
        """Ended with all that it has started."""
        return False

    async def play(self, tell: Tell) -> Ended:
        """Run it to its end."""
        folder = Path(self._assignment.workspace) / self._assignment.service.path
        async with (
            self._means.starting.place(QUIET_START_SECONDS) as place,
            way_out(self._assignment, self._means, self._handed_on(), tell) as out,
            tool_door(self._tools) as door,
        ):

            async def begun(report: Report) -> None:
                place.over()
                await tell(report)

            env = {**out.variables, "HIVE_TOOLS": str(door.socket), **environment(self._assignment)}
            argv = self._argv(folder, out.network, door)
            child = await start(argv, cwd=folder, env=env)
            try:
                last = await self._told(child, begun)
                code = await exited(child)
            finally:
                await stop_group(child)
                await leave_nothing(self._assignment)
        limit = self._means.sandbox.met(argv, code)
        if code:
            said = f": {limit or last}" if limit or last else ""
            return Ended(
                outcome="failed", reason=bounded(f"{self._words[0]!r} ended with {code}{said}"[:2000])
            )
        return Ended(outcome="finished")

    async def _told(self, child: asyncio.subprocess.Process, tell: Tell) -> str:
        """Tell its output line by line, until it has ended, whoever still holds its pipe; the last line."""
        last = ""

        async def pump() -> None:
            nonlocal last
            assert child.stdout is not None  # noqa: S101
            async with aclosing(lines(child.stdout)) as output:  # type: ignore[type-var]
                async for line in output:
                    if line.strip():
                        last = line
                        await tell(Said(text=bounded(line)))

        pumping = asyncio.ensure_future(pump())
        ending = asyncio.ensure_future(exited(child))
        try:
            await asyncio.wait({pumping, ending}, return_when=asyncio.FIRST_COMPLETED)
            if not pumping.done():
                _, held = await asyncio.wait({pumping}, timeout=PIPE_GRACE_SECONDS)
                if held:
                    await leave_nothing(self._assignment)
                    await tell(Unrecognised(name="output held open after the end"))
            else:
                await pumping
                await ending
        finally:
            pumping.cancel()
            ending.cancel()
            await asyncio.gather(pumping, ending, return_exceptions=True)
        return last

    def _argv(self, folder: Path, network: Network, door: ToolDoor) -> list[str]:
        a = self._assignment
        brief = Path(a.home) / f"brief-{a.turn}.md"
        brief.parent.mkdir(parents=True, exist_ok=True)
        brief.write_bytes(f"{rules(a)}\n{anew(a)}\n".encode("utf-8", "replace"))
        values = {
            "mcp_config": str(door.configured(Path(a.home))),
            "brief_file": str(brief),
            "workspace": a.workspace,
            "service": a.service.name,
            "folder": str(folder),
            "home": a.home,
            "turn": str(a.turn),
            "run": a.run,
        }
        argv = filled(self._words, values)
        shown = (Path(a.workspace), door.socket)  # with the contracts, beside the service
        allow = Confinement((folder, Path(a.home)), hidden=self._means.hidden, network=network, shown=shown)
        return self._means.sandbox.wrap(argv, cwd=folder, allow=allow)

    def _handed_on(self) -> dict[str, str]:
        passed = self._means.settings.command_env
        return {name: self._means.environ[name] for name in passed if name in self._means.environ}
