"""The tools as a model is told of them, and the one way in which a call of it becomes a request."""

import inspect
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from pydantic import ValidationError

from hive.agents.session import bounded
from hive.agents.tools.requests import REQUESTS, AnyRequest, GetContract, ReadNotes
from hive.errors import HiveError
from hive.ports import Tools

LONGEST_ANSWER = 200_000
"""Characters of an answer that an agent is given."""


class Offer(NamedTuple):
    """One tool."""

    name: str
    description: str
    schema: dict[str, Any]
    """JSON Schema of its arguments."""
    reads_only: bool = False


class Answer(NamedTuple):
    """What came of a call, in words for the agent."""

    text: str
    refused: bool = False


@cache
def offers() -> tuple[Offer, ...]:
    """Every tool that a session is given."""
    return tuple(_offer(kind) for kind in REQUESTS.values())


async def called(tools: Tools, name: str, arguments: Mapping[str, Any]) -> Answer:
    """Carry one call out; whatever is wrong with it is an answer for the agent."""
    kind = REQUESTS.get(name)
    if kind is None:
        return Answer(f"there is no tool {name[:80]!r}; choose one of: {', '.join(REQUESTS)}", refused=True)
    try:
        request = kind.model_validate(dict(arguments))
    except ValidationError as error:
        return Answer(_explained(name, error), refused=True)
    try:
        return Answer(_cut(await request.ask(tools)))
    except HiveError as error:
        return Answer(bounded(str(error)), refused=True)


def _offer(kind: type[AnyRequest]) -> Offer:
    schema = kind.model_json_schema()
    schema.pop("description", None)
    schema.pop("title", None)
    return Offer(kind.tool, inspect.cleandoc(kind.__doc__ or ""), schema, kind in (GetContract, ReadNotes))


def _explained(name: str, error: ValidationError) -> str:
    """The first thing that is wrong, without the value: it may be very long."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(map(str, first["loc"])) or "the arguments"
    known = ", ".join(REQUESTS[name].model_fields) or "none"
    wrong = "is no argument of it" if first["type"] == "extra_forbidden" else first["msg"]
    return bounded(f"{name}: {where[:200]}: {wrong}; its arguments are: {known}")


def _cut(text: str) -> str:
    if len(text) <= LONGEST_ANSWER:
        return text
    return f"{text[:LONGEST_ANSWER]}\n[{len(text) - LONGEST_ANSWER} more characters are not shown]"
