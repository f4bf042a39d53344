"""What commands may cost: they import nothing that only others need."""

import subprocess
import sys

from hive.cli.compose import open_project
from hive.events import BranchOffered, Draft, LandRequested, RunCreated
from hive.model import Graph, Policy, Service
from tests.conftest import Repo

HEAVY = (
    "dbos",
    "sqlalchemy",
    "sqlmodel",
    "textual",
    "fastapi",
    "uvicorn",
    "tree_sitter",
    "rich.live",
    "hive.store",
    "hive.state",
)
NOT_TO_READ = (
    "asyncio",
    "pydantic_settings",
    *(name for name in HEAVY if name not in ("hive.store", "hive.state")),
    "tomlkit",
    "yaml",
    "hive.agents",
    "hive.config.project",
    "hive.contracts",
    "hive.discovery",
    "hive.orchestrator.controls",
    "hive.workspaces.store",
)


def test_help_imports_nothing_heavy():
    script = f"import sys, hive.cli.app; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


READS = """
import io, os, sys
from contextlib import redirect_stdout
from hive.cli import main
from hive.model import Fact
os.chdir({root!r})
started = []
sys.addaudithook(lambda event, details: started.append(details[1]) if event == "subprocess.Popen" else None)
for command in {commands!r}:
    sys.argv = ["hive", *command, "--json"]
    with redirect_stdout(io.StringIO()) as said:
        if main() or "add points" not in said.getvalue():
            raise SystemExit(f"{{command}}: {{said.getvalue()}}")
    print(*command, *[name for name in {heavy!r} if name in sys.modules])
    print(*["git rev-parse" if argv[0] == "git" and "rev-parse" in argv else argv for argv in started])
    started.clear()
kinds = [each for each in Fact.__subclasses__() if "kind" in each.model_fields]
print(*sorted(each.__name__ for each in kinds if each.__pydantic_complete__))
"""


def test_commands_that_read_the_log_import_start_and_build_no_more_than_that(repo: Repo):
    root = repo({"a/a.py": "1"})
    created = RunCreated(
        request="add points",
        base="b",
        target="main",
        policy=Policy(),
        graph=Graph(services=(Service(name="a", path="a"),)),
        sandbox="none",
        trusted=True,
    )
    offered = BranchOffered(branch="points", commit="c", diff="d", by="me")
    with open_project(root) as project:
        project.log.append(
            *(Draft(run="r1", event=each) for each in (created, offered, LandRequested(by="me")))
        )
    commands = [["queue"], ["ls"], ["show", "r1"], ["logs", "r1"]]
    script = READS.format(root=str(root), commands=commands, heavy=NOT_TO_READ)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    wanted = [line for command in commands for line in (" ".join(command), "git rev-parse")]
    assert (done.stdout.splitlines(), done.stderr) == (
        [*wanted, "BranchOffered LandRequested RunCreated"],
        "",
    )
