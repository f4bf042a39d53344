"""The dashboard on a log of the benchmark's; as a program, in whatever terminal it is started in."""

import sys
from pathlib import Path

from hive.cli.screens import SystemClock
from hive.cli.tui_backend import RunsOnDemand, queued
from hive.dashboard.tui.app import show
from hive.dashboard.tui.backend import Backend
from hive.orchestrator.controls import LogControls
from hive.orchestrator.queueing import QueueControls
from hive.store import Database, SqlEventLog


class Nothing:
    """Diffs, engine and files of a project that has none."""

    def of(self, run: object, service: object) -> str:
        """No diff."""
        return ""

    def since(self, *_: object) -> str:
        """No diff."""
        return ""

    def pid(self) -> int:
        """An engine that is always there."""
        return 1

    def wake(self) -> bool:
        """Not needed."""
        return False

    def output(self, run: str, name: str) -> str:
        """No output."""
        return ""

    def edit(self, *_: object) -> None:
        """No file."""


def backend(folder: Path) -> Backend:
    """The log in the folder, and nothing else."""
    log, nothing = SqlEventLog(Database.open(folder / "hive.db")), Nothing()
    return Backend(
        name="bench", person="b", log=log, history=log, controls=LogControls(log, RunsOnDemand(log)),
        steering=QueueControls(log, RunsOnDemand(log)),
        diffs=nothing, engine=nothing, files=nothing, queue=queued, clock=SystemClock(),
        memory=folder / "tui.json",
    )  # fmt: skip


if __name__ == "__main__":
    show(backend(Path(sys.argv[1])), sys.argv[2])
