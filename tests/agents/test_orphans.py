"""What is left of a session when hive itself is killed in the middle of it: nothing, whatever its agent has done."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hive.agents.codex.launching import program_missing
from hive.agents.requirements import extra_missing
from hive.process import marked
from hive.testing import serving
from hive.workspaces.sandbox import find_sandbox
from tests.agents.leaving import script

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has subreapers")
CONFINED = find_sandbox().name
KINDS = {
    "command": lambda: None,
    "acp": lambda: extra_missing("acp", "acp"),
    "anthropic": lambda: extra_missing("anthropic", "anthropic"),
    "claude": lambda: extra_missing("claude_agent_sdk", "claude"),
    "a small codex": lambda: None,
    "codex": program_missing,
}


def named(token):
    """Processes with the token on their command line, whatever became of their environment and their parents."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if token in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def until(holds, seconds=30.0):
    end = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < end:
        time.sleep(0.01)
    return held


@pytest.mark.parametrize("sandbox", ["none", pytest.param("auto", id="sandbox")])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_outlives_a_hive_that_is_killed(kind, sandbox, assign):
    if missing := KINDS[kind]():
        pytest.skip(missing)
    if sandbox == "auto" and CONFINED == "none":
        pytest.skip("no sandbox works here")
    if (kind, sandbox) == ("codex", "none"):
        pytest.skip("without a sandbox Codex starts nothing that lasts: its commands may only read")
    token = f"1{random.randrange(10**9):09}"
    line = f"env -i setsid sleep {token} & setsid sleep {token} & touch begun; sleep {token}"
    assignment = assign()
    begun = Path(assignment.workspace, "users/begun")
    with serving(script(kind, line)) as fake:
        argv = [sys.executable, "-m", "tests.agents.leaving", kind, sandbox, fake.url]
        with subprocess.Popen([*argv, assignment.model_dump_json(), line], env=os.environ) as hive:
            try:
                assert until(begun.exists)
                assert until(lambda: len(named(f"sleep\0{token}".encode())) == 3)
                assert marked(assignment.home)
            finally:
                hive.kill()
                hive.wait()
            assert until(lambda: not named(token.encode()))
            assert until(lambda: not marked(assignment.home))
