"""`hive contracts draft`, in a project without contracts."""

import json

import pytest
from typer.testing import CliRunner

from hive.cli.app import app
from hive.errors import UsageError
from tests.world import git


@pytest.fixture
def project(tmp_path, monkeypatch):
    for name, fields in (("users", "    id: int\n    email: str\n"), ("web", "    id: int\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "Dockerfile").write_text("FROM python:3.12\nCMD python app.py\n")
        (tmp_path / name / "app.py").write_text(f"class User:\n{fields}")
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "services")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def draft(*arguments):
    return CliRunner().invoke(app, ["contracts", "draft", *arguments])


def test_a_contract_is_drafted_from_the_code_and_nothing_is_written(project):
    done = draft("User")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["title"] == "User"
    assert told["properties"] == {"id": {"type": "integer"}, "email": {"type": "string"}}
    assert "users/app.py:1; also defined at web/app.py:1" in told["$comment"]
    assert not (project / "contracts").exists()
    assert json.loads(draft("User", "--service", "web").stdout)["properties"] == {"id": {"type": "integer"}}


def test_it_is_written_once_with_what_a_manifest_needs_besides(project):
    assert "hive.toml" not in draft("User", "--write").stdout
    assert json.loads((project / "contracts" / "user.schema.json").read_text())["title"] == "User"
    done = draft("User", "--write")
    assert isinstance(done.exception, UsageError)
    assert "'contracts/user.schema.json' is there already" in str(done.exception)
    (project / "contracts" / "user.schema.json").unlink()
    (project / "hive.toml").write_text('[project]\nname = "shop"\n\n[services.users]\npath = "users"\n')
    again = draft("User", "--write")
    assert again.exit_code == 0, again.exception
    told = again.stdout
    assert '[contracts."contracts/user.schema.json"]\nkind = "jsonschema"\nowner = "users"' in told


def test_a_project_without_contracts_is_told_of_it_at_the_beginning(project):
    done = CliRunner().invoke(app, ["init", "--yes"])
    assert "as none was found: hive contracts draft ENTITY" in done.stdout, done.exception


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("Nope",), "no class, record, struct or interface 'Nope'"),
        (("../../etc/passwd",), "no class, record, struct or interface"),
        (("!!",), "no class, record, struct or interface"),
        (("User", "--service", "nope"), "there is no service 'nope'"),
    ],
)
def test_what_cannot_be_drafted_is_said_with_what_to_do(project, arguments, said):
    done = draft(*arguments)
    assert isinstance(done.exception, UsageError)
    assert said in str(done.exception)
    assert done.exception.next_step
