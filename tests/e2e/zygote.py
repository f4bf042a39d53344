"""A process that has imported everything and forks a `hive` for each request: start-up is paid for once.

Reads one JSON object per line (`arguments`, `cwd`, `env`, `output`), answers each with the exit code of the command,
negative for a signal as `subprocess` has it.
"""

import json
import os
import sys

import dbos  # noqa: F401 - what a command imports late is here before it is forked

import hive.cli.app
import hive.cli.attach
import hive.cli.engine
import hive.cli.planning
import hive.dashboard.plain
import hive.orchestrator.engine
import hive.orchestrator.planner
import hive.workspaces.sandbox
from hive import faults
from hive.agents.propagate import agent  # noqa: F401


def become(request: dict[str, object]) -> int:
    """In the child: be the command."""
    out = os.open(str(request["output"]), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for stream in (1, 2):
        os.dup2(out, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    env = request["env"]
    assert isinstance(env, dict)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(str(request["cwd"]))
    faults._PLAN = env.get("HIVE_FAULT", "")
    arguments = request["arguments"]
    assert isinstance(arguments, list)
    sys.argv = ["hive", *arguments]
    code = hive.cli.main()
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def main() -> None:
    """Serve until the input ends."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            code = 70
            try:
                code = become(json.loads(line))
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
