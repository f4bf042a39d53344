"""The action that asks hive something."""

import json
from collections.abc import AsyncGenerator

from hive.agents.scripted.actions import Ask
from hive.agents.session import bounded
from hive.agents.tools.offer import Answer, called
from hive.model import Report, Said, ToolCalled, ToolReturned
from hive.ports import Tools


async def asked(action: Ask, tools: Tools) -> AsyncGenerator[Report, None]:
    """Call the tool; the answer is told like a model's tool result, and said whole."""
    yield ToolCalled(tool=bounded(action.tool), summary=bounded(json.dumps(action.given)[:300]))
    answer = Answer("")
    for _ in range(action.times):
        answer = await called(tools, action.tool, action.given)
    yield ToolReturned(tool=bounded(action.tool), outcome="failed" if answer.refused else "ok")
    yield Said(text=bounded(answer.text))
