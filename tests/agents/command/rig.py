"""Makes the adapter for command lines behave as asked, by the command."""

import shlex
import sys

from hive.agents.command.agent import Command
from hive.agents.conformance import Prepared
from tests.agents.means import means

DAEMON = "setsid sleep 1000 & "
COMMANDS = {
    "edits": "echo I write; echo 'loyalty_points = 0' > model.py; test -s {brief_file}",
    "fails": "echo no such model; exit 3",
    "reworks": "echo again; grep -q 'came back' {brief_file} && echo 1 >> model.py; echo 0 >> model.py",
    "lasts": f"echo begun; {DAEMON} sleep 1000",
    "interruptible": f"echo begun; {DAEMON} sleep 1000",
    "spawns": f"{DAEMON} echo done",
    "floods": f'{sys.executable} -c "import sys\nfor _ in range(40): sys.stdout.buffer.write(bytes([255, 27, 120]) * 2000000 + bytes([10]))"',
    "listens": "echo x > model.py",
}


class CommandRig:
    """A shell line for each behaviour."""

    def prepare(self, behaviour, site):
        if behaviour not in COMMANDS:
            return None
        line = shlex.join(["bash", "-c", COMMANDS[behaviour]])
        return Prepared(Command.with_means(means(command=line)), site.assignment())
