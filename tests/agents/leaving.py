"""One session of each adapter, in a process of its own, whose agent starts daemons and goes on for ever.

`python -m tests.agents.leaving KIND SANDBOX URL ASSIGNMENT COMMAND`
"""

import asyncio
import shlex
import sys
from pathlib import Path

from hive.agents.conformance import Toolbox
from hive.model import Answer, Asked, Assignment
from hive.testing import Part, Reply, Script, ToolUse
from hive.workspaces.sandbox import find_sandbox
from tests.agents.claude.rig import CAPTURES
from tests.agents.conftest import Mailbox
from tests.agents.means import means

HERE = Path(__file__).parent
TOOLS = {
    "anthropic": lambda line: ToolUse(name="bash", input={"command": line, "timeout_seconds": 600}),
    "claude": lambda line: ToolUse(name="Bash", input={"command": line, "timeout": 600000}),
    "codex": lambda line: ToolUse(name="exec_command", input={"cmd": line, "yield_time_ms": 30000}),
}


def script(kind, line):
    """What the fake model says to an adapter that asks one."""
    if kind not in TOOLS:
        return Script.of(Reply())
    return Script(parts=(Part(captures=CAPTURES, replies=(Reply(blocks=(TOOLS[kind](line),)), Reply())),))


def agent(kind, sandbox, url, line):
    """The adapter; a person allows what it asks for."""
    given = {"sandbox": find_sandbox(sandbox, readable=(HERE,))}
    asking = {"permissions": "ask"} if sandbox == "none" else {}
    match kind:
        case "command":
            from hive.agents.command.agent import Command

            return Command.with_means(means(url, command=shlex.join(["sh", "-c", line]), **given))
        case "acp":
            from hive.agents.acp.agent import Acp

            command = [sys.executable, str(HERE / "acp/fake_agent.py"), "leaves", line]
            return Acp.own(means(url, acp_command=shlex.join(command), **given))
        case "anthropic":
            from hive.agents.anthropic.agent import Anthropic

            return Anthropic.with_means(means(url, **given, **asking))
        case "claude":
            from hive.agents.claude.agent import Claude

            return Claude(means(url, **given, **asking))
        case _:
            from hive.agents.codex.agent import Codex
            from tests.agents.codex.rig import means as of_codex

            fake = (sys.executable, "-SE", str(HERE / "codex/fake_app_server.py"), "leaves", line)
            command = {"command": fake} if kind == "a small codex" else {}
            return Codex(of_codex(url, **given), **command)


async def main(kind, sandbox, url, assignment, line):
    inbox = Mailbox()
    given = Assignment.model_validate_json(assignment)
    async for report in agent(kind, sandbox, url, line).work(given, inbox, Toolbox()):
        if isinstance(report, Asked):
            inbox.queue.put_nowait(Answer(id=report.id, text="allow"))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
