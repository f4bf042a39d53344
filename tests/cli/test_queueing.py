"""What `hive queue` reads of the log, and what it then knows."""

from pathlib import Path

from hive import events as e
from hive.cli.queueing import _states
from hive.model import Policy
from hive.orchestrator.queue import queue
from hive.store import Database, SqlEventLog
from tests.dashboard.conftest import Story


def test_who_waits_for_a_run_without_money_is_told_so(tmp_path: Path):
    spent = Story("r2").created(policy=Policy(budget_usd=0.1)).planned()
    spent.tell(e.PlanApproved(by="ann"), e.ContractCommitted(commit="b" * 40, tree="d" * 40))
    spent.working("users").done("users").working("orders").working("web")
    behind = Story("r1").landed().envelopes[:-7]
    log = SqlEventLog(Database.open(tmp_path / "hive.db"))
    for each in (*spent.envelopes, *behind):
        log.append(e.Draft(run=each.run, service=each.service, event=each.event))
    log.append(e.Draft(run="r1", event=e.LandRequested(by="ann", after=("r2",))))
    assert queue(_states(log))[0].why == "needs r2, which is not in the queue (it has spent its budget)"
