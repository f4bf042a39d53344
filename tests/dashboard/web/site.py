"""A web server on loopback in a thread, with clients that say exactly what a test wants said."""

import asyncio
import http.client
import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from websockets.sync.client import ClientConnection, connect

from hive.cli.serving import Opening, Serving, prepare
from hive.cli.tui_backend import queued
from hive.dashboard.show.queue import Queued
from hive.dashboard.web.access import CSRF_HEADER
from hive.dashboard.web.bench import AgentChoice, Bench, Choices, Outline, Proposal
from hive.dashboard.web.keys import Session
from hive.dashboard.web.role import Role
from hive.dashboard.web.wish import Offering, Question, Wish
from hive.errors import HiveError, UsageError
from hive.events import BranchOffered, Draft, Envelope, LandRequested, RunCreated, RunPlanned
from hive.model import Graph, Plan, Policy
from hive.orchestrator.controls import LogControls
from hive.orchestrator.queueing import QueueControls
from hive.orchestrator.runs import Runs
from hive.state import Proposal as ContractProposal
from hive.state import RunState
from hive.store import Database, SqlEventLog
from tests.dashboard.conftest import GRAPH, PLAN, Story

NOTHING = Outline((), ())
CHOICES = Choices((AgentChoice("propagate", "follows an example", None),), "propagate", "auto", {})


@dataclass
class Told:
    """Stands in for git, the planner and the engine: it says what it was told to say."""

    log: SqlEventLog
    diff: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    proposal: str = ""
    contents: Outline = NOTHING
    chosen: Choices = CHOICES
    graphed: Graph = GRAPH
    branches: tuple[str, ...] = ("fix-rounding",)
    woken: int = 0
    runs: int = 0

    def of(self, run: RunState, service: str | None) -> str:
        return self.diff

    def since(self, run: RunState, service: str, old: str) -> str:
        return f"since {old}\n"

    def output(self, run: str, name: str) -> str:
        if name not in self.outputs:
            raise HiveError(f"no {name!r}", next_step="retry")
        return self.outputs[name]

    def pid(self) -> int | None:
        return 4711

    def wake(self) -> bool:
        self.woken += 1
        return False

    def graph(self) -> Graph:
        return self.graphed

    def proposed(self, run: RunState, proposal: ContractProposal) -> str:
        return self.proposal

    def outline(self, path: str) -> Outline:
        return self.contents

    def choices(self) -> Choices:
        return self.chosen

    def propose(self, question: Question) -> Proposal:
        if "field" not in question.request:
            raise UsageError(f"{question.request!r} is not understood", next_step='say "add … field"')
        return Proposal(PLAN.model_copy(update={"request": question.request}), GRAPH, "main")

    def begin(self, wish: Wish) -> str:
        plan: Plan = self.propose(wish).plan
        self.runs += 1
        name = f"new{self.runs}"
        created = RunCreated(
            request=wish.request, base=plan.base, target="main", policy=Policy(), graph=GRAPH,
            sandbox="none", trusted=True,
        )  # fmt: skip
        self.log.append(Draft(run=name, event=created), Draft(run=name, event=RunPlanned(plan=plan)))
        return name

    def offer(self, offering: Offering, *, by: str) -> str:
        if offering.branch not in self.branches:
            raise UsageError(f"there is no branch {offering.branch!r}", next_step="git branch lists them")
        self.runs += 1
        name = f"new{self.runs}"
        created = RunCreated(
            request=f"branch {offering.branch}", base="a" * 40, target="main", policy=Policy(), graph=GRAPH,
            sandbox="none", trusted=True,
        )  # fmt: skip
        offered = BranchOffered(branch=offering.branch, commit="7" * 40, diff="d", by=by)
        asked = LandRequested(by=by, priority=offering.priority, after=offering.after)
        self.log.append(*(Draft(run=name, event=event) for event in (created, offered, asked)))
        return name

    def queue(self, runs: Iterable[RunState]) -> Sequence[Queued]:
        return queued(runs)

    def now(self) -> Any:
        raise NotImplementedError


def make_log(folder: Path) -> SqlEventLog:
    """An event log of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    return SqlEventLog(Database.open(folder / "hive.db"))


def tell(log: SqlEventLog, envelopes: Iterable[Envelope]) -> list[Envelope]:
    """Write a story down; the log gives it its places."""
    return log.append(*(Draft(run=e.run, service=e.service, event=e.event) for e in envelopes))


def make_bench(log: SqlEventLog, told: Told, name: str = "shop") -> Bench:
    """A project that is told what it is."""
    runs = Runs(log)
    controls = LogControls(log, runs)
    return Bench(
        name=name, person="ann", log=log, history=log, controls=controls, diffs=told, engine=told, files=told,
        starting=told, branches=told, lookup=told, steering=QueueControls(log, runs), queue=told.queue, clock=told,
    )  # fmt: skip


class Answer(NamedTuple):
    """A response."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Site:
    """A server that runs, and ways to speak to it."""

    serving: Serving
    log: SqlEventLog
    told: Told
    port: int

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def origin(self) -> str:
        return f"http://{self.host}"

    def raw(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        """Just this, with no key and no headers of its own but Host."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            sent = {"Host": self.host, **({"Content-Length": str(len(body))} if body is not None else {})}
            for name, value in (sent | (headers or {})).items():
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def session(self, role: Role = Role.OPERATOR) -> Session:
        """Somebody who came by a link."""
        found = self.serving.entry.keys.redeem(self.serving.entry.keys.link(role, "ann"))
        assert found
        return found

    def browser(self, role: Role = Role.OPERATOR) -> dict[str, str]:
        """What a page of this server sends along."""
        session, entry = self.session(role), self.serving.entry
        return {
            "Cookie": f"{entry.cookie}={entry.keys.cookie(session)}",
            "Origin": self.origin,
            "Content-Type": "application/json",
            CSRF_HEADER: entry.keys.csrf(session),
        }

    def token(self, role: Role = Role.OPERATOR) -> dict[str, str]:
        """What a program sends along."""
        return {"Authorization": f"Bearer {self.serving.entry.keys.token(role)}"}

    def get(self, path: str, **headers: str) -> Answer:
        """As a program."""
        return self.raw("GET", path, self.token() | headers)

    def post(self, path: str, body: object = None, role: Role = Role.OPERATOR) -> Answer:
        """As a page."""
        return self.raw("POST", path, self.browser(role), json.dumps({} if body is None else body).encode())

    def socket(self, path: str = "/api/v1/live", **headers: str) -> ClientConnection:
        """A WebSocket; as a program unless other headers are given."""
        return connect(
            f"ws://{self.host}{path}",
            additional_headers=headers or self.token(),
            compression=None,
            proxy=None,
            max_size=None,
            open_timeout=20,
        )


@contextmanager
def serve(folder: Path, log: SqlEventLog, told: Told | None = None, port: int = 0) -> Iterator[Site]:
    """Serve a log until the block ends; the same folder keeps the same keys."""
    told = told or Told(log)
    with prepare(folder, make_bench(log, told), Opening(port=port)) as serving:
        thread = threading.Thread(target=lambda: asyncio.run(serving.run()), daemon=True)
        thread.start()
        site = Site(serving, log, told, serving.listener.getsockname()[1])
        while site.raw("GET", "/health/ready").status != 200 or serving.hub.board.folding:
            assert thread.is_alive()
        try:
            yield site
        finally:
            serving.uvicorn.should_exit = True
            thread.join(20)
            assert not thread.is_alive()


def story() -> Story:
    """A run in which one service is ready for review and another one works."""
    return Story().begun().working("users").done("users").working("orders")
