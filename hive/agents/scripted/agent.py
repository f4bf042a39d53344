"""The agent that plays a script, with barriers that a test or a demonstration releases by name."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from typing import NamedTuple, Self

from hive.agents.scripted.actions import (
    Action,
    Append,
    Ask,
    Claim,
    Delete,
    End,
    Flood,
    Git,
    LeaveUnplaced,
    Recite,
    Run,
    Say,
    Spawn,
    Spend,
    Symlink,
    Write,
)
from hive.agents.scripted.asking import asked
from hive.agents.scripted.barriers import waited
from hive.agents.scripted.commands import commanded
from hive.agents.scripted.edits import edited
from hive.agents.scripted.place import SCRIPT_VARIABLE, script_path
from hive.agents.scripted.script import Script, Turn, load
from hive.agents.scripted.stage import Stage
from hive.agents.scripted.words import flooded, spoken
from hive.agents.session import bounded, leave_nothing
from hive.errors import HiveError, UsageError
from hive.model import Assignment, Ended, Report
from hive.ports import Inbox, Tools


class Played(NamedTuple):
    """An action that was begun."""

    run: str
    service: str
    turn: int
    number: int
    """1-based, in the turn."""
    action: Action


class Scripted:
    """Plays its script, turn by turn; `played` tells what was begun, the journal file what was ended too."""

    def __init__(self, script: Script, markers: Path, source: str = "the script") -> None:
        self.script = script
        self.markers = markers
        self.source = source
        self.played: list[Played] = []

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Raises UsageError when the file is missing or is no script."""
        script = load(path)
        return cls(script, path.parent / script.markers, str(path))

    @classmethod
    def from_environment(cls) -> Self:
        """Raises UsageError when the environment names no script, or a wrong one."""
        path = script_path()
        if path is None:
            raise UsageError(
                "the agent 'scripted' has no script",
                next_step=f"let {SCRIPT_VARIABLE} name a JSON or TOML script",
            )
        return cls.from_file(path)

    async def work(self, assignment: Assignment, inbox: Inbox, tools: Tools) -> AsyncGenerator[Report, None]:
        """Play one turn; what goes wrong in it ends it `failed`, but for a `crash`, which breaks out."""
        turn = self.script.turn(assignment.service.name, assignment.turn)
        if turn is None:
            reason = f"{self.source} has no part for the service {assignment.service.name!r}"
            yield Ended(outcome="failed", reason=bounded(reason))
            return
        try:
            async with aclosing(self._play(turn, assignment, inbox, tools)) as reports:
                async for report in reports:
                    yield report
        finally:
            if not any(isinstance(action, Spawn) and action.abandoned for action in turn):
                await leave_nothing(assignment)

    async def _play(
        self, turn: Turn, assignment: Assignment, inbox: Inbox, tools: Tools
    ) -> AsyncGenerator[Report, None]:
        stage = Stage(assignment, self.markers)
        for number, action in enumerate(turn, 1):
            self.played.append(
                Played(assignment.run, assignment.service.name, assignment.turn, number, action)
            )
            stage.journal(number, action.do, "begun")
            try:
                async with aclosing(_perform(action, number, stage, inbox, tools)) as reports:
                    async for report in reports:
                        yield report
            except (HiveError, OSError, ValueError) as error:
                where = f"turn {assignment.turn}, action {number} ({action.do})"
                yield Ended(outcome="failed", reason=bounded(f"{self.source}: {where}: {error}"))
                return
            stage.journal(number, action.do, "done")
        if not turn or not isinstance(turn[-1], End):
            yield Ended(outcome="finished")


async def _perform(
    action: Action, number: int, stage: Stage, inbox: Inbox, tools: Tools
) -> AsyncGenerator[Report, None]:
    match action:
        case Say() | Recite() | Claim() | Spend() | LeaveUnplaced():
            yield spoken(action, stage.assignment)
        case Write() | Append() | Delete() | Symlink():
            yield edited(action, stage)
        case End():
            yield Ended(outcome=action.outcome, reason=bounded(action.reason))
        case Flood():
            for report in flooded(action):
                yield report
                await asyncio.sleep(0)
        case Ask():
            async with aclosing(asked(action, tools)) as reports:
                async for report in reports:
                    yield report
        case Run() | Git() | Spawn():
            async with aclosing(commanded(action, stage, number)) as reports:
                async for report in reports:
                    yield report
        case _:
            async with aclosing(waited(action, stage, inbox, number)) as reports:
                async for report in reports:
                    yield report
