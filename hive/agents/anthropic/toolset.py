"""The tools of a session: the library's own for files, held inside the workspace, and a shell inside the sandbox."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from anthropic.lib.tools import BetaAsyncFunctionTool
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
from hive.model import Assignment

Tool = BetaAsyncFunctionTool[Any]


def toolset(assignment: Assignment, means: Means) -> Sequence[Tool]:
    """Reading in the whole workspace, writing in the service's folder; a shell only where it is confined."""
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
    ]
    return [*tools, shell_tool(assignment, means)] if means.confines else tools
