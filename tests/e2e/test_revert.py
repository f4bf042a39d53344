"""`hive revert RUN`: what landed is taken back through the same review, checks and landing."""

import json
from pathlib import Path

import pytest

from hive.workspaces.newborn import commit_everything, start_repository
from tests.e2e.hive_command import Hive
from tests.invariants import assert_untouched, fingerprint

pytestmark = pytest.mark.e2e
CONTRACT = "contracts/user.schema.json"
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "User",
    "type": "object",
    "properties": {"id": {"type": "string"}, "name": {"type": "string"}, "age": {"type": "integer"}},
}
CODE = "from dataclasses import dataclass\n\n\n@dataclass\nclass User:\n    id: str\n    name: str\n    age: int = 0\n"
TESTS = """import json, pathlib, unittest, dataclasses
from model import User
class UserTest(unittest.TestCase):
    def test_code_and_contract_agree(self):
        contract = json.loads((pathlib.Path(__file__).parents[2] / "contracts/user.schema.json").read_text())
        self.assertEqual({f.name for f in dataclasses.fields(User)}, set(contract["properties"]))
"""
UNATTENDED = ("--yes", "--approve-all", "--land", "--plain", "--foreground")


@pytest.fixture
def landed(tmp_path: Path) -> Hive:
    """Two services and their contract, to which a run has added `points`."""
    hive = Hive(tmp_path / "project", tmp_path / "state")
    for name in ("users", "orders"):
        (hive.root / "services" / name).mkdir(parents=True)
        (hive.root / "services" / name / "model.py").write_text(CODE)
        (hive.root / "services" / name / "test_model.py").write_text(TESTS)
    (hive.root / "contracts").mkdir()
    (hive.root / CONTRACT).write_text(json.dumps(SCHEMA, indent=2) + "\n")
    (hive.root / "hive.toml").write_text(
        '[project]\nname = "small"\n'
        + "".join(
            f'[services.{name}]\npath = "services/{name}"\nlanguage = "python"\ntest = "python -m unittest"\n'
            for name in ("users", "orders")
        )
        + f'[contracts."{CONTRACT}"]\nkind = "jsonschema"\nowner = "users"\n'
    )
    start_repository(hive.root, "Begin")
    assert hive("trust", "--yes").returncode == 0
    done = hive("run", "add points:integer to User", *UNATTENDED)
    assert done.returncode == 0, done.stdout + done.stderr
    return hive


def test_a_run_is_taken_back_with_what_came_later_kept(landed: Hive):
    (run,) = [each["run"] for each in landed.lines("ls")]
    before = landed.git("rev-parse", "main~1^{tree}")
    (landed.root / "README").write_text("later\n")
    commit_everything(landed.root, "Later work")
    refused = landed("revert", run, *UNATTENDED)
    assert refused.returncode == 3
    assert "breaking" in refused.stderr
    assert "--allow-breaking" in refused.stderr
    untouched = fingerprint(landed.root)
    done = landed("revert", run, "--allow-breaking", *UNATTENDED)
    assert done.returncode == 0, done.stdout + done.stderr
    assert_untouched(untouched, fingerprint(landed.root), target="main")
    assert "points" not in landed.git("show", f"main:{CONTRACT}")
    (landed.root / "README").unlink()
    commit_everything(landed.root, "Only what the run had changed is left to compare")
    assert landed.git("rev-parse", "main^{tree}") == before
    reverting = landed.lines("ls")[0]
    assert reverting["request"] == f"revert {run}: add points:integer to User"
    evidence = [task["evidence"][0]["outcome"] for task in landed.lines("show", "last")[0]["tasks"]]
    assert evidence == ["passed", "passed"]
    assert f"Hive-Reverts: {run}" in landed.git("log", "--format=%B", "main")
    again = landed("revert", run)
    assert again.returncode == 2
    assert f"was reverted by run {reverting['run']}" in again.stderr
    back = landed("revert", reverting["run"], *UNATTENDED)
    assert back.returncode == 0, back.stdout + back.stderr
    assert "points" in landed.git("show", f"main:{CONTRACT}")
