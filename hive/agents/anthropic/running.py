"""One tool call of the model, with what it reports."""

import re
from typing import Any, Literal, NamedTuple

from anthropic.lib.tools import ToolError

from hive.agents.anthropic.shell import CommandFailedError
from hive.agents.anthropic.toolset import Tool, Toolset
from hive.agents.session import bounded
from hive.agents.showing import edited_path, summary
from hive.agents.telling import Tell
from hive.model import Assignment, FileEdited, Ran, ToolCalled, ToolReturned

_OUTSIDE = re.compile(r"is outside the session's|inside read-only directory|not permitted")
_EDITS = ("write", "edit")


class ToolRun(NamedTuple):
    """What came of a call."""

    outcome: Literal["ok", "failed", "denied"]
    content: Any
    """Text or content blocks, for the model."""
    code: int | None = None


async def run_tool(
    tools: Toolset,
    use: dict[str, Any],
    assignment: Assignment,
    tell: Tell,
    refused: str | None = None,
) -> ToolRun:
    """Run the tool and tell what came of it; whatever it raises is an answer to the model."""
    name, given = str(use["name"]), use["input"]
    await tell(ToolCalled(tool=bounded(name), summary=summary(given)))
    run = ToolRun("denied", refused) if refused else await _called(tools.get(name), name, given)
    if name == "bash" and run.outcome != "denied":
        text = run.content if isinstance(run.content, str) else ""
        command = bounded(str(given.get("command", "")))
        await tell(Ran(command=command, exit_code=run.code, output=bounded(text[-2000:])))
    elif name in _EDITS and run.outcome == "ok":
        path = edited_path(str(given.get("file_path", "")), assignment)
        await tell(FileEdited(path=path, summary=name))
    shown = run.content if isinstance(run.content, str) and run.outcome != "ok" else ""
    await tell(ToolReturned(tool=bounded(name), outcome=run.outcome, summary=bounded(shown[:500])))
    return run


async def _called(tool: Tool | None, name: str, given: dict[str, Any]) -> ToolRun:
    if tool is None:
        return ToolRun("denied", f"there is no tool {name!r}")
    try:
        return ToolRun("ok", await tool.call(given), 0)
    except CommandFailedError as error:
        return ToolRun("failed", str(error), error.code)
    except ToolError as error:
        return ToolRun("denied" if _OUTSIDE.search(str(error)) else "failed", error.content)
    except Exception as error:  # the model's input or the file system: the model reads it and tries otherwise
        return ToolRun("failed", f"{type(error).__name__}: {error}")
