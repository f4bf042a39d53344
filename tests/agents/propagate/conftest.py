"""A user that gets loyalty points, and a folder to put services into."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from hive.agents.conformance import Toolbox
from hive.agents.propagate.agent import Propagate
from hive.agents.propagate.subject import Field, Subject, examples
from hive.model import (
    AddField,
    Assignment,
    ContractField,
    Entity,
    Feedback,
    Intent,
    Message,
    RemoveField,
    Report,
    Service,
)

FIELDS = (
    Field("id", "string", required=True),
    Field("email", "string", required=True),
    Field("display_name", "string", required=True),
    Field("phone"),
    Field("store_credit", "integer", required=True),
)
POINTS = Field("loyalty_points", "integer")


ADD = AddField(entity="User", name="loyalty_points", type="integer")


class Silence:
    async def next(self) -> Message:
        raise AssertionError("nobody speaks here")


def subject_for(
    new: Field = POINTS,
    *,
    entity: tuple[str, ...] = ("user",),
    fields: Sequence[Field] = FIELDS,
    siblings: Sequence[str] = ("store_credit", "display_name", "email"),
) -> Subject:
    return Subject(entity, tuple(fields), examples(fields, siblings, new), new)


@pytest.fixture
def subject() -> Subject:
    return subject_for()


@pytest.fixture
def subject_of() -> Callable[..., Subject]:
    return subject_for


class Workspace:
    """A repository with one service, and the agent at work in it."""

    def __init__(self, root: Path) -> None:
        self.root = root / "work"
        self.home = root / "home"
        self.service = Service(name="users", path="services/users")
        self.contract_keeps = False
        self.folder.mkdir(parents=True)

    @property
    def folder(self) -> Path:
        return self.root / self.service.path

    def put(self, name: str, content: str | bytes) -> Path:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    def read(self, name: str) -> str:
        return (self.folder / name).read_bytes().decode()

    def assignment(self, turn: int, feedback: tuple[Feedback, ...], intent: Intent | None) -> Assignment:
        fields = [*FIELDS, POINTS]
        if isinstance(intent, RemoveField) and not self.contract_keeps:
            fields = [field for field in fields if field.name != intent.name]
        return Assignment(
            run="r1",
            service=self.service,
            turn=turn,
            workspace=str(self.root),
            brief="add loyalty_points",
            intent=intent,
            siblings=("store_credit", "display_name", "email"),
            entity=Entity(
                name="User",
                contract="contracts/users.openapi.yaml",
                pointer="/components/schemas/User",
                fields=tuple(ContractField(name=f.name, type=f.type, required=f.required) for f in fields),
            ),
            feedback=feedback,
            home=str(self.home),
            idle_timeout=10,
            turn_timeout=10,
        )

    def turn(self, turn: int = 1, *feedback: Feedback, intent: Intent | None = ADD) -> list[Report]:
        async def collect() -> list[Report]:
            given = self.assignment(turn, feedback, intent)
            return [report async for report in Propagate().work(given, Silence(), Toolbox())]

        return asyncio.run(collect())


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)
