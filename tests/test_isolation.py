"""The suite's own fixtures keep tests apart from the machine."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from hive.process import run, trimmed_environment

CONFTEST = Path(__file__).with_name("conftest.py")
ROOT = CONFTEST.parent.parent
ESCAPES = """\
import os, pathlib, pytest, shutil

CHECKOUT = pathlib.Path(__file__).resolve().parent.parent

def test_a_file(): (CHECKOUT / 'left').write_text('over')
def test_a_folder(): (CHECKOUT / 'folder').mkdir()
def test_a_removal(): (CHECKOUT / 'victim').unlink()
def test_a_file_of_home(): pathlib.Path(os.environ['REAL_HOME'], 'left').write_text('over')
def test_a_link_out(tmp_path):
    with pytest.raises(FileNotFoundError): os.open(tmp_path / '..' / '..' / '..' / 'x' / 'y', os.O_RDONLY)
def test_reading(tmp_path): (tmp_path / 'copy').write_text((CHECKOUT / 'kept').read_text())
def test_removing_a_folder(tmp_path):
    (tmp_path / 'a' / 'b').mkdir(parents=True)
    shutil.rmtree(tmp_path / 'a')
def test_home(): (pathlib.Path.home() / '.hiverc').write_text('mine')
"""


def test_home_and_temporary_folder_are_private(private_home: Path) -> None:
    assert Path.home() == private_home
    assert Path(tempfile.gettempdir()).is_relative_to(private_home)
    assert os.environ["XDG_STATE_HOME"].startswith(str(private_home))


def test_no_setting_and_no_key_of_the_user_is_seen() -> None:
    assert [name for name in os.environ if name.startswith(("HIVE_", "ANTHROPIC_", "GIT_DIR"))] == []


def test_a_repository_is_real_and_committed(repo: Callable[..., Path]) -> None:
    root = repo({"users/app.py": "x = 1\n", "blob": b"\xff\x00"})
    done = run(["git", "ls-tree", "-r", "--name-only", "main"], cwd=root)
    assert done.stdout.decode().split() == ["blob", "users/app.py"]
    log = run(["git", "log", "-1", "--format=%an"], cwd=root)
    assert log.stdout == b"A Tester\n"


def test_a_write_into_the_checkout_or_the_real_home_fails_its_test(tmp_path: Path) -> None:
    tests, home = tmp_path / "project" / "tests", tmp_path / "person"
    tests.mkdir(parents=True)
    home.mkdir()
    shutil.copy(CONFTEST, tests)
    (tests / "test_escapes.py").write_text(ESCAPES)
    for name in ("kept", "victim"):
        (tests.parent / name).write_text(name)
    (tests.parent / "pytest.ini").write_text("[pytest]\n")
    done = run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-rA",
            "-p",
            "no:cacheprovider",
            f"--basetemp={tmp_path / 'base'}",
        ],
        cwd=tests.parent,
        env=trimmed_environment(
            {
                "HOME": str(home),
                "REAL_HOME": str(home),
                "PYTHONPATH": str(ROOT),
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            }
        ),
    )
    lines = done.stdout.decode().splitlines()
    failed = {line.split("::")[1].split()[0] for line in lines if line.startswith("ERROR ")}
    assert failed == {"test_a_file", "test_a_folder", "test_a_removal", "test_a_file_of_home"}, lines
