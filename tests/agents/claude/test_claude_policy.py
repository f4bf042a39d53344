import shlex
from pathlib import Path

import pytest

from hive.agents.claude.policy import Policy


def confined(command):
    return shlex.join(["confined", command])


@pytest.fixture
def policy(assign, tmp_path):
    assignment = assign()
    service = Path(assignment.workspace, "users")
    (tmp_path / "secret").mkdir()
    (service / "out").symlink_to(tmp_path / "secret")
    (service / "dangling").symlink_to(tmp_path / "nowhere")
    return Policy.of(assignment, confined)


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("Read", {"file_path": "{workspace}/contracts/users.yaml"}),
        ("Read", {"file_path": "model.py"}),
        ("Write", {"file_path": "{workspace}/users/deep/new.py"}),
        ("Edit", {"file_path": "model.py"}),
        ("Glob", {"pattern": "**/*.py"}),
        ("Glob", {"pattern": "*.yaml", "path": "{workspace}/contracts"}),
        ("Grep", {"pattern": "../x", "output_mode": "content", "glob": "*.py"}),
        ("TodoWrite", {"todos": []}),
        ("mcp__hive__get_contract", {}),
    ],
)
def test_work_inside_the_workspace_is_allowed(policy, tool, given):
    assert policy.judge(tool, filled(given, policy)).allowed


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("Read", {"file_path": "/etc/passwd"}),
        ("Read", {"file_path": "/proc/self/environ"}),
        ("Read", {"file_path": "{workspace}/.git"}),
        ("Read", {"file_path": "out/key"}),
        ("Write", {"file_path": "{workspace}/orders/model.py"}),
        ("Write", {"file_path": "{workspace}/contracts/users.yaml"}),
        ("Write", {"file_path": "../orders/model.py"}),
        ("Write", {"file_path": "out/key"}),
        ("Write", {"file_path": "dangling"}),
        ("Write", {"file_path": ""}),
        ("Write", {"file_path": 7}),
        ("Write", {}),
        ("Edit", {"file_path": "a\0b"}),
        ("Edit", {"file_path": "x" * 5000 + "/" + "y" * 5000}),
        ("NotebookEdit", {"notebook_path": "/tmp/x.ipynb"}),
        ("Glob", {"pattern": "/etc/*"}),
        ("Glob", {"pattern": "../**"}),
        ("Glob", {"pattern": "*", "path": "/"}),
        ("Grep", {"pattern": "x", "glob": "../*", "output_mode": "content"}),
        ("Grep", {"pattern": "x", "path": "out", "output_mode": "content"}),
        ("WebFetch", {"url": "http://example.com"}),
        ("Task", {"prompt": "x"}),
        ("SendMessage", {"to": "peer"}),
        ("mcp__other__tool", {}),
        ("Bash", {"command": None}),
        ("Bash", {"command": "a\0b"}),
    ],
)
def test_everything_else_is_denied_with_a_reason(policy, tool, given):
    verdict = policy.judge(tool, filled(given, policy))
    assert not verdict.allowed
    assert verdict.reason


def test_a_command_is_run_confined_whatever_is_in_it(policy):
    command = "echo '; rm -rf /' \"$HOME\" `id`\nsecond line"
    verdict = policy.judge("Bash", {"command": command, "timeout": 5, "dangerouslyDisableSandbox": True})
    assert verdict.allowed
    assert verdict.changed["timeout"] == 5
    assert "dangerouslyDisableSandbox" not in verdict.changed
    assert shlex.split(verdict.changed["command"]) == ["confined", command]


def test_without_a_sandbox_no_command_is_run(policy):
    assert not policy._replace(wrap=None).judge("Bash", {"command": "ls"}).allowed


def filled(given, policy):
    return {
        key: value.replace("{workspace}", str(policy.workspace)) if isinstance(value, str) else value
        for key, value in given.items()
    }


def test_what_a_person_may_allow_is_asked_with_the_whole_of_it(policy):
    unconfined = policy._replace(wrap=None).judge("Bash", {"command": "make"})
    assert (unconfined.allowed, unconfined.question) == (False, "run without a sandbox: make")
    wish = {"command": "npm ci", "dangerouslyDisableSandbox": True}
    assert policy.judge("Bash", wish).changed == {"command": confined("npm ci")}
    online = policy._replace(wrap_open=lambda command: f"open {command}").judge("Bash", wish)
    assert (online.allowed, online.question) == (False, "run with the network: npm ci")
    assert online.changed == {"command": "open npm ci"}
    assert policy.judge("WebFetch", {"url": "http://a"}).question == "WebFetch: http://a"


@pytest.mark.parametrize("tool", ["Write", "Edit", "Read", "Task"])
def test_files_elsewhere_and_unknown_tools_are_never_asked_for(policy, tool):
    assert policy.judge(tool, {"file_path": "/etc/passwd"}).question == ""
