"""What the terminal dashboard is given, made of one project's parts."""

import os
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from hive.cli.compose import Project, person
from hive.cli.screens import SystemClock
from hive.dashboard.show.queue import Queued
from hive.dashboard.tui.backend import Backend
from hive.errors import HiveError
from hive.orchestrator import queue as merge_queue
from hive.orchestrator.controls import LogControls
from hive.orchestrator.daemon import engine_pid, ensure_engine
from hive.orchestrator.queueing import QueueControls
from hive.orchestrator.runs import Runs
from hive.process import attended
from hive.state import RunState, advance
from hive.text import decode

MOST_OUTPUT = 1 << 20
"""Bytes of a check's output that are read, from its end."""


def backend(project: Project) -> Backend:
    """The project, as the dashboard reaches it."""
    return Backend(
        name=project.name,
        person=person(),
        log=project.log,
        history=project.log,
        controls=LogControls(project.log, RunsOnDemand(project.log)),
        diffs=ObjectDiffs(project),
        engine=BackgroundEngine(project),
        files=RunFiles(project),
        steering=QueueControls(project.log, RunsOnDemand(project.log)),
        queue=queued,
        clock=SystemClock(),
        memory=project.layout.root / "tui.json",
    )


def queued(runs: Iterable[RunState]) -> Sequence[Queued]:
    """The merge queue, as the screens show it."""
    return [Queued(**item._asdict()) for item in merge_queue.queue(runs)]


class RunsOnDemand(Runs):
    """Folds only the runs that somebody decides on: a long history costs nothing."""

    def refresh(self) -> frozenset[str]:
        """Take in what is new of the runs that are known."""
        news = (self._log.read(after=state.seq, run=run) for run, state in list(self._states.items()))
        return advance(self._states, chain.from_iterable(news))

    def get(self, run: str) -> RunState:
        """A run by its id. Raises UsageError when there is none."""
        if run not in self._states:
            advance(self._states, self._log.read(run=run))
        return super().get(run)


@dataclass(frozen=True)
class ObjectDiffs:
    """Diffs from hive's own repository."""

    project: Project

    def of(self, run: RunState, service: str | None) -> str:
        """A service's work against the contract commit; without a service, the contract against the base."""
        from hive.cli.diffing import diff_text

        if service is not None and service not in run.tasks:
            return ""
        return diff_text(self.project, run, service)

    def since(self, run: RunState, service: str, old: str) -> str:
        """What has changed in a service's work since that commit of it."""
        from hive.workspaces.store import ObjectStore

        work = run.tasks[service].work if service in run.tasks else None
        if work is None:
            return ""
        return ObjectStore.open(self.project.layout.objects, self.project.user).diff(old, work.commit)


@dataclass(frozen=True)
class BackgroundEngine:
    """The engine that every command shares."""

    project: Project

    def pid(self) -> int | None:
        """Which process works."""
        return engine_pid(self.project.layout)

    def wake(self) -> bool:
        """Start it unless it works."""
        return ensure_engine(self.project.layout, self.project.user.root)


@dataclass(frozen=True)
class RunFiles:
    """Outputs of checks, and files in workspaces or in the person's checkout."""

    project: Project

    def output(self, run: str, name: str) -> str:
        """The end of a check's whole output."""
        folder = self.project.layout.outputs(run)
        path = _inside(folder, name)
        try:
            with path.open("rb") as file:
                file.seek(max(0, path.stat().st_size - MOST_OUTPUT))
                return decode(file.read(MOST_OUTPUT))
        except OSError as error:
            raise HiveError(
                f"cannot read {str(path)!r}: {error.strerror}", next_step="run the check again: retry"
            ) from error

    def edit(self, run: RunState, service: str | None, path: str, line: int | None) -> None:
        """Open the agent's version while its workspace is there, else the person's own file."""
        task = run.tasks.get(service) if service else None
        roots = [Path(task.workspace)] if task and task.workspace else []
        for root in (*roots, Path(self.project.user.root)):
            found = _inside(root, path)
            if found.is_file():
                attended(editor(os.environ, found, line), cwd=Path(self.project.user.root))
                return
        raise HiveError(f"there is no file {path!r} to open", next_step="open another line of the diff")


def _inside(folder: Path, name: str) -> Path:
    """The path, without a link or `..` that leads out of the folder. Raises HiveError when there is one."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise HiveError(f"{name!r} leads out of {str(folder)!r}", next_step="look at it by hand, with care")
    return path


def editor(environment: Mapping[str, str], path: Path, line: int | None) -> list[str]:
    """The argv of the person's editor, at a line where it is known how to say that."""
    words = shlex.split(environment.get("VISUAL") or environment.get("EDITOR") or "vi")
    name = Path(words[0]).name
    if line is None:
        return [*words, str(path)]
    if name in ("code", "codium", "cursor"):
        return [*words, "--goto", f"{path}:{line}"]
    if name in ("hx", "zed", "subl"):
        return [*words, f"{path}:{line}"]
    return [*words, f"+{line}", str(path)]
