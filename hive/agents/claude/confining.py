"""A command line of the agent as one that runs inside hive's sandbox, with nothing of the user's environment."""

import shlex
from pathlib import Path

from hive.agents.claude.policy import Wrap
from hive.agents.means import Means
from hive.agents.session import environment
from hive.model import Assignment
from hive.ports import Confinement, Network


def confining(assignment: Assignment, means: Means, network: Network = "none") -> Wrap | None:
    """None where nothing confines: then no command may run."""
    if not means.confines:
        return None
    folder = Path(assignment.workspace) / assignment.service.path
    env = environment(assignment)
    shown = (Path(assignment.workspace),)  # with the contracts, beside the service
    allow = Confinement((folder, Path(env["TMPDIR"])), hidden=means.hidden, network=network, shown=shown)
    clean = ["env", "-i", *(f"{name}={value}" for name, value in env.items())]

    def wrap(command: str) -> str:
        shell = ["bash", "--noprofile", "--norc", "-c", command]
        # In place of the shell that Claude Code starts: the sandbox must see it when Claude Code itself dies.
        return "exec " + shlex.join([*clean, *means.sandbox.wrap(shell, cwd=folder, allow=allow)])

    return wrap
