import pytest

from hive.cli.compose import open_project
from hive.cli.screens import print_past
from hive.events import AgentReported, Draft, RunCreated
from hive.model import Graph, Policy, Said
from hive.store.log import BATCH
from tests.conftest import Repo


def test_the_log_of_a_long_run_is_printed_to_its_end(repo: Repo, capsys: pytest.CaptureFixture[str]):
    created = RunCreated(
        request="add points",
        base="b",
        target="main",
        policy=Policy(),
        graph=Graph(),
        sandbox="none",
        trusted=True,
    )
    said = AgentReported(turn=1, report=Said(text="Working."))
    drafts = [Draft(run="r1", event=created), *[Draft(run="r1", service="a", event=said)] * BATCH]
    with open_project(repo({"a/a.py": "1"})) as project:
        project.log.append(*drafts)
        print_past(project, "r1", "json")
        assert len(capsys.readouterr().out.splitlines()) == len(drafts)
        print_past(project, "r1", "json", service="a")
        assert len(capsys.readouterr().out.splitlines()) == BATCH
