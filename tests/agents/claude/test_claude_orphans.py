"""What is left of a session when hive itself is killed in the middle of it."""

import asyncio
import os
import subprocess
import sys

import pytest

pytest.importorskip("claude_agent_sdk", reason="the package 'claude_agent_sdk' is not installed")

from hive.process import marked
from hive.testing import Reply, serving
from hive.workspaces.sandbox import find_sandbox
from tests.agents.claude.rig import script, use

PLAY = """
import asyncio, sys
from pathlib import Path
from hive.agents.claude.agent import Claude
from hive.agents.conformance import Toolbox
from hive.model import Assignment
from hive.workspaces.sandbox import find_sandbox
from tests.agents.conftest import Mailbox
from tests.agents.means import means

async def main():
    given = Assignment.model_validate_json(sys.argv[2])
    async for report in Claude(means(sys.argv[1], sandbox=find_sandbox())).work(given, Mailbox(), Toolbox()):
        pass

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
@pytest.mark.skipif(find_sandbox().name == "none", reason="no sandbox works here")
def test_nothing_outlives_a_hive_that_is_killed(assign, tmp_path):
    begun = tmp_path / "workspace/users/begun"
    wait = "python3 -c 'import time; time.sleep(1000)'"
    command = f"setsid {wait} & touch begun; {wait}"
    assignment = assign()

    async def until(holds):
        while not holds():
            await asyncio.sleep(0.02)

    with serving(script(use("Bash", command=command), Reply())) as fake:
        argv = [sys.executable, "-c", PLAY, fake.url, assignment.model_dump_json()]
        with subprocess.Popen(argv, env=os.environ) as hive:
            asyncio.run(asyncio.wait_for(until(begun.exists), 30))
            assert marked(assignment.home)
            hive.kill()
        asyncio.run(asyncio.wait_for(until(lambda: not marked(assignment.home)), 30))
