"""A small real project with an engine on it: real git, real SQLite, real test commands, a scripted agent."""

import asyncio
import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hive.agents.scripted.agent import Scripted
from hive.agents.scripted.script import Script
from hive.contracts import edit
from hive.events import Draft, PlanApproved, RunCreated, RunPlanned
from hive.model import AddField, Contract, Edge, Graph, Patch, Plan, Policy, Service, TaskPlan
from hive.orchestrator.context import Context
from hive.orchestrator.controls import LogControls
from hive.orchestrator.durable import Durable, InlineDurable
from hive.orchestrator.engine import Engine
from hive.orchestrator.layout import Layout
from hive.orchestrator.runs import Runs
from hive.ports import Agent, Sandbox
from hive.state import RunState
from hive.store import Database, SqlEventLog
from hive.store.cache import EvidenceCache
from hive.workspaces.repository import UserRepository
from hive.workspaces.sandbox import NoSandbox
from hive.workspaces.store import ObjectStore

CONTRACT = "contracts/users.schema.json"
OLD = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "User", "type": "object",
       "properties": {"id": {"type": "string"}}}  # fmt: skip
TESTS = """import json, pathlib, unittest
class FieldsTest(unittest.TestCase):
    def test_code_and_contract_agree(self):
        root = pathlib.Path(__file__).parents[2]
        fields = set(json.loads((root / "contracts/users.schema.json").read_text())["properties"])
        self.assertEqual(fields, set(pathlib.Path("fields.txt").read_text().split()))
"""
SERVICES = ("orders", "users")


def git(folder: Path, *arguments: str) -> str:
    """git as the user would run it."""
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def contract(*fields: str) -> str:
    """The contract with these fields."""
    properties = {name: {"type": "string"} for name in ("id", *fields)}
    return json.dumps(OLD | {"properties": properties}, indent=2) + "\n"


def add_field(name: str = "points") -> list[dict[str, object]]:
    """A turn that makes the code agree with the contract again."""
    return [{"do": "write", "path": "fields.txt", "text": f"id {name}\n"}]


@dataclass
class World:
    """The project, and everything that a run on it needs."""

    root: Path
    layout: Layout
    user: UserRepository
    log: SqlEventLog
    runs: Runs
    controls: LogControls
    context: Context

    @classmethod
    def make(
        cls,
        folder: Path,
        script: dict[str, list[list[dict[str, object]]]],
        *,
        sandbox: Sandbox | None = None,
        agent: Callable[[str], Agent] | None = None,
    ) -> "World":
        """A repository of two services, whose tests hold their code against a shared contract."""
        root = folder / "project"
        for service in SERVICES:
            (root / "services" / service).mkdir(parents=True)
            (root / "services" / service / "fields.txt").write_text("id\n")
            (root / "services" / service / "test_fields.py").write_text(TESTS)
        (root / "contracts").mkdir()
        (root / CONTRACT).write_text(contract())
        git(root, "init", "-q", "-b", "main")
        git(root, "add", "-A")
        git(root, "-c", "user.name=u", "-c", "user.email=u@example.test", "commit", "-qm", "begin")
        scripted = Scripted(Script.model_validate({"services": script}), folder / "markers")
        return cls.attach(folder, agent or (lambda name: scripted), sandbox or NoSandbox())

    @classmethod
    def attach(cls, folder: Path, agent: Callable[[str], Agent], sandbox: Sandbox) -> "World":
        """Another process's view of the same project."""
        root, layout = folder / "project", Layout(folder / "state")
        user = UserRepository.open(root)
        layout.make()
        log = SqlEventLog(Database.open(layout.database))
        runs = Runs(log)
        context = Context(
            layout=layout,
            user=user,
            objects=ObjectStore.open(layout.objects, user),
            log=log,
            runs=Runs(log),
            evidence=EvidenceCache(Database.open(layout.database)),
            sandbox=sandbox,
            agent=agent,
        )
        return cls(root, layout, user, log, runs, LogControls(log, runs), context)

    def begin(
        self,
        *,
        run: str = "r1",
        trusted: bool = True,
        approved: bool = True,
        edges: tuple[Edge, ...] = (),
        contracts: tuple[Contract, ...] = (),
        intent: AddField | None = None,
        **policy: object,
    ) -> str:
        """A run whose plan adds the field `points` (or that of the intent) to the contract, over both services."""
        services = tuple(
            Service(name=name, path=f"services/{name}", language="python", test="python3 -m unittest")
            for name in SERVICES
        )
        known = Contract(path=CONTRACT, kind="jsonschema", owner="users")
        graph = Graph(services=services, contracts=(known, *contracts), edges=edges)
        base = self.user.head()
        tasks = tuple(
            TaskPlan(service=name, role="provider", reason="", brief="Add points.") for name in SERVICES
        )
        text = contract("points")
        if intent:
            text = edit("jsonschema", CONTRACT, (self.root / CONTRACT).read_bytes(), intent).decode()
        request = f"add {intent.name if intent else 'points'}"
        patches = (Patch(path=CONTRACT, text=text),)
        plan = Plan(request=request, base=base, tasks=tasks, patches=patches, intent=intent)
        created = RunCreated(
            request=request,
            base=base,
            target="main",
            policy=Policy.model_validate({"agent": "scripted", **policy}),
            graph=graph,
            sandbox=self.context.sandbox.name,
            trusted=trusted,
        )
        events = [created, RunPlanned(plan=plan), *([PlanApproved(by="test")] if approved else [])]
        self.log.append(*(Draft(run=run, event=event) for event in events))
        return run

    def state(self, run: str = "r1") -> RunState:
        """The run as of now."""
        self.runs.refresh()
        return self.runs.get(run)

    def work(
        self, until: Callable[[RunState], bool], *, run: str = "r1", durable: Durable | None = None
    ) -> RunState:
        """Let an engine work until the run is as wanted; a run that fails ends the waiting too."""

        async def together() -> None:
            engine = Engine(self.context, durable or InlineDurable())
            serving = asyncio.create_task(engine.serve())
            try:
                async with asyncio.timeout(120):
                    async for _ in self.log.follow():
                        state = self.state(run)
                        if until(state) or state.failed:
                            return
            finally:
                serving.cancel()
                await asyncio.gather(serving, return_exceptions=True)

        asyncio.run(together())
        return self.state(run)

    def landed_file(self, path: str) -> str:
        """A file as it is on the target branch."""
        return git(self.root, "show", f"main:{path}")

    def litter(self) -> list[str]:
        """What a finished run should not have left: workspaces, scratch, refs that pin."""
        refs = git(self.root, "for-each-ref", "--format=%(refname)", "refs/hive").split()
        folders = [
            p
            for kind in ("workspaces", "scratch", "homes", "sessions")
            for p in (self.layout.root / kind).glob("*/*")
        ]
        return [*refs, *(os.fspath(p) for p in folders)]
