"""Logs for the dashboard to stand on: a hundred agents that talk, and a long history."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from hive import events as e
from hive.events import Draft
from hive.model import Graph, Plan, Policy, Report, Said, Spent, TaskPlan, ToolCalled
from hive.store import Database, SqlEventLog

AGENTS = 100
RATE = 2000
"""Events a second, over all agents."""
TICKS = 20
"""Batches a second in which they are written."""
PAST_RUNS, PAST_EVENTS = 1000, 1000
RUN = "bench"


def created(request: str) -> e.RunCreated:
    """How a run begins."""
    return e.RunCreated(
        request=request, base="a" * 40, target="main", policy=Policy(), graph=Graph(), sandbox="none", trusted=True
    )  # fmt: skip


def begin(log: SqlEventLog) -> None:
    """A run in which every agent works."""
    services = [f"service-{n:03}" for n in range(AGENTS)]
    tasks = tuple(TaskPlan(service=s, role="carrier", reason="", brief="") for s in services)
    head: list[e.Event] = [
        created("add a field"), e.RunPlanned(plan=Plan(request="add a field", base="a" * 40, tasks=tasks)),
        e.PlanApproved(by="b"), e.ContractCommitted(commit="c" * 40, tree="d" * 40),
    ]  # fmt: skip
    log.append(*(Draft(run=RUN, event=event) for event in head))
    for service in services:
        begun = (e.WorkspaceCreated(path="/w", start="c" * 40), e.TurnStarted(turn=1, agent="bench"))
        log.append(*(Draft(run=RUN, service=service, event=event) for event in begun))


def wait_for_person(log: SqlEventLog) -> None:
    """A run whose plan waits for approval, so that nothing is at work and something needs a person."""
    tasks = (TaskPlan(service="users", role="carrier", reason="", brief=""),)
    plan = Plan(request="add a field", base="a" * 40, tasks=tasks)
    log.append(
        *(Draft(run="open", event=event) for event in (created("add a field"), e.RunPlanned(plan=plan)))
    )


def history(log: SqlEventLog) -> None:
    """Runs that are over, with a million events between them."""
    closed = Draft(run="", event=e.RunClosed(outcome="landed"))
    between = _reports(PAST_EVENTS - 2)
    for n in range(PAST_RUNS):
        drafts = [Draft(run="", event=created(f"request {n}")), *between, closed]
        log.append(*(draft.model_copy(update={"run": f"run{n:04}"}) for draft in drafts))


def _reports(count: int) -> list[Draft]:
    def report(n: int) -> Report:
        kinds: Sequence[Report] = (
            Said(text=f"said {n} " + "x" * 100), ToolCalled(tool="read", summary="services/users/model.py"),
            Spent(input_tokens=900, output_tokens=80, cost_usd=0.001), ToolCalled(tool="edit", summary=f"{n}"),
        )  # fmt: skip
        return kinds[n // AGENTS % len(kinds)]

    return [
        Draft(run=RUN, service=f"service-{n % AGENTS:03}", event=e.AgentReported(turn=1, report=report(n)))
        for n in range(count)
    ]


def write(path: str, rate: int, count: int) -> None:
    """So many events, evenly; runs in a process of its own."""
    database = Database.open(Path(path))
    log, batch = SqlEventLog(database), rate // TICKS
    drafts, started = _reports(batch * 40), time.monotonic()
    for n in range(count // batch):
        at = n % 40 * batch
        log.append(*drafts[at : at + batch])
        time.sleep(max(0.0, started + (n + 1) / TICKS - time.monotonic()))
    database.close()


@contextmanager
def writing(path: Path, rate: int, count: int) -> Iterator[subprocess.Popen[bytes]]:
    """The writer at work beside us."""
    code = f"from benchmarks.tui.load import write; write({str(path)!r}, {rate}, {count})"
    nowhere = subprocess.DEVNULL  # Textual owns the terminal
    root = Path(__file__).parents[2]
    writer = subprocess.Popen(
        [sys.executable, "-c", code], cwd=root, stdin=nowhere, stdout=nowhere, stderr=nowhere
    )
    try:
        yield writer
    finally:
        writer.terminate()
        writer.wait()
