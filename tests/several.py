"""A project of three repositories whose changeset is approved and queued: no agent, no engine, only its landing."""

import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from hive.events import (
    Approved,
    ContractCommitted,
    Draft,
    Event,
    LandRequested,
    PlanApproved,
    RunCreated,
    RunPlanned,
    TaskSettled,
    TurnFinished,
    TurnStarted,
    WorkCollected,
    WorkspaceCreated,
)
from hive.model import Contract, Graph, Patch, Plan, Policy, Service, TaskPlan
from hive.orchestrator.context import Context
from hive.orchestrator.layout import Layout
from hive.orchestrator.runs import Runs
from hive.orchestrator.schedule import due
from hive.orchestrator.units import UNITS
from hive.state import RunState
from hive.store import Database, SqlEventLog
from hive.store.cache import EvidenceCache
from hive.workspaces.composed import Composed, Member
from hive.workspaces.repository import UserRepository
from hive.workspaces.sandbox import NoSandbox
from hive.workspaces.store import ObjectStore
from tests.world import contract, git

NAMES = ("contracts", "orders", "users")
FILES = {"contracts": "users.schema.json", "orders": "fields.txt", "users": "fields.txt"}
WAVES = {"users": 0, "orders": 1}
"""The provider first; the contracts go before both."""
AUTHOR = ("-c", "user.name=u", "-c", "user.email=u@example.test")


class Several:
    """The project in a folder, attached to anew by every process that works on it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.layout = folder, Layout(folder / "state")
        self.layout.make()
        members = tuple(Member(name, UserRepository.open(folder / name), "main") for name in NAMES)
        self.user = Composed.open(folder / "home", members, self.layout.objects)
        self.objects = ObjectStore.open(self.layout.objects, self.user)
        self.log = SqlEventLog(Database.open(self.layout.database))
        self.context = Context(
            layout=self.layout, user=self.user, objects=self.objects, log=self.log, runs=Runs(self.log),
            evidence=EvidenceCache(Database.open(self.layout.database)), sandbox=NoSandbox(),
            agent=lambda name: (_ for _ in ()).throw(AssertionError(name)), pauses=(),
        )  # fmt: skip

    @staticmethod
    def make(folder: Path) -> "Several":
        """Three repositories, each with one commit on `main`, which is checked out and clean."""
        (folder / "home").mkdir()
        for name in NAMES:
            (folder / name).mkdir()
            (folder / name / FILES[name]).write_text(contract() if name == "contracts" else "id\n")
            git(folder / name, "init", "-q", "-b", "main")
            git(folder / name, "add", "-A")
            git(folder / name, *AUTHOR, "commit", "-qm", "begin")
        return Several(folder)

    def queue(self, run: str = "r1", field: str = "points", **policy: object) -> None:
        """A run over all three whose every diff is approved; it waits to land."""
        base = self.user.branch_commit("main")
        assert base is not None
        path, text = f"contracts/{FILES['contracts']}", contract(field)
        services = tuple(Service(name=name, path=name, language="text") for name in WAVES)
        plan = Plan(
            request=f"add {field}",
            base=base,
            patches=(Patch(path=path, text=text),),
            tasks=tuple(
                TaskPlan(service=name, wave=wave, role="both", reason="", brief="")
                for name, wave in WAVES.items()
            ),
        )
        created = RunCreated(
            request=plan.request, base=base, target="main", sandbox="none", trusted=False, repositories=NAMES,
            policy=Policy.model_validate({"agent": "scripted", **policy}),
            graph=Graph(services=services, contracts=(Contract(path=path, kind="jsonschema"),)),
        )  # fmt: skip
        date = datetime(2026, 1, 1, tzinfo=UTC)
        start = self.objects.commit_files(base, {path: text.encode()}, "contract", date)
        self.user.pin(run, base)
        self.tell(run, created, RunPlanned(plan=plan), PlanApproved(by="t"))
        self.tell(run, ContractCommitted(commit=start, tree=self.objects.tree_of(start)))
        for name in WAVES:
            new = {f"{name}/{FILES[name]}": f"id\n{field}\n".encode()}
            commit = self.objects.commit_files(start, new, name, date)
            diff = self.objects.diff_digest(start, commit)
            work = WorkCollected(
                turn=1, commit=commit, tree=self.objects.tree_of(commit), diff=diff,
                files=self.objects.diff_stat(start, commit),
            )  # fmt: skip
            self.tell(
                run, WorkspaceCreated(path="gone", start=start), TurnStarted(turn=1, agent="a"),
                TurnFinished(turn=1, outcome="finished"), work, TaskSettled(turn=1, outcome="ready"),
                Approved(diff=diff, by="t"), service=name,
            )  # fmt: skip
        self.tell(run, LandRequested(by="t"))

    def tell(self, run: str, *events: Event, service: str | None = None) -> None:
        """Append events of a run."""
        self.log.append(*(Draft(run=run, service=service, event=event) for event in events))

    def state(self, run: str = "r1") -> RunState:
        """The run as of now."""
        return self.context.state(run)

    def step(self, run: str = "r1") -> RunState:
        """Do the one unit that is due."""
        place = self.context.place(run)
        (unit,) = due(self.state(run), act=place.act if place else None)
        asyncio.run(UNITS[unit.kind](self.context, unit))
        return self.state(run)

    def until(self, *, landed: bool = True, run: str = "r1") -> RunState:
        """Go on until it has landed, or needs a person."""
        for _ in range(20):
            state = self.state(run)
            if state.closed or state.refused or (landed and state.landed) or state.queue_stopped:
                return state
            self.step(run)
        raise AssertionError(f"no end in sight: {self.kinds()[-12:]}")

    def tested(self, run: str = "r1") -> RunState:
        """Go on until its landing is due."""
        while (state := self.state(run)).tested is None:
            self.step(run)
        return state

    def killed(self, fault: str) -> bool:
        """Go on in a process that dies at a point; whether it did."""
        code = f"from tests.several import Several\nfrom pathlib import Path\nSeveral(Path({str(self.folder)!r})).until()"
        root = str(Path(__file__).parents[1])
        env = {**os.environ, "HIVE_FAULT": fault, "PYTHONPATH": root}
        done = subprocess.run(
            [sys.executable, "-c", code], env=env, cwd=root, capture_output=True, check=False
        )
        assert done.returncode in (0, -9), done.stderr.decode()
        return done.returncode == -9

    def commit(self, name: str, path: str = "README", text: str = "meanwhile\n") -> str:
        """Somebody commits to one of the repositories."""
        (self.folder / name / path).write_text(text)
        git(self.folder / name, "add", "-A")
        git(self.folder / name, *AUTHOR, "commit", "-qm", "somebody")
        return git(self.folder / name, "rev-parse", "HEAD")

    def have(self, field: str = "points") -> list[str]:
        """The repositories whose branch has the field."""
        return [n for n in NAMES if field in git(self.folder / n, "show", f"main:{FILES[n]}")]

    def clean(self) -> bool:
        """Whether every checkout is as its branch says, and nothing of hive's is left in the repositories."""
        dirt = [git(self.folder / name, "status", "--porcelain") for name in NAMES]
        refs = [git(self.folder / name, "for-each-ref", "refs/hive", "refs/heads/hive") for name in NAMES]
        return not any(dirt) and not any(refs)

    def kinds(self) -> list[str]:
        """The kinds of all events so far."""
        return [envelope.event.kind for envelope in self.log.read()]
