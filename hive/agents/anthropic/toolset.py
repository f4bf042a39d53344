"""The tools of a session: the library's own for files, held inside the workspace, and a shell inside the sandbox."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from anthropic.lib.tools import BetaAsyncFunctionTool, ToolError
from anthropic.lib.tools.agent_toolset import (
    AgentToolContext,
    beta_edit_tool,
    beta_glob_tool,
    beta_grep_tool,
    beta_read_tool,
    beta_write_tool,
)

from hive.agents.anthropic.shell import shell_tool
from hive.agents.means import Means
from hive.agents.tools.offer import Offer, called, offers
from hive.model import Assignment
from hive.ports import Tools

Tool = BetaAsyncFunctionTool[Any]


def toolset(assignment: Assignment, means: Means, hive: Tools) -> Sequence[Tool]:
    """Reading in the whole workspace, writing in the service's, hive; a shell if confined or a person is asked."""
    workspace = Path(assignment.workspace)
    service = workspace / assignment.service.path
    everything = AgentToolContext(workdir=service, allowed_roots=[workspace], env={})
    own = AgentToolContext(workdir=service, env={}, read_only_roots=[workspace / ".git"])
    tools: list[Tool] = [
        beta_read_tool(everything),
        beta_glob_tool(everything),
        beta_grep_tool(everything),
        beta_write_tool(own),
        beta_edit_tool(own),
        *(_asking(offer, hive) for offer in offers()),
    ]
    return [*tools, shell_tool(assignment, means)] if means.confines or means.asks else tools


def _asking(offer: Offer, hive: Tools) -> Tool:
    async def ask(**given: Any) -> str:  # noqa: ANN401 - what the model says; valid or refused there
        answer = await called(hive, offer.name, given)
        if answer.refused:
            raise ToolError(answer.text)
        return answer.text

    return BetaAsyncFunctionTool(
        ask, name=offer.name, description=offer.description, input_schema={"type": "object", **offer.schema}
    )
