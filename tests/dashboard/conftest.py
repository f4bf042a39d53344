"""A run told as events, as far as a test needs it, and consoles that record what they show."""

import os
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from hive import events as e
from hive.model import (
    Change,
    Contract,
    Edge,
    Evidence,
    FileStat,
    Graph,
    Patch,
    Plan,
    Policy,
    Said,
    Service,
    Spent,
    TaskPlan,
    ToolCalled,
    Unplaced,
)
from hive.state import RunState, fold

START = datetime(2026, 1, 2, 12, 0, 0, tzinfo=UTC)
GRAPH = Graph(
    services=tuple(
        Service(name=name, path=f"services/{name}", language=language, test="pytest -q")
        for name, language in (("users", "python"), ("orders", "go"), ("web", "typescript"))
    ),
    contracts=(Contract(path="contracts/users.openapi.yaml", kind="openapi", owner="users"),),
    edges=(
        Edge(
            source="orders", target="users", contract="contracts/users.openapi.yaml", evidence="client.go:7"
        ),
        Edge(source="web", target="orders"),
        Edge(source="web", target="users"),
    ),
    event_edges=(Edge(source="orders", target="users"),),
)
PLAN = Plan(
    request="add loyalty_points field",
    base="a" * 40,
    assumptions=("User, carried by 3 services; --to chooses another",),
    patches=(Patch(path="contracts/users.openapi.yaml", text="openapi: 3.1.0\n"),),
    changes=(
        Change(
            element="contracts/users.openapi.yaml#/components/schemas/User/properties/loyalty_points",
            kind="added",
            direction="response",
            severity="compatible",
            rule="response-optional-property-added",
            message="added the optional property `loyalty_points`",
            affected=("GET /users/{id}",),
        ),
    ),
    tasks=(
        TaskPlan(service="users", wave=0, role="provider", reason="provides User", brief="Add it."),
        TaskPlan(service="orders", wave=1, role="consumer", reason="reads User", brief="Read it."),
        TaskPlan(service="web", wave=1, role="carrier", reason="shows User", brief="Show it."),
    ),
)
EVIDENCE = Evidence(
    check="tests", service="users", outcome="passed", command="pytest -q", exit_code=0, seconds=0.84,
    collected=14, passed=14, failed=0, skipped=0, tree="c" * 40,
)  # fmt: skip


class Story:
    """Events of one run, a second apart."""

    def __init__(self, run: str = "r7f3", first: int = 1) -> None:
        self.run = run
        self.envelopes: list[e.Envelope] = []
        self.first = first

    def tell(self, *told: e.Event, service: str | None = None) -> "Story":
        for event in told:
            seq = self.first + len(self.envelopes)
            at = START + timedelta(seconds=len(self.envelopes))
            self.envelopes.append(e.Envelope(seq=seq, run=self.run, service=service, at=at, event=event))
        return self

    def created(self, **changed: object) -> "Story":
        values = {
            "request": PLAN.request, "base": "a" * 40, "target": "main", "policy": Policy(), "graph": GRAPH,
            "sandbox": "bubblewrap", "trusted": True,
        }  # fmt: skip
        return self.tell(e.RunCreated.model_validate(values | changed))

    def planned(self, plan: Plan = PLAN) -> "Story":
        return self.tell(e.RunPlanned(plan=plan))

    def begun(self) -> "Story":
        self.created().planned()
        return self.tell(e.PlanApproved(by="ann"), e.ContractCommitted(commit="b" * 40, tree="d" * 40))

    def working(self, service: str, turn: int = 1) -> "Story":
        return self.tell(
            e.WorkspaceCreated(path=f"/w/{service}", start="b" * 40),
            e.TurnStarted(turn=turn, agent="propagate"),
            e.AgentReported(turn=turn, report=ToolCalled(tool="parse", summary="12 files")),
            service=service,
        )

    def done(self, service: str, turn: int = 1, evidence: Evidence = EVIDENCE) -> "Story":
        files = (
            FileStat(path=f"services/{service}/model.py", status="modified", added=12, removed=2),
            FileStat(path=f"services/{service}/new.py", status="added", added=5, removed=0),
        )
        return self.tell(
            e.AgentReported(turn=turn, report=Unplaced(path="a.sql", line=3, reason="no column list")),
            e.AgentReported(turn=turn, report=Spent(input_tokens=100, output_tokens=10, cost_usd=0.12)),
            e.TurnFinished(turn=turn, outcome="finished"),
            e.WorkCollected(turn=turn, commit="e" * 40, tree="f" * 40, diff=f"diff-{turn}", files=files),
            e.ScopeGuarded(turn=turn, diff=f"diff-{turn}"),
            e.CheckStarted(check="tests", turn=turn, command="pytest -q"),
            e.CheckFinished(turn=turn, evidence=evidence),
            e.TaskSettled(turn=turn, outcome="ready" if evidence.outcome == "passed" else "stuck",
                          reason="" if evidence.outcome == "passed" else "tests failed 3 times"),
            service=service,
        )  # fmt: skip

    def middle(self) -> "Story":
        """users waits for review, orders is stuck, web works."""
        failing = EVIDENCE.model_copy(update={"outcome": "failed", "passed": 3, "failed": 1, "skipped": 2})
        self.begun().working("users").done("users").working("orders").done("orders", evidence=failing)
        return self.working("web").tell(
            e.AgentReported(turn=1, report=Said(text="following created_at")), service="web"
        )

    def landed(self) -> "Story":
        self.begun()
        for service in ("users", "orders", "web"):
            self.working(service).done(service).tell(e.Approved(diff="diff-1", by="ann"), service=service)
        return self.tell(
            e.LandRequested(by="ann"),
            e.ChangesetMerged(onto="a" * 40, commit="1" * 40, tree="2" * 40),
            e.CheckFinished(evidence=EVIDENCE),
            e.ChangesetTested(commit="1" * 40, tree="2" * 40, passed=True),
            e.LandingStarted(ref="refs/heads/main", old="a" * 40, new="1" * 40),
            e.Landed(ref="refs/heads/main", old="a" * 40, new="1" * 40, tree="2" * 40),
            e.RunClosed(outcome="landed"),
        )

    @property
    def state(self) -> RunState:
        return fold(self.envelopes)[self.run]

    @property
    def now(self) -> datetime:
        return START + timedelta(seconds=len(self.envelopes))


HOSTILE = (
    "\x1b]0;owned\x07\x1b[2J[@click=app.quit]x[/] [red]m[/red] \u202eevil\u2066 日本語 \x9b31m\x07 :boom:"
)
"""Escape sequences, markup, bidirectional controls, wide characters, an emoji code."""


@pytest.fixture
def story():
    return Story


@pytest.fixture
def hostile():
    return HOSTILE


@pytest.fixture
def screen(monkeypatch):
    """What a renderable looks like on a terminal of that size, as text without styles."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)

    def show(renderable, width: int = 80, height: int = 24, styles: bool = False) -> str:
        console = Console(
            record=True, width=width, height=height, file=StringIO(), force_terminal=True,
            color_system="truecolor", legacy_windows=False, _environ={},
        )  # fmt: skip
        console.print(renderable)
        return console.export_text(styles=styles)

    return show


@pytest.fixture
def golden():
    """Compares a picture with the committed one; GOLDEN=write writes it instead."""

    def compare(name: str, shown: str) -> None:
        file = Path(__file__).parent / "golden" / f"{name}.txt"
        text = "\n".join(line.rstrip() for line in shown.splitlines()).rstrip() + "\n"
        if os.environ.get("GOLDEN") == "write":
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
        assert text == file.read_text()

    return compare


@pytest.fixture
def harmless():
    """Asserts that a picture carries nothing of the hostile text but harmless characters."""

    def check(shown: str) -> None:
        for forbidden in ("\x1b]", "\x1b[2J", "\x07", "\x9b", "\u202e", "\u2066", "💥"):
            assert forbidden not in shown
        assert "[@click=app.quit]" in shown

    return check
