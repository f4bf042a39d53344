"""Which answer a request gets: pure, from the script, the request and how often it was asked before."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from pydantic import JsonValue

from hive.testing.request import Request
from hive.testing.script import Fault, Part, Reply, Script, ToolUse


class Cue(NamedTuple):
    """An answer and its place in the script."""

    part: int
    position: int
    reply: Reply


def part_of(script: Script, request: Request) -> int | None:
    """The first part whose words the request contains."""
    for number, part in enumerate(script.parts):
        if part.when in request.words:
            return number
    return None


def cue(script: Script, request: Request, answered: int) -> Cue | None:
    """The answer to a request that holds `answered` earlier answers; none when the script has none."""
    number = part_of(script, request)
    if number is None or answered >= len(script.parts[number].replies):
        return None
    part = script.parts[number]
    reply = part.replies[answered]
    return Cue(number, answered, _filled(reply, captured(part, request)))


def captured(part: Part, request: Request) -> dict[str, str]:
    """What the part's expressions find in the request."""
    found = {}
    for name, expression in part.captures.items():
        if match := re.search(expression, request.words):
            found[name] = match.group(1 if match.lastindex else 0)
    return found


def fault(reply: Reply, attempt: int) -> Fault | None:
    """What goes wrong at this attempt, counted from 0."""
    if reply.always is not None:
        return reply.always
    return reply.faults[attempt] if attempt < len(reply.faults) else None


def _filled(reply: Reply, names: Mapping[str, str]) -> Reply:
    blocks = tuple(
        block.model_copy(update={"input": _fill(block.input, names)}) if isinstance(block, ToolUse) else block
        for block in reply.blocks
    )
    return reply.model_copy(update={"blocks": blocks})


def _fill(value: JsonValue, names: Mapping[str, str]) -> JsonValue:
    match value:
        case str(text):
            for name, found in names.items():
                text = text.replace(f"{{{name}}}", found)
            return text
        case dict(members):
            return {key: _fill(each, names) for key, each in members.items()}
        case list(items):
            return [_fill(each, names) for each in items]
        case _:
            return value
