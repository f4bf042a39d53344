"""Sessions of agents: what one more costs, how 20 cold starts are scheduled, how soon an interrupt
arrives, and how soon nothing is left.

`HIVE_BENCH_PROGRAMS` is the number of programs that start cold (8 when not given; 20 need 3 GB).
"""

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from benchmarks.agents_child import assignment, means
from benchmarks.agents_end import ends
from benchmarks.measure import Ratio
from hive.agents.conformance import Toolbox
from hive.agents.means import Means
from hive.config import UserSettings
from hive.model import Interrupt, Message, Report
from hive.ports import Agent
from hive.testing import Break, FakeModels, Reply, Script, Text, serving
from hive.workspaces.sandbox import NoSandbox

CROWDS = (1, 10, 50, 100)
PROGRAMS = int(os.environ.get("HIVE_BENCH_PROGRAMS", "8"))
FEW_PROGRAMS = 3
INTERRUPTS = 5
PATIENCE = 120.0
HELD = Script.of(Reply(hold="never"))
STALLED = Script.of(
    Reply(blocks=(Text(text="I begin."), Text(text="And on.")), always=Break(how="stall", after=5), chunk=100)
)


class Crowd(NamedTuple):
    """Sessions that all wait for their first answer."""

    megabytes: float
    """Of the whole process tree, each shared page counted by its share (PSS)."""
    seconds: float
    """From the first spawn until the last first request."""


def run() -> list[Ratio]:
    """Prints tables of its own: most of the figures are no seconds."""
    programs = Path(sys.prefix) / "agents" / "bin"  # where `AGENTS=yes .ci/agents` puts those of npm
    os.environ["PATH"] = f"{programs}{os.pathsep}{os.environ['PATH']}"
    _sessions()
    if find_spec("claude_agent_sdk"):
        _cold_starts()
    _interrupts()
    ends()
    return []


def _sessions() -> None:
    found = {(kind, n): _crowd(kind, n) for n in CROWDS for kind in ("hive", "bare")}
    print(
        "| sessions in one process | hive, MB a session | bare loop, MB | ratio | hive, s | bare loop, s | ratio |"
    )
    print("|---|---|---|---|---|---|---|")
    for n in CROWDS:
        hive, bare = found["hive", n], found["bare", n]
        more = [_each(found[kind, n], found[kind, 1], n) for kind in ("hive", "bare")]
        ratio = f"{more[0] / more[1]:.2f}" if min(more) > 0 else "–"  # below what can be told apart
        memory = f"{more[0]:.2f} | {more[1]:.2f} | {ratio}" if n > 1 else "– | – | –"
        print(
            f"| {n} | {memory} | {hive.seconds:.3f} | {bare.seconds:.3f} | {hive.seconds / bare.seconds:.2f} |"
        )
    if find_spec("claude_agent_sdk"):
        one, few = _crowd("claude", 1), _crowd("claude", FEW_PROGRAMS)
        program = _each(few, one, FEW_PROGRAMS)
        light = _each(found["hive", 100], found["hive", 1], 100)
        print(f"\nOne more Claude Code process: {program:.0f} MB (from {FEW_PROGRAMS}, not more); ", end="")
        print(f"one more session in this process: {light:.2f} MB; {program / light:.0f} times lighter\n")


def _each(crowd: Crowd, one: Crowd, count: int) -> float:
    return (crowd.megabytes - one.megabytes) / max(1, count - 1)


def _cold_starts() -> None:
    cores = os.cpu_count() or 1
    widths = sorted({1, cores, 2 * cores, PROGRAMS})
    seconds = {width: _crowd("claude", PROGRAMS, width).seconds for width in widths}
    own = _crowd("claude", PROGRAMS).seconds
    best = min(seconds.values())
    told = ", ".join(f"{width}: {each:.1f} s" for width, each in seconds.items())
    print(
        f"{PROGRAMS} cold starts of Claude Code until the last first request; by programs at a time: {told}"
    )
    print(f"hive's own schedule: {own:.1f} s, {own / best:.2f} times the best of these\n")


def _crowd(kind: str, count: int, starting: int = 0) -> Crowd:
    with serving(HELD) as fake:
        argv = [sys.executable, "-m", "benchmarks.agents_child", kind, str(count), fake.url, str(starting)]
        with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdin is not None
            assert child.stdout is not None
            child.stdout.readline()
            begun = time.perf_counter()
            child.stdin.write("go\n")
            child.stdin.flush()
            _wait(fake, count, child)
            seconds = time.perf_counter() - begun
            megabytes = sum(_pss(pid) for pid in _tree(child.pid)) / 1024
            child.stdin.close()
        return Crowd(megabytes, seconds)


def _wait(fake: FakeModels, count: int, child: subprocess.Popen[str]) -> None:
    end = time.monotonic() + PATIENCE
    while len(fake.calls) < count:
        if child.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"{len(fake.calls)} of {count} sessions have asked: {child.args!r}")
        time.sleep(0.001)


def _tree(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in _tree(int(child)))]


def _pss(pid: int) -> int:
    """Kilobytes."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("Pss:")))


class Mailbox:
    """An inbox with what is put into it."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[Message] = asyncio.Queue()

    async def next(self) -> Message:
        """The next message."""
        return await self.queue.get()


def _interrupts() -> None:
    with serving(STALLED) as fake:
        for name, agent in _agents(fake.url):
            seconds = [asyncio.run(_interrupted(agent(), fake)) for _ in range(INTERRUPTS)]
            median, worst = statistics.median(seconds) * 1000, max(seconds) * 1000
            print(f"interrupt of `{name}` until its turn has ended: {median:.0f} ms, at worst {worst:.0f} ms")


def _agents(url: str) -> list[tuple[str, Callable[[], Agent]]]:
    def anthropic() -> Agent:
        from hive.agents.anthropic.agent import Anthropic

        return Anthropic.with_means(means(url))

    def command() -> Agent:
        from hive.agents.command.agent import Command

        made = means(url)
        settings = made.settings.model_copy(update={"command": "sh -c 'echo begun; sleep 100'"})
        return Command.with_means(type(made)(settings, made.environ, made.sandbox))

    def claude() -> Agent:
        from hive.agents.claude.agent import Claude

        return Claude(means(url))

    known: list[tuple[str, Callable[[], Agent]]] = [("anthropic", anthropic), ("command", command)]
    if find_spec("claude_agent_sdk"):
        known.append(("claude", claude))
    return [*known, *((name, make) for name, make in _installed(url) if shutil.which(name))]


def _installed(url: str) -> list[tuple[str, Callable[[], Agent]]]:
    """Agents that are programs of their own, each with its model on the fake server."""

    def codex() -> Agent:
        from hive.agents.codex.agent import Codex

        return Codex(_given({"OPENAI_API_KEY": "fake", "OPENAI_BASE_URL": f"{url}/v1"}, model="gpt-5.5"))

    def gemini() -> Agent:
        from hive.agents.acp.agent import Acp

        return Acp.named("gemini", _given({"GEMINI_API_KEY": "fake", "GOOGLE_GEMINI_BASE_URL": url}))

    def opencode() -> Agent:
        from hive.agents.acp.agent import Acp

        model = json.dumps({"model": "anthropic/claude-sonnet-4-5"})
        environ = {"ANTHROPIC_API_KEY": "fake", "ANTHROPIC_BASE_URL": f"{url}/v1"}
        return Acp.named("opencode", _given({**environ, "OPENCODE_CONFIG_CONTENT": model}))

    return [("codex", codex), ("gemini", gemini), ("opencode", opencode)]


def _given(environ: dict[str, str], **settings: str) -> Means:
    return Means(
        UserSettings.model_validate({**settings, "command_env": tuple(environ)}), environ, NoSandbox()
    )


async def _interrupted(agent: Agent, fake: FakeModels) -> float:
    """Seconds from the interrupt in the inbox to the end of the turn."""
    with tempfile.TemporaryDirectory() as folder:
        inbox, asked, begun = Mailbox(), len(fake.calls), 0.0
        turn: AsyncGenerator[Report, None] = agent.work(assignment(Path(folder), 0), inbox, Toolbox())
        asking = asyncio.ensure_future(_asked(fake, asked))
        async with aclosing(turn) as reports:
            following = asyncio.ensure_future(anext(reports))
            await asyncio.wait({following, asking}, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.sleep(0.2)  # until it is in the middle of something
            begun = time.perf_counter()
            inbox.queue.put_nowait(Interrupt())
            report = await following
            while report.report != "ended":
                report = await anext(reports)
            seconds = time.perf_counter() - begun
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        return seconds


async def _asked(fake: FakeModels, before: int) -> None:
    while len(fake.calls) <= before:
        await asyncio.sleep(0.005)
