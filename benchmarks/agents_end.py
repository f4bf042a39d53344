"""How soon nothing of a session is alive, once hive is killed and once its turn is stopped.

`python -m benchmarks.agents_end KIND SANDBOX URL FOLDER` is a hive with one session, whose agent has started daemons
that leave its group, its session and its environment; a line on its input stops the turn.
"""

import asyncio
import os
import random
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from benchmarks.agents_child import assignment, means
from hive.agents.conformance import Toolbox
from hive.model import Answer, Asked, Message
from hive.ports import Agent
from hive.testing import Reply, Script, ToolUse, serving
from hive.workspaces.sandbox import find_sandbox

ROUNDS = 3
PATIENCE = 60.0
KINDS = ("command", "anthropic", *(("claude",) if find_spec("claude_agent_sdk") else ()))


class Allowing:
    """An inbox in which every question is answered with yes."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[Message] = asyncio.Queue()

    async def next(self) -> Message:
        """The next answer."""
        return await self.queue.get()


def ends() -> None:
    """Prints a table of its own."""
    print("\n| agent | confined by | after `kill -9` of hive, s | after a stop, s |\n|---|---|---|---|")
    confined = find_sandbox().name
    for kind in KINDS:
        for sandbox in dict.fromkeys((confined, "none")):
            killed, stopped = ([_left(kind, sandbox, kill) for _ in range(ROUNDS)] for kill in (True, False))
            told = (f"{statistics.median(each):.3f}, at worst {max(each):.3f}" for each in (killed, stopped))
            print(f"| `{kind}` | {sandbox} | {' | '.join(told)} |")


def _left(kind: str, sandbox: str, kill: bool) -> float:
    """Seconds until no process of the session is left."""
    token = f"1{random.randrange(10**9):09}"
    line = f"env -i setsid sleep {token} & setsid sleep {token} & sleep {token}"
    tool = ToolUse(
        name="Bash" if kind == "claude" else "bash",
        input={"command": line, "timeout" if kind == "claude" else "timeout_seconds": 600},
    )
    with serving(Script.of(Reply(blocks=(tool,)), Reply())) as fake, tempfile.TemporaryDirectory() as folder:
        argv = [sys.executable, "-m", "benchmarks.agents_end", kind, sandbox, fake.url, folder, line]
        with subprocess.Popen(argv, stdin=subprocess.PIPE) as hive:
            assert hive.stdin is not None
            try:
                _until(lambda: sum(f"sleep\0{token}".encode() in each for each in _lines(hive.pid)) == 3)
                begun = time.perf_counter()
                if kill:
                    hive.kill()
                else:
                    hive.stdin.write(b"stop\n")
                    hive.stdin.flush()
                _until(lambda: not any(token.encode() in each for each in _lines(hive.pid)))
                return time.perf_counter() - begun
            finally:
                hive.kill()


def _lines(but: int) -> list[bytes]:
    """The command lines of all processes but one; one that has ended has none."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            found.append(b"" if entry.name == str(but) else (entry / "cmdline").read_bytes())
        except OSError:
            continue
    return found


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise RuntimeError(f"not within {PATIENCE:g} seconds")
        time.sleep(0.002)


def _agent(kind: str, sandbox: str, url: str, line: str) -> Agent:
    usual = means(url)
    given: dict[str, object] = {"permissions": "ask"} if sandbox == "none" else {}
    if kind == "command":
        given = {"command": shlex.join(["sh", "-c", line])}
    settings = usual.settings.model_copy(update=given)
    own = replace(usual, settings=settings, sandbox=find_sandbox(sandbox))
    if kind == "command":
        from hive.agents.command.agent import Command

        return Command.with_means(own)
    if kind == "claude":
        from hive.agents.claude.agent import Claude

        return Claude(own)
    from hive.agents.anthropic.agent import Anthropic

    return Anthropic.with_means(own)


async def main(kind: str, sandbox: str, url: str, folder: str, line: str) -> None:
    """One session, until it is stopped."""
    inbox = Allowing()

    async def session() -> None:
        agent = _agent(kind, sandbox, url, line)
        async with aclosing(agent.work(assignment(Path(folder), 0), inbox, Toolbox())) as reports:
            async for report in reports:
                if isinstance(report, Asked):
                    inbox.queue.put_nowait(Answer(id=report.id, text="allow"))

    working = asyncio.ensure_future(session())
    await asyncio.to_thread(sys.stdin.readline)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    os.read(0, 1)  # until it is ended from outside


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
