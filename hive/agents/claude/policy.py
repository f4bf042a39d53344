"""Which tool calls of a session are allowed: pure, and closed to whatever it does not know."""

from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from hive.agents.tools.requests import REQUESTS
from hive.model import Assignment

_READS = {"Read": "file_path", "NotebookRead": "notebook_path", "LS": "path"}
_SEARCHES = ("Glob", "Grep")
_WRITES = {
    "Write": "file_path",
    "Edit": "file_path",
    "MultiEdit": "file_path",
    "NotebookEdit": "notebook_path",
}
_HARMLESS = (
    "TodoWrite", "TaskCreate", "TaskUpdate", "TaskGet", "TaskList", "TaskOutput", "TaskStop", "BashOutput", "KillShell",
)  # fmt: skip
_ASKS = frozenset(f"mcp__hive__{name}" for name in REQUESTS)
_WEB = {"WebFetch": "url", "WebSearch": "query"}
OUTSIDE = "dangerouslyDisableSandbox"
"""How Claude Code asks for more than the sandbox gives."""
ASKING_TOOLS = (*_WEB, "AskUserQuestion")
"""Offered where a person is asked."""
TOOLS = ("Read", "Glob", "Grep", "Write", "Edit", "TodoWrite")
"""What a session is offered; the shell too, where it can be confined."""
LONGEST_PATH = 4096
Wrap = Callable[[str], str]


class Verdict(NamedTuple):
    """What may happen with a call."""

    allowed: bool
    reason: str = ""
    changed: Mapping[str, Any] | None = None
    """The input that the tool is run with instead."""
    question: str = ""
    """What a person may be asked, who can allow it all the same."""


class Policy(NamedTuple):
    """The rules of one session."""

    workspace: Path
    service: Path
    wrap: Wrap | None
    """A command line as one that is confined; none where nothing confines."""
    wrap_open: Wrap | None = None
    """The same with the network."""

    @classmethod
    def of(cls, assignment: Assignment, wrap: Wrap | None, wrap_open: Wrap | None = None) -> "Policy":
        """Reading in the workspace, writing in the service's folder."""
        workspace = Path(assignment.workspace).resolve()
        return cls(workspace, (workspace / assignment.service.path).resolve(), wrap, wrap_open)

    def judge(self, tool: str, given: Mapping[str, Any]) -> Verdict:
        """The verdict on one call."""
        if tool in _READS:
            return self._within(given.get(_READS[tool], "."), self.workspace, "read")
        if tool in _SEARCHES:
            return self._search(given)
        if tool in _WRITES:
            return self._within(given.get(_WRITES[tool]), self.service, "write")
        if tool == "Bash":
            return self._command(given)
        if tool in _HARMLESS or tool in _ASKS:
            return Verdict(True)
        question = f"{tool}: {given.get(_WEB[tool])}" if tool in _WEB else ""
        return Verdict(False, f"the tool {tool!r} is not part of this session", question=question)

    def _within(self, path: object, root: Path, what: str) -> Verdict:
        if not isinstance(path, str) or not 0 < len(path) <= LONGEST_PATH or "\0" in path:
            return Verdict(False, "a path is missing or is none")
        try:
            found = (self.service / path).resolve()
        except (OSError, RuntimeError, ValueError):
            return Verdict(False, f"{path!r} cannot be resolved")
        if not found.is_relative_to(root) or self.workspace / ".git" in (found, *found.parents):
            return Verdict(False, f"{path!r} is not yours to {what}: stay in {str(root)!r}")
        return Verdict(True)

    def _search(self, given: Mapping[str, Any]) -> Verdict:
        for key in ("pattern", "glob"):
            pattern = given.get(key)
            names_files = key == "glob" or "output_mode" not in given
            if isinstance(pattern, str) and names_files and _climbs(pattern):
                return Verdict(False, f"the pattern {pattern!r} leaves the workspace")
        return self._within(given.get("path") or ".", self.workspace, "search")

    def _command(self, given: Mapping[str, Any]) -> Verdict:
        command = given.get("command")
        if not isinstance(command, str) or "\0" in command:
            return Verdict(False, "a command is missing")
        if self.wrap is None:
            reason = "commands are not allowed here: nothing on this machine confines them"
            return Verdict(False, reason, question=f"run without a sandbox: {command}")
        kept = {key: value for key, value in given.items() if key != OUTSIDE}
        if given.get(OUTSIDE) is True and self.wrap_open:
            changed = {**kept, "command": self.wrap_open(command)}
            return Verdict(
                False, "commands have no network here", changed, f"run with the network: {command}"
            )
        return Verdict(True, changed={**kept, "command": self.wrap(command)})


def _climbs(pattern: str) -> bool:
    path = PurePosixPath(pattern)
    return path.is_absolute() or ".." in path.parts or pattern.startswith("~")
