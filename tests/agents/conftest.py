"""An assignment in a temporary workspace, and a way to play turns without a running hive."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from hive.agents.conformance import Toolbox
from hive.model import Assignment, Message, Report, Service, Words
from hive.ports import Agent


class Mailbox:
    """An inbox that a test fills."""

    def __init__(self, *messages: str | Message) -> None:
        self.queue: asyncio.Queue[Message] = asyncio.Queue()
        for message in messages:
            self.queue.put_nowait(Words(text=message) if isinstance(message, str) else message)

    async def next(self) -> Message:
        return await self.queue.get()


@pytest.fixture
def assign(tmp_path: Path) -> Callable[..., Assignment]:
    def make(service: str = "users", **given: object) -> Assignment:
        workspace = tmp_path / "workspace"
        (workspace / service).mkdir(parents=True, exist_ok=True)
        values = {
            "run": f"run-{tmp_path.name}",
            "service": Service(name=service, path=service),
            "turn": 1,
            "workspace": str(workspace),
            "brief": "add loyalty_points",
            "home": str(tmp_path / "home" / service),
            "idle_timeout": 30.0,
            "turn_timeout": 60.0,
        }
        return Assignment.model_validate(values | given)

    return make


@pytest.fixture
def play() -> Callable[..., list[Report]]:
    def to_the_end(agent: Agent, assignment: Assignment, *messages: str | Message) -> list[Report]:
        async def collect() -> list[Report]:
            return [report async for report in agent.work(assignment, Mailbox(*messages), Toolbox())]

        return asyncio.run(collect())

    return to_the_end
