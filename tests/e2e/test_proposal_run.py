"""The real Claude Code proposes another contract in the middle of a run, and a person decides by commands."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from hive.testing import Part, Reply, Script, Text, ToolUse, serving
from hive.workspaces.newborn import start_repository
from tests.e2e.hive_command import Hive

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(
        find_spec("claude_agent_sdk") is None, reason="the package 'claude_agent_sdk' is not installed"
    ),
]
CONTRACT = "contracts/user.schema.json"
MODEL = 'FIELDS = ["id", "email", "display_name"{more}]\n'
TESTS = """import json, pathlib, unittest
from model import FIELDS
class FieldsTest(unittest.TestCase):
    def test_code_and_contract_agree(self):
        contract = pathlib.Path(__file__).parents[2] / "contracts/user.schema.json"
        self.assertEqual(set(json.loads(contract.read_text())["properties"]), set(FIELDS))
"""
MANIFEST = """[project]
name = "small"
target = "main"
[services.users]
path = "services/users"
language = "python"
test = "python3 -m unittest"
[contracts."contracts/user.schema.json"]
kind = "jsonschema"
owner = "users"
"""


def schema(*more: str) -> str:
    properties = {name: {"type": "string"} for name in ("id", "email", "display_name", *more)}
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "User", "type": "object"}
    return json.dumps(whole | {"properties": properties}, indent=2) + "\n"


def small(folder: Path) -> Hive:
    """One service that owns one contract."""
    hive = Hive(folder / "small", folder / "state")
    files = {
        CONTRACT: schema(),
        "services/users/model.py": MODEL.format(more=""),
        "services/users/test_model.py": TESTS,
        "hive.toml": MANIFEST,
    }
    for path, text in files.items():
        (hive.root / path).parent.mkdir(parents=True, exist_ok=True)
        (hive.root / path).write_text(text)
    start_repository(hive.root, "Small")
    assert hive("trust", "--yes").returncode == 0
    return hive


def write(*fields: str) -> ToolUse:
    more = "".join(f', "{field}"' for field in fields)
    given = {"file_path": "{root}/services/users/model.py", "content": MODEL.format(more=more)}
    return ToolUse(name="Write", input=given)


def test_claude_proposes_a_person_approves_and_the_newer_contract_lands(tmp_path):
    hive = small(tmp_path)
    passages = [
        {
            "old": '"display_name": {',
            "new": '"tier": {\n      "type": "string"\n    },\n    "display_name": {',
        }
    ]
    proposal = {"path": CONTRACT, "reason": "points need a tier", "replacements": passages}
    read = ToolUse(name="Read", input={"file_path": "{root}/services/users/model.py"})
    propose = ToolUse(name="mcp__hive__propose_contract_change", input=proposal)
    done = Reply(blocks=(Text(text="Done."),))
    turns = (Reply(blocks=(read,)), Reply(blocks=(write("loyalty_points"), propose)), done)
    again = (Reply(blocks=(read,)), Reply(blocks=(write("loyalty_points", "tier"),)), done)
    script = Script(parts=(Part(captures={"root": r"Your workspace: (\S+)"}, replies=(*turns, *again)),))
    with serving(script) as fake:
        hive.env |= {"ANTHROPIC_BASE_URL": fake.url, "ANTHROPIC_API_KEY": "sk-ant-fake"}
        run = [
            "run",
            "add loyalty_points field",
            "--agent",
            "claude",
            "--yes",
            "--approve-all",
            "--land",
            "--plain",
            "--foreground",
        ]
        waits = hive(*run)
        assert waits.returncode == 3, waits.stdout + waits.stderr  # it needs a person
        assert not waits.stderr, waits.stderr
        assert "proposes" in waits.stdout
        (found,) = hive.lines("proposals", "last")
        assert (found["status"], found["severity"], found["service"]) == ("open", "compatible", "users")
        assert '+    "tier": {' in found["diff"]
        shown = hive("proposals", "last").stdout
        assert "points need a tier" in shown
        assert "--proposal 1" in shown
        assert hive("approve", "last", "users", "--proposal", "1").returncode == 2
        assert hive("approve", "last", "--proposal", "2").returncode == 2
        assert hive("approve", "last", "--proposal", "1").returncode == 0
        followed = hive("logs", "last", "-f")
        assert "contract version 2 committed" in followed.stdout, followed.stdout
    assert json.loads(hive.git("show", f"main:{CONTRACT}"))["properties"].keys() >= {"tier", "loyalty_points"}
    assert "tier" in hive.git("show", "main:services/users/model.py")
    assert any("version 2" in str(call.body["messages"]) for call in fake.calls)
