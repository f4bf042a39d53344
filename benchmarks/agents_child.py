"""A process with many sessions in it, each waiting for its first answer; ended from outside."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path

from hive.agents.conformance import Toolbox
from hive.agents.means import Means
from hive.config import UserSettings
from hive.model import Assignment, Message, Service
from hive.ports import Agent
from hive.workspaces.sandbox import NoSandbox


class Silence:
    """An inbox that stays empty."""

    async def next(self) -> Message:
        """Nothing ever comes."""
        return await asyncio.get_running_loop().create_future()


def means(url: str, starting: int = 0) -> Means:
    """For an adapter that talks to the fake server; `starting` programs start at a time, or as many as usual."""
    environ = {"ANTHROPIC_API_KEY": "sk-ant-fake", "ANTHROPIC_BASE_URL": url}
    made = Means(UserSettings(), environ, NoSandbox())
    if starting:
        made.starting.slots = asyncio.Semaphore(starting)
    return made


def assignment(folder: Path, number: int) -> Assignment:
    """A session of its own, in a workspace of one file."""
    workspace = folder / f"w{number}"
    (workspace / "users").mkdir(parents=True)
    (workspace / "users" / "model.py").write_text("x = 1\n")
    return Assignment(
        run=f"bench-{os.getpid()}",
        service=Service(name=f"s{number}", path="users"),
        turn=1,
        workspace=str(workspace),
        brief="add loyalty_points",
        home=str(folder / f"h{number}"),
        idle_timeout=600.0,
        turn_timeout=600.0,
    )


async def of_hive(agent: Agent, given: Assignment) -> None:
    """One session through an adapter."""
    async with aclosing(agent.work(given, Silence(), Toolbox())) as reports:
        async for _ in reports:
            pass


def made(kind: str, url: str, starting: int) -> Callable[[Assignment], Awaitable[None]]:
    """What one session is."""
    if kind == "bare":
        return bare(url)
    if kind == "claude":
        from hive.agents.claude.agent import Claude

        claude = Claude(means(url, starting))
        return lambda given: of_hive(claude, given)
    from hive.agents.anthropic.agent import Anthropic

    anthropic = Anthropic.with_means(means(url))
    return lambda given: of_hive(anthropic, given)


def bare(url: str) -> Callable[[Assignment], Awaitable[None]]:
    """The least that could be done: one client, one question, the same tools."""
    from anthropic import AsyncAnthropic

    from hive.agents.anthropic.toolset import Toolset
    from hive.agents.briefing import rules, told

    client = AsyncAnthropic(api_key="sk-ant-fake", base_url=url, max_retries=0)
    tools: list[object] = []

    async def one(given: Assignment) -> None:
        if not tools:
            tools.extend(Toolset(given, means(url), Toolbox()).told)
        question = {"role": "user", "content": told(given)}
        async with client.beta.messages.stream(
            model="claude-sonnet-5-5",
            max_tokens=32_000,
            system=rules(given),
            messages=[question],  # type: ignore[list-item]
            tools=tools,  # type: ignore[arg-type]
        ) as stream:
            async for _ in stream:
                pass

    return one


async def main(kind: str, count: int, url: str, starting: int) -> None:
    """Begin all sessions when a line comes in, and wait for ever."""
    with tempfile.TemporaryDirectory() as name:
        session = made(kind, url, starting)
        given = [assignment(Path(name), number) for number in range(count)]
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        sessions = [asyncio.ensure_future(session(each)) for each in given]
        ending = asyncio.ensure_future(asyncio.to_thread(sys.stdin.read))
        await asyncio.wait({ending, *sessions}, return_when=asyncio.FIRST_COMPLETED)
        if not ending.done():
            raise SystemExit("a session has ended before its time")
        for each in sessions:
            each.cancel()
        await asyncio.gather(*sessions, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])))
