"""What the documents say is what there is: every command, setting and kind of event is in them, in its own words."""

import re
from pathlib import Path
from typing import get_args

import pytest
import typer

from hive.cli.app import app
from hive.config import UserSettings
from hive.config.project import (
    ChecksTable,
    ContractTable,
    LandingTable,
    ProjectTable,
    QueueTable,
    RepositoryTable,
    RunTable,
    ServiceTable,
)
from hive.config.review import ReviewServiceTable, ReviewTable
from hive.events import Event
from hive.orchestrator.planner.request import understand

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text()
DOCUMENTS = sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").glob("*.md"))
EVENTS = get_args(get_args(Event)[0])


def commands() -> list[str]:
    group = typer.main.get_command(app)
    return sorted(name for name, command in group.commands.items() if not command.hidden)  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", commands())
def test_every_command_is_in_the_readme(command: str):
    assert re.search(rf"hive {command}\b", README)


@pytest.mark.parametrize(
    "table",
    [
        ProjectTable,
        ServiceTable,
        ContractTable,
        RunTable,
        LandingTable,
        RepositoryTable,
        ReviewTable,
        ReviewServiceTable,
        QueueTable,
        ChecksTable,
    ],
)
def test_every_key_of_hive_toml_is_documented(table: type):
    missing = [
        name
        for name in table.model_fields
        if not re.search(rf"^{name} = |^\[review\.{name}", CONFIGURATION, re.MULTILINE)
    ]  # type: ignore[attr-defined]
    assert missing == []


def test_every_setting_of_a_user_is_documented_with_its_variable():
    missing = [
        name
        for name in UserSettings.model_fields
        if f"| `{name}` | `HIVE_{name.upper()}` |" not in CONFIGURATION
    ]
    assert missing == []


def test_every_kind_of_event_is_described_in_its_own_words():
    text = (ROOT / "docs" / "events.md").read_text()
    rows = [f"| `{each.model_fields['kind'].default}` | {(each.__doc__ or '').strip()} |" for each in EVENTS]
    assert [row for row in rows if row not in text] == []


@pytest.mark.parametrize("request_", re.findall(r'hive (?:run|plan) +"([^"…]+)"', README))
def test_the_requests_of_the_readme_are_understood(request_: str):
    assert understand(request_, None)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.name)
def test_links_of_a_document_lead_somewhere(document: Path):
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text())
    assert [target for target in targets if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.name)
def test_a_file_of_code_that_a_document_names_is_there(document: Path):
    named = set(re.findall(r"(?<!No )`([\w./-]+\.py)`", document.read_text()))
    known = [path.relative_to(ROOT).as_posix() for path in sorted(ROOT.glob("[!.]*/**/*.py"))]
    assert [
        name for name in sorted(named) if not any(f"/{path}".endswith(f"/{name}") for path in known)
    ] == []
