"""Real commands, run and judged."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hive import process
from hive.model import Evidence
from hive.network.endpoints import Endpoint
from hive.ports import Sandbox

Check = Callable[..., Evidence]
PYTEST = "PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 python -m pytest"
GREEN = {"test_users.py": "def test_one(): pass\n\ndef test_two(): pass\n"}


def numbers(evidence: Evidence) -> tuple[int | None, ...]:
    """collected, passed, failed, skipped"""
    return evidence.collected, evidence.passed, evidence.failed, evidence.skipped


def test_green_tests_pass_with_their_whole_evidence(check: Check, tmp_path: Path) -> None:
    evidence = check(PYTEST, GREEN)
    assert evidence.outcome == "passed"
    assert evidence.reason == "2 tests passed"
    assert numbers(evidence) == (2, 2, 0, 0)
    assert (evidence.exit_code, evidence.command) == (0, PYTEST)
    assert (evidence.check, evidence.service, evidence.sandbox) == ("tests", "users", "none")
    assert (evidence.tree, evidence.inputs, evidence.sealed) == ("4b825dc", "abc", True)
    assert evidence.seconds > 0
    assert evidence.warnings == ()
    assert "2 passed" in evidence.tail
    assert evidence.output == "tests.log"
    assert "2 passed" in (tmp_path / "tests.log").read_text()


def test_red_skipped_and_expected_failures_are_counted(check: Check) -> None:
    red = """\
import pytest

def test_green(): pass

def test_red(): assert 1 == 2

@pytest.mark.skip
def test_skipped(): pass

@pytest.mark.xfail
def test_expected(): assert 0
"""
    base = Evidence(check="tests", outcome="passed", collected=9, skipped=0)
    evidence = check(PYTEST, {"test_users.py": red}, base=base)
    assert evidence.outcome == "failed"
    assert evidence.reason == "1 of 4 tests failed"
    assert numbers(evidence) == (4, 1, 1, 2)
    assert "assert 1 == 2" in evidence.tail
    assert len(evidence.warnings) == 2


def test_a_service_runs_in_its_own_folder(check: Check) -> None:
    files = {
        "services/users/users.py": "",
        "services/users/test_users.py": "import users\ndef test_a(): pass\n",
    }
    assert check(PYTEST, files, service_path="services/users").outcome == "passed"


def test_pytest_behind_a_makefile_is_counted_and_sealed(check: Check) -> None:
    evidence = check("make -s all", {**GREEN, "Makefile": "all:\n\t@pytest -q\n"})
    assert evidence.outcome == "passed"
    assert numbers(evidence) == (2, 2, 0, 0)
    assert evidence.warnings == ()
    assert not evidence.sealed, "something else may have read the secret before"


@pytest.mark.parametrize(
    ("scripts", "sealed"),
    [
        ('{"test": "node --test"}', True),
        ('{"test": "node build.js && node --test"}', False),
        ('{"test": "node --test", "pretest": "node build.js"}', False),
    ],
)
def test_results_are_sealed_where_nothing_of_the_service_runs_before(
    check: Check, node: str, scripts: str, sealed: bool
) -> None:
    files = {
        "package.json": f'{{"scripts": {scripts}}}',
        "build.js": "",
        "users.test.js": "require('node:test').test('a', () => {});",
    }
    evidence = check("npm test", files)
    assert (evidence.outcome, evidence.sealed) == ("passed", sealed)


def test_pytest_in_an_environment_without_the_plugin_is_run_again_and_told_to_be_unsealed(
    check: Check,
) -> None:
    evidence = check("make -s all", {**GREEN, "Makefile": "all:\n\t@env -u PYTHONPATH pytest -q\n"})
    assert evidence.outcome == "passed", evidence.tail
    assert numbers(evidence) == (2, 2, 0, 0)
    assert "runner is not known" in evidence.warnings[0]
    assert not evidence.sealed


def test_unittest_is_counted_by_its_own_runner(check: Check) -> None:
    tests = """\
import unittest, helper

class Users(unittest.TestCase):
    def test_green(self): pass
    def test_red(self): self.assertEqual(1, 2)
    @unittest.skip("later")
    def test_skipped(self): pass
"""
    evidence = check("python -m unittest -v", {"test_users.py": tests, "helper.py": ""})
    assert evidence.outcome == "failed"
    assert numbers(evidence) == (3, 1, 1, 1)
    assert "test_red" in evidence.tail
    assert evidence.failures == ("test_users.Users::test_red",)


@pytest.mark.parametrize("command", ["node --test", "npm test"])
def test_node_is_counted_by_its_own_reporter(check: Check, node: str, command: str) -> None:
    files = {
        "package.json": '{"scripts": {"test": "node --test"}}',
        "users.test.js": "const {test} = require('node:test'); test('a', () => {}); test('b', {skip: true}, () => {});",
    }
    evidence = check(command, files)
    assert evidence.outcome == "passed", evidence.tail
    assert numbers(evidence) == (2, 1, 0, 1)
    assert "a" in evidence.tail


def test_a_red_node_test_fails(check: Check, node: str) -> None:
    red = "require('node:test').test('a', () => { throw new Error('no points'); });"
    evidence = check("node --test", {"users.test.js": red})
    assert (evidence.outcome, evidence.failed) == ("failed", 1)


@pytest.mark.parametrize(
    ("command", "files", "reason"),
    [
        ("pytest-that-nobody-has -q", {}, "no program 'pytest-that-nobody-has'"),
        ("./run-tests.sh", {}, "no program './run-tests.sh'"),
        ("./run-tests.sh", {"run-tests.sh": "plain text\n"}, "no program './run-tests.sh'"),
        ("pytest 'tests", {}, "cannot be split"),
        ("./run-tests.sh", {"run-tests.sh": "#!/bin/sh\njest --ci\n"}, "jest"),
        ("./run-tests.sh", {"run-tests.sh": "#!/no/such/shell\n"}, "cannot start"),
    ],
)
def test_a_command_that_cannot_run_is_the_environments_fault(
    check: Check, command: str, files: dict[str, str], reason: str
) -> None:
    evidence = check(command, files)
    assert evidence.outcome == "environment"
    assert reason in evidence.reason


def test_a_python_without_pytest_is_the_environments_fault(check: Check, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "python3").write_text("#!/bin/sh\necho /usr/bin/python3: No module named pytest >&2\nexit 1\n")
    (bare / "python3").chmod(0o755)
    evidence = check(f"env PATH={bare}:/usr/bin:/bin python3 -m pytest", GREEN)
    assert evidence.outcome == "environment"
    assert evidence.reason == "/usr/bin/python3: No module named pytest"


def test_no_command_proves_nothing(check: Check) -> None:
    assert check(None, GREEN).outcome == "unverified"


@pytest.mark.parametrize("path", ["gone", "../outside", "away", "/"])
def test_a_service_folder_that_is_not_in_the_tree_fails(check: Check, tmp_path: Path, path: str) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "away").symlink_to(tmp_path / "outside")
    evidence = check(PYTEST, {}, service_path=path)
    assert evidence.outcome == "failed"
    assert repr(path) in evidence.reason


def test_a_hanging_test_is_stopped_and_said_so(check: Check) -> None:
    hang = "import time\n\ndef test_hang():\n    time.sleep(600)\n"
    evidence = check(PYTEST, {"test_users.py": hang}, timeout=0.2)
    assert evidence.outcome == "timed_out"
    assert evidence.reason == "did not end within 0.2 seconds"


def test_a_server_that_was_left_running_is_gone_even_in_its_own_session(check: Check, tmp_path: Path) -> None:
    leave = (
        "import subprocess\n\ndef test_a():\n    subprocess.Popen(['sleep', '600'], start_new_session=True)\n"
    )
    evidence = check(PYTEST, {"test_users.py": leave})
    assert evidence.outcome == "passed"
    assert process.marked(tmp_path.name) == []


def test_a_flood_of_output_is_bounded_and_still_judged(check: Check, tmp_path: Path) -> None:
    flood = "def test_a():\n    for _ in range(40): print('x' * 1_000_000)\n"
    evidence = check(f"{PYTEST} -s", {"test_users.py": flood}, output_limit=1000)
    assert evidence.outcome == "passed"
    assert (tmp_path / "tests.log").stat().st_size < 2000
    assert "1 passed" in evidence.tail
    assert len(evidence.tail) <= 8000
    assert evidence.warnings == ("the output was cut after 1000 bytes",)


def test_the_tail_is_harmless_text(check: Check) -> None:
    loud = "#!/bin/sh\nprintf 'a\\033]0;title\\007\\033[31mred\\n'\nfor i in $(seq 100); do echo $i; done; exit 3\n"
    evidence = check("./loud.sh", {"loud.sh": loud})
    assert evidence.tail.splitlines() == [str(i) for i in range(61, 101)]
    quiet = check(
        "./loud.sh", {"loud.sh": "#!/bin/sh\nprintf 'a\\033]0;title\\007\\033[31mred\\n'; exit 3\n"}
    )
    assert quiet.tail == "ared"
    assert quiet.reason == "exited with 3"


def test_changed_tracked_files_are_remarked(check: Check) -> None:
    change = """\
import pathlib

def test_a():
    pathlib.Path('golden.txt').write_text('new')
    pathlib.Path('gone.txt').unlink()
    pathlib.Path('extra.txt').write_text('untracked')
"""
    evidence = check(PYTEST, {"test_users.py": change, "golden.txt": "old", "gone.txt": ""})
    assert evidence.outcome == "passed"
    assert evidence.warnings == ("changed tracked files: golden.txt, gone.txt",)


def test_the_environment_is_private_and_has_a_port(
    check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    monkeypatch.setenv("GIT_DIR", "/elsewhere")
    seen = """\
import os, socket, pathlib

def test_a():
    scratch = os.environ['SCRATCH']
    for name in ('HOME', 'TMPDIR', 'XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'npm_config_cache', 'GOCACHE'):
        assert os.environ[name].startswith(scratch), name
    assert os.environ['CI'] == '1'
    assert not {'SECRET_TOKEN', 'GIT_DIR'} & set(os.environ)
    with socket.socket() as server:
        server.bind(('127.0.0.1', int(os.environ['PORT'])))
    assert not pathlib.Path('__pycache__').exists()
    (pathlib.Path(os.environ['TMPDIR']) / 'left').write_text('over')
"""
    evidence = check(f"SCRATCH={tmp_path / 'scratch'} {PYTEST}", {"test_users.py": seen})
    assert evidence.outcome == "passed", evidence.tail
    assert [path.name for path in (tmp_path / "scratch").glob("check-*")] == []


def test_only_the_export_and_the_scratch_folder_may_be_written(
    check: Check, sandbox: Any, tmp_path: Path
) -> None:
    check("true", {}, hidden=(tmp_path / "state",))
    (allowed,) = sandbox.allowed
    assert set(allowed.writable) == {tmp_path / "export", tmp_path / "scratch"}
    assert allowed.hidden == (tmp_path / "state",)
    assert allowed.network == "none"


def test_reports_that_are_part_of_the_tree_prove_nothing(check: Check) -> None:
    report = "<testsuite><testcase/></testsuite>"
    path = "app/build/test-results/test/TEST-a.xml"
    committed = {path: report, "gradlew": "#!/bin/sh\nexit 0\n"}
    assert check("./gradlew test", committed).outcome == "unverified"
    writes = {"gradlew": f"#!/bin/sh\necho '{report}' > {Path(path).parent}/TEST-b.xml\n"}
    evidence = check("./gradlew test", writes)
    assert (evidence.outcome, evidence.collected) == ("passed", 1)


def test_a_confined_check_sees_its_tools_and_reaches_nothing_else(
    check: Check, tmp_path: Path, confined: Sandbox
) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("secret")
    nosy = f"""\
import pathlib, socket, pytest

def test_a():
    assert not pathlib.Path({str(outside)!r}).exists()
    with pytest.raises(OSError):
        socket.create_connection(('192.0.2.1', 80), timeout=5)
    pathlib.Path('made.txt').write_text('in the export')
    with socket.socket() as server:
        server.bind(('127.0.0.1', 0))
"""
    evidence = check(PYTEST, {"test_users.py": nosy}, sandbox=confined)
    assert evidence.outcome == "passed", evidence.tail
    assert evidence.sandbox == "bubblewrap"


def test_a_command_that_met_a_limit_says_which(check: Check, sandbox: Any) -> None:
    sandbox.limit = "killed: more than 1 GiB of memory"
    evidence = check("sh -c 'exit 137'", {})
    assert (evidence.outcome, evidence.reason) == ("failed", "killed: more than 1 GiB of memory")
    assert check("true", {}).reason != "killed: more than 1 GiB of memory"


def test_a_check_reaches_what_is_listed_and_what_it_is_refused_is_in_its_evidence(
    check: Check, confined: Sandbox
) -> None:
    asks = """\
import os, urllib.error, urllib.request, pytest

def test_a():
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen("http://evil.example.com/", timeout=20)
    with pytest.raises(urllib.error.HTTPError, match="502"):
        urllib.request.urlopen("http://192.0.2.1.invalid/", timeout=20)
"""
    reach = (Endpoint("192.0.2.1.invalid", 80),)
    evidence = check(PYTEST, {"test_users.py": asks}, sandbox=confined, reach=reach)
    assert evidence.outcome == "passed", evidence.tail
    assert evidence.warnings == ("network: evil.example.com:80 is not on the list of this session",)


def test_what_a_package_runs_when_it_is_installed_stays_in_the_sandbox(
    check: Check, tmp_path: Path, confined: Sandbox
) -> None:
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed: what it runs at an installation cannot be tried")
    marker = tmp_path / "marker"
    package = {"name": "a", "version": "1.0.0", "scripts": {"postinstall": f"touch ran; touch {marker}"}}
    install = "npm install --offline --no-audit --no-fund --foreground-scripts"
    evidence = check(install, {"package.json": json.dumps(package)}, sandbox=confined)
    assert (tmp_path / "export" / "ran").exists(), evidence.tail
    assert not marker.exists()


def test_a_confined_program_that_cannot_start_is_the_environments_fault(
    check: Check, confined: Sandbox
) -> None:
    evidence = check("./run.sh", {"run.sh": "#!/no/such/shell\n"}, sandbox=confined)
    assert evidence.outcome == "environment"
    assert "run.sh" in evidence.reason
