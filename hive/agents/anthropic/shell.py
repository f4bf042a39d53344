"""A shell for the model, each command in the sandbox: the workspace and the session's home, and no network."""

from pathlib import Path
from typing import Any

from anthropic.lib.tools import BetaAsyncFunctionTool, ToolError, beta_async_tool

from hive.agents.means import Means
from hive.agents.session import environment
from hive.model import Assignment
from hive.ports import Confinement, Network
from hive.process.streaming import run_logged
from hive.text import decode, plural, sanitize

LONGEST_SECONDS = 600
USUAL_SECONDS = 120
LARGEST_OUTPUT = 16 << 20
SHOWN = 30_000
"""Bytes of the output, from its end, that the model reads."""


class CommandFailedError(ToolError):
    """A command that ended with another code than 0."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


def shell_tool(assignment: Assignment, means: Means) -> BetaAsyncFunctionTool[Any]:
    """The tool `bash`; every call is a shell of its own, begun in the service's folder."""
    workspace = Path(assignment.workspace)
    folder = workspace / assignment.service.path
    env = environment(assignment)
    home = Path(assignment.home)
    confinement = Confinement(writable=(folder, home / "tmp"), hidden=means.hidden, shown=(workspace,))

    async def run(command: str, timeout_seconds: int, network: Network) -> str:
        allow = confinement._replace(network=network)
        argv = means.sandbox.wrap(["bash", "--noprofile", "--norc", "-c", command], cwd=folder, allow=allow)
        done = await run_logged(
            argv,
            cwd=folder,
            env=env,
            timeout=max(1, min(timeout_seconds, LONGEST_SECONDS)),
            output=home / "tmp" / "last-command.log",
            limit=LARGEST_OUTPUT,
            tail=SHOWN,
        )
        text = sanitize(decode(done.stdout))
        if limit := means.sandbox.met(argv, done.code):
            text += f"\n[{limit}]"
        if done.timed_out:
            raise CommandFailedError(
                done.code, f"{text}\n[not done within {plural(timeout_seconds, 'second')}]"
            )
        if not done.ok:
            raise CommandFailedError(done.code, f"{text}\n[exit code {done.code}]")
        return text or "[no output]"

    @beta_async_tool(name="bash")
    async def bash(command: str, timeout_seconds: int = USUAL_SECONDS) -> str:
        """Run a command line in a new shell, in the service's folder, without a network.

        Args:
            command: The command line.
            timeout_seconds: When to give up, at most 600.
        """
        return await run(command, timeout_seconds, "none")

    @beta_async_tool(name="bash")
    async def asking_bash(command: str, timeout_seconds: int = USUAL_SECONDS, network: bool = False) -> str:
        """Run a command line in a new shell, in the service's folder, without a network.

        Args:
            command: The command line.
            timeout_seconds: When to give up, at most 600.
            network: Whether it needs the network; then a person is asked first.
        """
        return await run(command, timeout_seconds, "open" if network else "none")

    return asking_bash if means.asks else bash
