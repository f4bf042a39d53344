"""The tools of a session: the library's own for files, held inside the workspace, and a shell inside the sandbox."""

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
_READING = {"read": beta_read_tool, "glob": beta_glob_tool, "grep": beta_grep_tool}
_WRITING = {"write": beta_write_tool, "edit": beta_edit_tool}
_told: dict[bool | None, tuple[dict[str, Any], ...]] = {}
"""What models are told, by which shell there is; the same for every session, and most of what a session would hold."""


class Toolset:
    """Reading in the whole workspace, writing in the service's, hive; a shell if confined or a person is asked.

    A tool is made when it is first used: a session that waits for its model holds none.
    """

    def __init__(self, assignment: Assignment, means: Means, hive: Tools) -> None:
        self._assignment = assignment
        self._means = means
        self._hive = hive
        self._made: dict[str, Tool] = {}

    @property
    def told(self) -> tuple[dict[str, Any], ...]:
        """All of them, as the model is told; nobody may change it."""
        shell = self._means.asks if self._has_shell else None
        if shell not in _told:
            found = (self.get(name) for name in self._names())
            _told[shell] = tuple(dict(tool.to_dict()) for tool in found if tool)
            self._made.clear()
        return _told[shell]

    def get(self, name: str) -> Tool | None:
        """The tool of that name, if there is one."""
        if name not in self._made and (tool := self._make(name)):
            self._made[name] = tool
        return self._made.get(name)

    @property
    def _has_shell(self) -> bool:
        return self._means.confines or self._means.asks

    def _names(self) -> tuple[str, ...]:
        shell = ("bash",) if self._has_shell else ()
        return (*_READING, *_WRITING, *(offer.name for offer in offers()), *shell)

    def _make(self, name: str) -> Tool | None:
        workspace = Path(self._assignment.workspace)
        service = workspace / self._assignment.service.path
        if make := _READING.get(name):
            return make(AgentToolContext(workdir=service, allowed_roots=[workspace], env={}))
        if make := _WRITING.get(name):
            return make(AgentToolContext(workdir=service, env={}, read_only_roots=[workspace / ".git"]))
        if name == "bash" and self._has_shell:
            return shell_tool(self._assignment, self._means)
        return next((_asking(offer, self._hive) for offer in offers() if offer.name == name), None)


def _asking(offer: Offer, hive: Tools) -> Tool:
    async def ask(**given: Any) -> str:  # noqa: ANN401 - what the model says; valid or refused there
        answer = await called(hive, offer.name, given)
        if answer.refused:
            raise ToolError(answer.text)
        return answer.text

    return BetaAsyncFunctionTool(
        ask, name=offer.name, description=offer.description, input_schema={"type": "object", **offer.schema}
    )
