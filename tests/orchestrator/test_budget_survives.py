"""One budget over a `kill -9`: a real process, the in-process agent, a fake model with prices."""

import dataclasses
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("anthropic", reason="the package 'anthropic' is not installed")

from hive.agents.anthropic.agent import Anthropic
from hive.agents.anthropic.prices import Tokens, cost
from hive.testing import Reply, Script, ToolUse, Usage, serving
from hive.workspaces.sandbox import NoSandbox
from tests.agents.means import means
from tests.world import World

CALL = cost("claude-sonnet-5-5", Tokens(input=100, output=10_000))
KILLED = "from tests.orchestrator.test_budget_survives import work; import sys; work(*sys.argv[1:])"


def attached(folder: Path, url: str) -> World:
    """The project with the in-process agent, its budgets known to the engine, as the command line does it."""
    made = means(url)
    agent = Anthropic.with_means(made)
    world = World.attach(folder, lambda name: agent, NoSandbox())
    return dataclasses.replace(world, context=dataclasses.replace(world.context, budgets=made.budgets))


def work(folder: str, url: str) -> None:
    """In a process of its own: until it is killed."""
    attached(Path(folder), url).work(lambda state: False)


def test_overspends_by_one_call_at_most_though_it_was_killed(tmp_path: Path):
    loop = Reply(
        blocks=(ToolUse(name="read", input={"file_path": "fields.txt"}),),
        usage=Usage(input_tokens=100, output_tokens=10_000),
    )
    held = loop.model_copy(update={"hold": "killed"})
    with serving(Script.of(loop, loop, held, *[loop] * 20)) as fake:
        World.make(tmp_path, {}).begin(
            trusted=False, agent="anthropic", budget_usd=6.5 * CALL, max_parallel=1, idle_timeout=60
        )
        child = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(tmp_path), fake.url], cwd=Path(__file__).parents[2]
        )
        while len(fake.calls) < 3:
            assert child.poll() is None
            time.sleep(0.01)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        fake.release("killed")
        world = attached(tmp_path, fake.url)
        assert world.state().cost_usd == pytest.approx(2 * CALL)
        state = world.work(lambda state: state.phase == "paused")
        assert state.needs[0].what == "budget"
        assert state.cost_usd == pytest.approx(7 * CALL)
        assert len(fake.calls) == 8
