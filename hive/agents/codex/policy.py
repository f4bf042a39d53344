"""Answers to the questions of an app server: pure, and closed to whatever is not known."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hive.agents.acp.policy import Request, allowed
from hive.agents.codex.confining import Fence

NOTHING: dict[str, dict[str, Any]] = {
    "item/permissions/requestApproval": {"permissions": {}, "scope": "turn"},
    "mcpServer/elicitation/request": {"action": "decline", "content": None, "_meta": None},
    "item/tool/call": {"contentItems": [], "success": False},
    "applyPatchApproval": {"decision": "denied"},
    "execCommandApproval": {"decision": "denied"},
}
"""How each question is answered that hive never says yes to."""
_COMMANDS = ("", "command")


def change_refused(paths: Sequence[str], widens: bool, workspace: Path, service: Path) -> str | None:
    """Why files may not be changed; none when all of them are the service's own."""
    if widens:
        return "it asks to write to a whole folder from now on"
    return allowed(Request("edit", tuple(paths)), workspace, service, confined=False)


def command_refused(held: Fence, kind: str) -> str | None:
    """Why a command may not run; none when it may."""
    if kind not in (*_COMMANDS, "writeStdin"):
        return f"{kind!r} is not for an agent to ask"
    return held.commands


def askable(kind: str) -> bool:
    """Whether a person may allow what is refused: a command that is named, and no more input for one that runs."""
    return kind in _COMMANDS
