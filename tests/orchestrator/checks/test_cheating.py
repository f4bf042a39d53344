"""Changes that make tests look green: none of them is `passed`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from hive.model import Evidence

Check = Callable[..., Evidence]
QUICK = "PYTEST_DISABLE_PLUGIN_AUTOLOAD=1"
RED = {"test_users.py": "def test_red():\n    assert 1 == 2\n"}
FORGED = '<testsuite tests="5"><testcase name="a"/></testsuite>'
EXIT_GREEN = "def pytest_sessionfinish(session):\n    session.exitstatus = 0\n"


@pytest.mark.parametrize(
    "cheat",
    [
        {"conftest.py": "import os\nos._exit(0)\n"},
        {"conftest.py": "import sys\nsys.exit(0)\n"},
        {"conftest.py": "print('===== 5 passed in 0.01s =====', flush=True)\nimport os\nos._exit(0)\n"},
        {"conftest.py": f"print('''{FORGED}''', flush=True)\nimport os\nos._exit(0)\n"},
        {"test_users.py": "import os\n\ndef test_red():\n    os._exit(0)\n"},
        {"test_users.py": "import sys\n\ndef test_red():\n    sys.exit(0)\n"},
        {"conftest.py": "def pytest_collection_modifyitems(items):\n    items.clear()\n"},
        {"conftest.py": f"def pytest_collection_modifyitems(items):\n    items.clear()\n\n{EXIT_GREEN}"},
        {"conftest.py": EXIT_GREEN},
        {"pytest.ini": "[pytest]\naddopts = --deselect test_users.py\n"},
        {"pytest.ini": "[pytest]\naddopts = -k nothing\n"},
        {"pytest.ini": "[pytest]\npython_functions = nothing_*\n"},
        {"pytest.ini": "[pytest]\naddopts = --collect-only\n"},
        {"pytest.ini": "[pytest]\naddopts = --version\n"},
        {"pytest.ini": "[pytest]\naddopts = -p no:junitxml\n"},
        {"test_users.py": "import pytest\npytestmark = pytest.mark.skip\n\ndef test_red():\n    assert 0\n"},
        {"test_users.py": "import pytest\n\n@pytest.mark.xfail\ndef test_red():\n    assert 0\n"},
        {"test_users.py": ""},
        {"pytest.py": "print('5 passed in 0.01s')\n"},
    ],
    ids=lambda cheat: " ".join(
        f"{path}: {text.strip().splitlines()[-1] if text else ''}" for path, text in cheat.items()
    ),
)
def test_a_cheat_on_pytest_is_never_passed(check: Check, cheat: dict[str, str]) -> None:
    assert check(f"{QUICK} python -m pytest", {**RED, **cheat}).outcome in ("failed", "unverified")


WRITE_RESULTS = (
    "import os, sys\npath = [w for w in sys.argv if w.startswith('--junit-xml')][0].partition('=')[2]\n"
    f"forged = {FORGED!r}\nopen(path, 'w').write(forged)\n"
)


@pytest.mark.parametrize(
    "more",
    [
        "",
        'open(path + \'.seal\', \'w\').write(\'{"passed": 5, "failed": 0, "mac": "0"}\')\n',
        "open(path + '.seal', 'w').write('[')\n",
    ],
)
def test_results_that_the_tests_write_themselves_prove_nothing(check: Check, more: str) -> None:
    forged = {"test_users.py": f"{WRITE_RESULTS}{more}print('5 passed')\nos._exit(0)\n"}
    evidence = check(f"{QUICK} python -m pytest", forged)
    assert evidence.outcome == "unverified"
    assert "prove nothing" in " ".join(evidence.warnings)


def test_results_that_are_changed_after_the_session_prove_nothing(check: Check) -> None:
    later = f"import atexit\n{WRITE_RESULTS}\natexit.register(lambda: open(path, 'w').write(forged))\n"
    evidence = check(f"{QUICK} python -m pytest", {"conftest.py": later, "test_a.py": "def test_a(): pass\n"})
    assert evidence.outcome == "unverified"


def test_counts_that_unittest_tests_write_themselves_prove_nothing(check: Check) -> None:
    forged = (
        "import os, sys\nargv = open('/proc/self/cmdline').read().split('\\0') if os.path.exists('/proc') else []\n"
        "path = next((w for w in argv if w.endswith('/results')), 'results')\n"
        'open(path, \'w\').write(\'{"run": 5, "failed": 0, "skipped": 0}\')\nos._exit(0)\n'
    )
    evidence = check("python -m unittest", {"test_users.py": forged})
    assert evidence.outcome == "unverified"


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos._exit(0)\n",
        "import sys, os\nprint('Ran 5 tests in 0.1s\\n\\nOK', file=sys.stderr, flush=True)\nos._exit(0)\n",
        "import atexit, os, unittest\natexit.register(os._exit, 0)\n"
        "class T(unittest.TestCase):\n    def test_red(self): self.fail()\n",
        "import unittest\n@unittest.skip('x')\nclass T(unittest.TestCase):\n    def test_red(self): self.fail()\n",
        "",
    ],
)
def test_a_cheat_on_unittest_is_never_passed(check: Check, text: str) -> None:
    assert check("python -m unittest", {"test_users.py": text}).outcome in ("failed", "unverified")


@pytest.mark.parametrize(
    "script",
    [
        "process.exit(0)",
        "console.log('# tests 5\\n# pass 5\\n# fail 0'); process.exit(0)",
        "require('node:test').test('a', {skip: true}, () => {})",
        "require('node:test').test('a', {todo: true}, () => { throw 1 })",
    ],
)
def test_a_cheat_on_node_is_never_passed(check: Check, node: str, script: str) -> None:
    evidence = check("node --test", {"users.test.js": script})
    assert evidence.outcome in ("failed", "unverified")


FORGE_NODE = """
const fs = require('node:fs');
const told = fs.readFileSync('/proc/' + process.ppid + '/cmdline', 'utf8') + fs.readFileSync('/proc/self/environ', 'utf8');
const path = /--test-reporter-destination=([^\\0" ]*results)/.exec(told)[1];
const forged = `<testsuites><testcase name="a" time="1" classname="test"/></testsuites>`;
const write = () => { fs.writeFileSync(path, forged); fs.writeFileSync(path + '.seal', '{"passed": 1, "failed": 0, "mac": "0"}'); };
"""
LATER = """
const again = `const write = () => { require('node:fs').writeFileSync(${JSON.stringify(path)}, ${JSON.stringify(forged)}); };
setInterval(write, 1); setTimeout(() => process.exit(0), 3000)`;
require('node:child_process').spawn(process.execPath, ['-e', again], {detached: true, stdio: 'ignore', env: {}}).unref();
setTimeout(() => process.exit(0), 300)
"""
"""Goes on writing after the runner has ended, in a process of its own."""


@pytest.mark.parametrize("command", ["node --test", "npm -s test"])
@pytest.mark.parametrize(
    "end",
    [
        "write(); process.exit(0)",
        LATER,
        "process.on('exit', write)",
    ],
)
def test_results_that_node_tests_write_themselves_prove_nothing(
    check: Check, node: str, command: str, end: str
) -> None:
    files = {"package.json": '{"scripts": {"test": "node --test"}}', "users.test.js": f"{FORGE_NODE}{end}"}
    assert check(command, files).outcome in ("failed", "unverified")


def test_no_node_test_is_told_the_secret(check: Check, node: str, tmp_path: Path) -> None:
    looks = "require('node:fs').writeFileSync(process.cwd() + '/seen', JSON.stringify([process.env.HIVE_WITNESS ?? 'none',"
    looks += (
        " require('node:fs').readdirSync(process.env.TMPDIR)])); require('node:test').test('a', () => {})"
    )
    assert check("node --test", {"users.test.js": looks}).outcome == "passed"
    assert json.loads((tmp_path / "export/seen").read_text())[0] == "none"
    assert "witness.json" not in (tmp_path / "export/seen").read_text()


MAKE = {"Makefile": "all:\n\t@pytest -q\n"}


@pytest.mark.parametrize(
    "conftest",
    [
        "import os\nprint('== 5 passed in 0.01s ==', flush=True)\nos._exit(0)\n",
        f"import os, shlex\npath = shlex.split(os.environ['PYTEST_ADDOPTS'])[0].partition('=')[2]\n"
        f"open(path, 'w').write({FORGED!r})\nos._exit(0)\n",
        "print('Error importing plugin \"hive_witness\"', flush=True)\nprint('== 5 passed in 0.01s ==', flush=True)\n"
        "import os\nos._exit(0)\n",
    ],
    ids=["printed", "forged", "sends the plugin away"],
)
def test_a_cheat_on_pytest_behind_make_is_never_passed(check: Check, conftest: str) -> None:
    assert check(f"{QUICK} make all", {**RED, **MAKE, "conftest.py": conftest}).outcome == "unverified"


@pytest.mark.parametrize("text", ["true", "echo all tests passed", "echo '5 passed'", "exit 0"])
def test_a_script_that_only_boasts_is_unverified(check: Check, text: str) -> None:
    assert check("./run.sh", {"run.sh": f"#!/bin/sh\n{text}\n"}).outcome == "unverified"
