import asyncio
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from hive.agents.catalog import catalog
from hive.agents.codex.launching import program_missing
from hive.agents.conformance import CASES, NonconformityError, NotApplicableError, Prepared, Site, Stand
from hive.agents.propagate.agent import Propagate
from hive.agents.registry import AGENTS
from hive.agents.requirements import extra_missing
from hive.agents.scripted.agent import Scripted
from hive.agents.scripted.commands import DAEMON
from hive.agents.scripted.script import Script
from hive.agents.session import environment, mark
from hive.model import AddField, ContractField, Ended, Entity, RemoveField, Said
from hive.process import reap, run
from tests.agents.acp.rig import AcpRig, ClaudeAcpRig, CopilotRig, GeminiRig, OpenCodeRig
from tests.agents.anthropic.rig import AnthropicRig
from tests.agents.claude.rig import ClaudeRig
from tests.agents.codex.rig import CodexRig
from tests.agents.command.rig import CommandRig

WRITE = {"do": "write", "path": "model.py", "text": "loyalty_points = 0\n"}
SLEEP = {"do": "run", "argv": [sys.executable, "-c", "import time; time.sleep(1000)"], "timeout": 600}


SCRIPTS = {
    "edits": [[WRITE]],
    "fails": [[{"do": "delete", "path": "missing"}]],
    "reworks": [[WRITE], [{"do": "recite", "what": "feedback"}, WRITE]],
    "lasts": [[{"do": "spawn"}, SLEEP]],
    "spawns": [[{"do": "spawn"}]],
    "floods": [[{"do": "flood", "lines": 200, "width": 5 << 20, "invalid": True}]],
    "listens": [[{"do": "hear"}, {"do": "hear"}, WRITE]],
}


class ScriptedRig:
    """Every behaviour is a script."""

    def prepare(self, behaviour, site):
        if behaviour not in SCRIPTS:
            return None
        script = Script.model_validate({"services": {"*": SCRIPTS[behaviour]}})
        return Prepared(Scripted(script, site.home / "markers"), site.assignment())


class PropagateRig:
    """A small service that carries an entity; propagate starts no process, so it cannot leave one."""

    MODEL = (
        "from dataclasses import dataclass\n\n\n@dataclass\nclass User:\n"
        "    id: str\n    email: str\n    created_at: str\n"
    )

    def prepare(self, behaviour, site):
        if behaviour in ("spawns", "floods", "denied", "truncated", "interruptible"):
            return None
        copies = 200 if behaviour == "lasts" else 1
        for number in range(copies):
            (site.service / f"model{number}.py").write_text(self.MODEL)
        entity = Entity(
            name="User",
            contract="contracts/users.openapi.yaml",
            pointer="/components/schemas/User",
            fields=tuple(
                ContractField(name=name, type="string") for name in ("id", "email", "created_at", "nickname")
            ),
        )
        intent = AddField(entity="User", name="nickname", type="string")
        if behaviour == "fails":
            intent = RemoveField(entity="User", name="email")
        assignment = site.assignment(intent=intent, entity=entity, siblings=("created_at", "email", "id"))
        return Prepared(Propagate(), assignment, feedback="users/model0.py:9: TypeError: nickname")


RIGS = {
    "scripted": ScriptedRig,
    "propagate": PropagateRig,
    "anthropic": AnthropicRig,
    "claude": ClaudeRig,
    "codex": CodexRig,
    "command": CommandRig,
    "acp": AcpRig,
    "claude-agent-acp": ClaudeAcpRig,
    "gemini": GeminiRig,
    "opencode": OpenCodeRig,
    "copilot": CopilotRig,
}


MISSING = {
    "anthropic": lambda: extra_missing("anthropic", "anthropic"),
    "claude": lambda: extra_missing("claude_agent_sdk", "claude"),
    "codex": program_missing,
    "acp": lambda: extra_missing("acp", "acp"),
    **{name: AGENTS[name].available for name in catalog()},
}


def test_every_registered_adapter_has_a_rig():
    assert set(RIGS) == set(AGENTS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("adapter", RIGS)
def test_the_adapter_conforms(adapter, case, tmp_path):
    with ExitStack() as stack:
        if missing := MISSING.get(adapter, lambda: None)():
            pytest.skip(missing)
        rig = RIGS[adapter]()
        if hasattr(rig, "__enter__"):
            rig = stack.enter_context(rig)
        try:
            asyncio.run(case.check(Stand(rig, tmp_path)))
        except NotApplicableError as error:
            pytest.skip(error.message)


class Broken:
    """An agent that does one thing wrong."""

    def __init__(self, work):
        self._work = work

    def work(self, assignment, inbox, tools):
        return self._work(assignment)


async def ends_twice(assignment):
    yield Ended(outcome="finished")
    yield Ended(outcome="finished")


async def never_ends(assignment):
    yield Said(text="bye")


async def talks_on(assignment):
    yield Ended(outcome="finished")
    yield Said(text="one more thing")


async def claims_only(assignment):
    yield Ended(outcome="finished")


async def leaves_the_workspace(assignment):
    (Path(assignment.workspace) / "users/way_out.txt").write_text("x")
    yield Ended(outcome="finished")


async def says_what_json_cannot(assignment):
    yield Said(text="\ud800")
    yield Ended(outcome="finished")


async def says_too_much(assignment):
    yield Said(text="x" * 100_000)
    yield Ended(outcome="finished")


async def fails_silently(assignment):
    yield Ended(outcome="failed", reason=" ")


async def piles_up(assignment):
    hoard = [bytes(1 << 20) for _ in range(100)]
    for _ in hoard:
        yield Said(text="x")
    yield Ended(outcome="finished")


async def leaves_a_process(assignment):
    daemon = [sys.executable, "-c", DAEMON, "1000"]
    run(daemon, cwd=Path(assignment.workspace), env=environment(assignment))
    yield Ended(outcome="finished")


@pytest.mark.parametrize(
    ("work", "case", "message"),
    [
        (ends_twice, "ends exactly once", r"'ended' came as reports \[1, 2\] of 2"),
        (never_ends, "ends exactly once", r"'ended' came as reports \[\] of 1"),
        (talks_on, "ends exactly once", r"'ended' came as reports \[1\] of 2"),
        (claims_only, "ends exactly once", "no file of the service was changed"),
        (leaves_the_workspace, "ends exactly once", "outside the workspace these were touched.*kept.txt"),
        (says_what_json_cannot, "ends exactly once", "cannot be written as JSON"),
        (says_too_much, "ends exactly once", "a report has 1000.. bytes"),
        (fails_silently, "fails with a reason", "needs a reason"),
        (piles_up, "slow reader", "bytes were held for a slow reader"),
        (leaves_a_process, "leaves no process behind", "outlived the turn"),
    ],
)
def test_the_suite_finds_an_adapter_that_does_it_wrong(work, case, message, tmp_path):
    class Rig:
        def prepare(self, behaviour, site):
            return Prepared(Broken(work), site.assignment())

    (chosen,) = [each for each in CASES if case in each.name]
    try:
        with pytest.raises(NonconformityError, match=message):
            asyncio.run(chosen.check(Stand(Rig(), tmp_path)))
    finally:
        reap(mark(Site(tmp_path / "site").assignment()))
