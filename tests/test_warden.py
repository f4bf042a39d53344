"""A command under a warden: like the command alone, but that nothing of it stays behind."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hive import warden
from hive.process import MARK, marked, reap, trimmed_environment
from hive.warden import descendants, warded

linux = pytest.mark.skipif(not warden.LINUX, reason="only Linux has subreapers")
PORTABLE = (
    "import os, sys; from hive import warden; warden.LINUX = False\n"
    "sys.exit(warden.main(os.getppid(), sys.argv[1:]))"
)


def ran(*argv, **more):
    return subprocess.run(
        warded([*argv]), capture_output=True, timeout=30, start_new_session=True, check=False, **more
    )


@pytest.fixture
def mark(tmp_path):
    yield f"test-{os.getpid()}-{tmp_path.name}"
    reap(f"test-{os.getpid()}-{tmp_path.name}", wardens=True)


def gone(holds, seconds=30.0):
    end = time.monotonic() + seconds
    while (left := holds()) and time.monotonic() < end:
        time.sleep(0.005)
    return not left


def alive(pids):
    return [pid for pid in pids if Path("/proc", str(pid)).exists()]


@contextlib.contextmanager
def started(script, mark=""):
    """A shell script that says a line when it has begun."""
    argv = warded(["sh", "-c", script])
    env = trimmed_environment({MARK: mark})
    with subprocess.Popen(argv, stdout=subprocess.PIPE, start_new_session=True, env=env) as child:
        assert child.stdout.readline()
        yield child


def test_streams_and_the_exit_code_are_the_commands_own():
    done = ran("sh", "-c", "cat; echo err >&2; exit 3", input=b"in")
    assert (done.returncode, done.stdout, done.stderr) == (3, b"in", b"err\n")


def test_the_signal_that_ends_the_command_is_seen():
    assert ran("sh", "-c", "kill -9 $$").returncode == -signal.SIGKILL
    assert ran("sh", "-c", "kill -3 $$").returncode == -signal.SIGQUIT


def test_nothing_begins_for_a_hive_that_is_gone(tmp_path):
    python, flags, file, _, *command = warded(["touch", str(tmp_path / "begun")])
    gone_already = subprocess.Popen(["true"])
    gone_already.wait()
    done = subprocess.run([python, flags, file, str(gone_already.pid), *command], timeout=30, check=False)
    assert (done.returncode, list(tmp_path.iterdir())) == (1, [])


def test_a_command_that_is_not_there_is_named():
    done = ran("no-such-tool-here")
    assert (done.returncode, done.stderr) == (
        127,
        b"cannot start 'no-such-tool-here': No such file or directory\n",
    )


@linux
def test_daemons_end_with_the_command_though_nothing_marks_them(mark):
    done = ran(
        "sh", "-c", "env -i setsid sleep 1000 >/dev/null 2>&1 & echo $!", env={**os.environ, MARK: mark}
    )
    assert not alive([int(done.stdout)])


@linux
def test_daemons_are_killed_when_a_mark_is_reaped(mark):
    with started("env -i setsid sleep 1000 >/dev/null 2>&1 & echo begun; sleep 1000", mark) as child:
        assert gone(lambda: len(descendants(child.pid)) < 3)
        below = descendants(child.pid)
        assert reap(mark)
        assert gone(lambda: marked(mark) or alive(below))
        assert child.wait(30) == -signal.SIGKILL


def test_being_terminated_is_the_commands_to_answer():
    with started("trap 'exit 5' TERM; echo begun; while :; do sleep 0.01; done") as child:
        child.terminate()
        assert child.wait(30) == 5


def test_a_command_that_is_deaf_to_it_is_killed():
    with started("trap '' TERM; echo begun; while :; do sleep 0.01; done") as child:
        child.terminate()
        assert child.wait(30) == -signal.SIGKILL


@linux
def test_where_the_system_tells_nothing_the_group_ends_with_its_parent():
    middle = f"""
import subprocess, sys
script = "sleep 1000 & echo $! $$; sleep 1000"
subprocess.Popen([sys.executable, "-c", {PORTABLE!r}, "sh", "-c", script])
sys.stdin.read()
"""
    parent = subprocess.Popen([sys.executable, "-c", middle], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with parent:
        pids = [int(word) for word in parent.stdout.readline().split()]
        parent.kill()
    assert gone(lambda: alive(pids))


def test_a_process_that_is_gone_has_nothing_below_it():
    child = subprocess.Popen(["true"])
    child.wait()
    assert descendants(child.pid) == []
