"""Every kind of bad input gives one clear error (value, reason, next step), its exit code, and loses nothing."""

import fcntl
import json
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.hive_command import Hive

pytestmark = pytest.mark.e2e

CONTRACT = """openapi: 3.1.0
info: {title: users, version: 1.0.0}
paths:
  /users/{id}:
    get:
      responses:
        "200":
          description: one
          content:
            application/json:
              schema: {$ref: "#/components/schemas/User"}
components:
  schemas:
    User:
      type: object
      properties:
        id: {type: string}
        email: {type: string}
        credit: {type: integer}
"""
MODEL = """class User:
    id: str
    email: str
    credit: int = 0
"""
TESTS = (
    "import unittest\n\nclass T(unittest.TestCase):\n    def test_one(self):\n        self.assertTrue(True)\n"
)
TOML = """[project]
name = "tiny"
target = "main"

[services.users]
path = "users"
language = "python"
test = "python3 -m unittest"

[contracts."contracts/users.yaml"]
kind = "openapi"
owner = "users"
"""
REQUEST = ("add points:integer to User",)


@pytest.fixture
def tiny(tmp_path: Path) -> Hive:
    """One service, one contract, committed."""
    hive = Hive(tmp_path / "tiny", tmp_path / "state")
    files = {
        "contracts/users.yaml": CONTRACT,
        "users/model.py": MODEL,
        "users/test_users.py": TESTS,
        "hive.toml": TOML,
    }
    for path, text in files.items():
        (hive.root / path).parent.mkdir(parents=True, exist_ok=True)
        (hive.root / path).write_text(text)
    hive.git("init", "-q", "-b", "main")
    commit(hive)
    assert hive("trust", "--yes").returncode == 0
    return hive


def commit(hive: Hive, message: str = "begin") -> None:
    hive.git("add", "-A")
    hive.git("-c", "user.name=u", "-c", "user.email=u@example.test", "commit", "-qm", message)


def run(hive: Hive, *more: str, **env: str) -> subprocess.CompletedProcess[str]:
    return hive("run", *REQUEST, "--yes", "--approve-all", "--land", "--plain", "--foreground", *more, **env)


def refused(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    """One sentence, the next step, the exit code; no trace."""
    assert done.returncode == code, done.stdout + done.stderr
    assert "next:" in done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr


def test_the_tiny_project_itself_is_fine(tiny: Hive):
    done = run(tiny)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "points: int" in tiny.git("show", "main:users/model.py")


def test_outside_a_repository(tmp_path: Path):
    (tmp_path / "plain").mkdir()
    refused(Hive(tmp_path / "plain", tmp_path / "state")("ls"), 2, "plain", "git")


def test_a_repository_without_a_commit(tmp_path: Path):
    hive = Hive(tmp_path / "empty", tmp_path / "state")
    hive.root.mkdir()
    hive.git("init", "-q", "-b", "main")
    refused(hive("plan", *REQUEST), 2, "commit")


def test_a_dirty_checkout_is_told_what_the_run_leaves_out(tiny: Hive):
    (tiny.root / "users" / "model.py").write_text(MODEL + "    draft: str = ''\n")
    (tiny.root / "notes.txt").write_text("mine")
    done = tiny("run", *REQUEST, "--yes", "--plain", "--foreground")
    assert done.returncode == 3, done.stdout + done.stderr
    assert "not seen: 2 uncommitted files" in done.stdout
    assert "draft" not in tiny("diff", "last").stdout
    assert "draft" in (tiny.root / "users" / "model.py").read_text()


def test_no_services(tiny: Hive):
    (tiny.root / "hive.toml").write_text('[project]\nname = "tiny"\n')
    refused(tiny("plan", *REQUEST), 2, "no services found", "hive.toml")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "zzzzz"), ("zzzzz", "hive ls")),
        (("show", "last"), ("last",)),
        (("run", *REQUEST, "--agent", "wizard", "--yes"), ("wizard", "propagate")),
        (("plan", "add email to User"), ("email", "already")),
        (("plan", "add x to Userr"), ("Userr", "User")),
        (("plan", "make it nice"), ("make it nice",)),
        (("plan", ""), ()),
        (("discover", "/does/not/exist"), ("/does/not/exist",)),
        (("contracts", "check", "--base", "nowhere"), ("nowhere",)),
        (("run", *REQUEST, "--max-parallel", "0"), ("max-parallel",)),
        (("frobnicate",), ("frobnicate",)),
    ],
)
def test_what_does_not_exist_is_named(tiny: Hive, arguments: tuple[str, ...], words: tuple[str, ...]):
    refused(tiny(*arguments), 2, *words)


def test_an_unknown_service_of_a_run(tiny: Hive):
    assert tiny("run", *REQUEST, "--yes", "--plain", "--foreground").returncode == 3
    for command in (
        ("show", "last"),
        ("diff", "last"),
        ("retry", "last"),
        ("approve", "last"),
        ("logs", "last"),
    ):
        refused(tiny(*command, "userz"), 2, "userz", "users")


def test_errors_are_json_too(tiny: Hive):
    done = tiny("show", "zzzzz", "--json")
    said = json.loads(done.stdout)
    assert done.returncode == said["exit"] == 2
    assert "zzzzz" in said["error"]
    assert said["next"]


def test_a_contract_that_does_not_parse_is_named_with_its_line(tiny: Hive):
    (tiny.root / "contracts" / "users.yaml").write_text(CONTRACT.replace("type: object", "type: [object"))
    commit(tiny, "broken")
    refused(tiny("plan", *REQUEST), 2, "contracts/users.yaml:")


def test_a_broken_hive_toml_is_named(tiny: Hive):
    (tiny.root / "hive.toml").write_text("[project\n")
    refused(tiny("plan", *REQUEST), 2, "hive.toml")


def test_without_a_terminal_a_plan_waits_and_can_be_approved_later(tiny: Hive):
    done = tiny("run", *REQUEST)
    refused(done, 3, "waits for its plan", "hive approve")
    assert tiny("approve", "last").returncode == 0
    assert tiny("resume", "last", "--plain").returncode == 3
    assert tiny.lines("ls")[0]["phase"] == "review"


def test_a_breaking_plan_needs_a_yes_of_its_own(tiny: Hive):
    refused(tiny("run", "remove email from User", "--yes"), 3, "breaking", "--allow-breaking")
    assert tiny.lines("ls") == []


@pytest.mark.parametrize(
    ("command", "timeout", "word"),
    [
        ("no-such-program --test", "", "no-such-program"),
        ("python3 -c 'import time; time.sleep(600)'", "check_timeout = 1\n", "1 seconds"),
    ],
)
def test_a_test_command_that_cannot_tell_lands_nothing(tiny: Hive, command: str, timeout: str, word: str):
    text = TOML.replace('"python3 -m unittest"', json.dumps(command)) + f"[run]\nrework_limit = 0\n{timeout}"
    (tiny.root / "hive.toml").write_text(text)
    commit(tiny, "other command")
    assert tiny("trust", "--yes").returncode == 0
    done = run(tiny)
    assert done.returncode == 3, done.stdout + done.stderr
    assert word in tiny("show", "last", "users").stdout.replace("\n", " ")
    assert "points" not in tiny.git("show", "main:users/model.py")


def test_commands_that_changed_are_not_trusted_any_more(tiny: Hive):
    (tiny.root / "hive.toml").write_text(TOML.replace("unittest", "unittest -v"))
    commit(tiny, "changed command")
    done = run(tiny)
    assert done.returncode == 3
    assert "not trusted" in done.stdout
    assert tiny.lines("show", "last")[0]["tasks"][0]["evidence"][0]["outcome"] == "unverified"


def project(hive: Hive) -> Path:
    return next(hive.state.iterdir())


@contextmanager
def locked(database: Path) -> Iterator[None]:
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


def test_a_locked_database_says_so_and_loses_nothing(tiny: Hive):
    with locked(project(tiny) / "hive.db"):
        refused(tiny("run", *REQUEST, "--yes", HIVE_LOCK_PATIENCE="0"), 1, "locked by another process")
    assert run(tiny).returncode == 0


def test_a_newer_database_is_refused(tiny: Hive):
    connection = sqlite3.connect(project(tiny) / "hive.db")
    connection.execute("PRAGMA user_version = 99")
    connection.commit()
    connection.close()
    refused(tiny("ls"), 2, "newer hive")


def test_a_full_disk_stops_the_run_with_the_cause_and_it_goes_on_later(tiny: Hive):
    full = run(tiny, HIVE_FAULT="event.before:6:enospc")
    assert full.returncode == 1, full.stdout + full.stderr
    assert "No space left" in full.stdout + full.stderr
    done = tiny("resume", "last", "--plain", "--foreground")
    assert done.returncode == 0, done.stdout + done.stderr
    assert tiny.lines("ls")[0]["phase"] == "landed"


def test_a_second_hive_on_the_project_watches_instead_of_working(tiny: Hive):
    handle = os.open(project(tiny) / "engine.lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(handle, fcntl.LOCK_EX)
    os.pwrite(handle, b"4711", 0)
    refused(tiny("engine"), 2, "4711")
    os.close(handle)


def test_a_run_whose_engine_was_killed_is_not_shown_as_working(tiny: Hive):
    assert run(tiny, HIVE_FAULT="event.after:6:kill").returncode == -9
    assert tiny.lines("ls")[0]["stalled"] is True
    assert "hive resume" in tiny("show", "last").stdout
    assert tiny("resume", "last", "--plain", "--foreground").returncode == 0
    assert tiny.lines("show", "last")[0]["stalled"] is False


def test_a_submodule_is_kept_as_it_is(tiny: Hive):
    head = tiny.git("rev-parse", "HEAD")
    tiny.git("update-index", "--add", "--cacheinfo", f"160000,{head},vendored")
    tiny.git("-c", "user.name=u", "-c", "user.email=u@example.test", "commit", "-qm", "submodule")
    done = run(tiny)
    assert done.returncode == 0, done.stdout + done.stderr
    assert tiny.git("ls-tree", "main", "vendored") == f"160000 commit {head}\tvendored"


def test_a_partial_clone_is_refused_with_the_reason(tiny: Hive):
    tiny.git("config", "extensions.partialClone", "origin")
    tiny.git("config", "core.repositoryFormatVersion", "1")
    refused(tiny("plan", *REQUEST), 2, "partial clone", "full clone")


def test_hostile_file_names_do_no_harm(tiny: Hive):
    names = [
        b"users/caf\xe9.txt",
        b"users/new\nline.txt",
        b"users/-rf",
        "users/\u202egnp.exe".encode(),
        b"users/\x1b[31mred",
    ]
    for name in names:
        with open(os.path.join(os.fsencode(tiny.root), name), "wb") as file:  # noqa: PTH118, PTH123 - bytes
            file.write(b"x")
    commit(tiny, "odd names")
    done = run(tiny)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\x1b" not in done.stdout
    listed = subprocess.run(
        ["git", "ls-tree", "-r", "--name-only", "-z", "main"], cwd=tiny.root, capture_output=True, check=True
    )
    assert set(names) < set(listed.stdout.split(b"\0"))
