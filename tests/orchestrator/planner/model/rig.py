"""A model that answers as scripted, and answers to script."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hive.agents.anthropic.retry import Pace
from hive.config import UserSettings
from hive.model import Plan
from hive.orchestrator.planner import Means, ModelPlanner
from hive.testing import FakeModels, Reply, Script, Text, serving
from tests.orchestrator.planner.conftest import FILES, GRAPH, Files

REQUEST = "let customers pause their subscription"
QUICK = Pace(first=0.001, longest=0.01)
USERS = "contracts/users.yaml"
PAUSE = """\
  /users/{id}/pause:
    post:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        "204": {description: Paused}
components:
"""
ADD_OPERATION = {"op": "replace_text", "contract": USERS, "find": "components:\n", "replace": PAUSE}
ADD_FIELD = {
    "op": "field",
    "contract": USERS,
    "intent": {
        "intent": "add_field",
        "entity": "User",
        "name": "paused",
        "type": "boolean",
        "required": False,
    },
}


def part(service: str, brief: str = "Do not bill who has paused.", **more: object) -> dict[str, Any]:
    """One service's part of an answer."""
    return {"service": service, "reason": "its job", "files": [], "brief": brief, **more}


def answer(*edits: object, parts: object = (), summary: str = "Customers can pause.") -> dict[str, Any]:
    """A whole answer."""
    return {"summary": summary, "edits": list(edits), "parts": list(parts)}  # type: ignore[call-overload]


GOOD = answer(ADD_OPERATION, parts=[part("users", "Serve the new operation.", files=["users/pause.py"])])
UNKNOWN_SERVICE = answer(ADD_OPERATION, parts=[part("billing")])


def reply(said: object, **more: object) -> Reply:
    """One answer of the model."""
    text = said if isinstance(said, str) else json.dumps(said)
    return Reply(blocks=(Text(text=text),), chunk=100_000, **more)  # type: ignore[arg-type]


def tree(**more: str) -> Files:
    """The project's files."""
    return Files({path: text.encode() for path, text in (FILES | more).items()})


def model_at(url: str, *, key: str = "sk-ant-fake", **more: Any) -> ModelPlanner:
    """The planner that asks the model at an address."""
    environ = {"ANTHROPIC_BASE_URL": url} | ({"ANTHROPIC_API_KEY": key} if key else {})
    return ModelPlanner(Means(UserSettings(), environ, QUICK, **more))


@contextmanager
def models(*replies: Reply) -> Iterator[FakeModels]:
    """A model that gives these answers, one after the other."""
    with serving(Script.of(*replies)) as fake:
        yield fake


def plan(*replies: Reply, request: str = REQUEST, files: Files | None = None, **more: Any) -> Plan:
    """The plan that the model planner makes of these answers."""
    with models(*replies) as fake:
        return model_at(fake.url, **more).plan(request, base="c0ffee", tree=files or tree(), graph=GRAPH)
