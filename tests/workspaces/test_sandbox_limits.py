"""Limits hold real commands; where this machine has no control groups, the test says so."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hive.ports import Confinement
from hive.process import run
from hive.workspaces.sandbox import Bubblewrap, NoSandbox, find_sandbox
from hive.workspaces.sandbox.limits import Groups, Limits, find_groups, size, too_large

GROUPS = find_groups()
CONFINED = find_sandbox()
BOXES = [each for each in (Bubblewrap, NoSandbox) if each is NoSandbox or CONFINED.name == "bubblewrap"]
grouped = pytest.mark.skipif(GROUPS.parent is None, reason="no control group can be made here")


def limited(box, folder, line, *, groups=None, **limits):
    """What came of a command line, and which limit it met."""
    sandbox = box(limits=Limits(**limits), groups=groups or Groups(None))
    argv = sandbox.wrap(["sh", "-c", line], cwd=folder, allow=Confinement(writable=(folder,)))
    done = run(argv, cwd=folder, timeout=60)
    return done, sandbox.met(done.argv, done.code)


@pytest.mark.parametrize("box", BOXES)
def test_a_file_grows_no_further_than_its_limit(box, tmp_path):
    line = "head -c 3000000 /dev/zero > large; code=$?; wc -c < large; exit $code"
    done, met = limited(box, tmp_path, line, file_size=1 << 20)
    assert done.stdout.split() == [b"1048576"]
    assert done.code == 128 + signal.SIGXFSZ
    assert met == "killed: a file of more than 1 MiB"


@pytest.mark.parametrize("box", BOXES)
def test_a_process_gets_no_more_memory_than_its_limit(box, tmp_path):
    line = f"{sys.executable} -c 'x = bytearray(300 << 20)'"
    done, _ = limited(box, tmp_path, line, memory=200 << 20)
    assert b"MemoryError" in done.stderr
    done, _ = limited(box, tmp_path, line, memory=600 << 20)
    assert done.ok


def test_node_runs_within_the_usual_limit(tmp_path):
    if shutil.which("node") is None:
        pytest.skip("node is not installed: whether it runs within the limits cannot be tried")
    line = "node -e 'console.log([1, 2].map(x => Buffer.alloc(x << 20).length).length)'"
    done, _ = limited(NoSandbox, tmp_path, line, memory=8 << 30, file_size=4 << 30, processes=1024)
    assert done.stdout == b"2\n", done.stderr


@grouped
@pytest.mark.parametrize("box", BOXES)
def test_a_fork_bomb_is_bounded_told_and_gone(box, tmp_path):
    # 300 children at most, should the limit not hold.
    bomb = "i=0; while [ $i -lt 300 ]; do sleep 1000 & i=$((i+1)); done; wait"
    done, met = limited(box, tmp_path, bomb, groups=GROUPS, processes=40)
    assert b"fork" in done.stderr
    assert done.code != 0
    assert met == "more than 40 processes at a time"
    assert not GROUPS.made


@grouped
def test_daemons_that_left_their_group_and_their_mark_are_gone(tmp_path):
    line = "env -i setsid sh -c 'echo $$ > pid; exec sleep 1000' & while [ ! -s pid ]; do sleep 0.01; done"
    done, met = limited(NoSandbox, tmp_path, line, groups=GROUPS, processes=40)
    assert (done.ok, met) == (True, "")
    pid = int((tmp_path / "pid").read_text())
    stat = Path(f"/proc/{pid}/stat")
    assert not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] == "Z"


@pytest.mark.skipif(CONFINED.name != "bubblewrap", reason="bubblewrap does not work here")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user to try this")
def test_processes_of_a_user_are_counted_in_the_sandbox_alone(tmp_path):
    shown = tmp_path / "anyone"
    shown.mkdir()
    inner = Limits(processes=20).hold(
        ["sh", "-c", "for i in $(seq 60); do sleep 5 & done; echo all"], alone=True
    )
    argv = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "bwrap", "--unshare-user", "--unshare-pid",
            "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--die-with-parent", *inner]  # fmt: skip
    done = subprocess.run(argv, capture_output=True, cwd="/", check=False, timeout=60)
    assert b"fork" in done.stderr
    assert b"all" not in done.stdout


def test_what_is_written_into_a_group_of_cgroup_v2(tmp_path):
    """Plain files stand in for the kernel's: this machine may have none of its own."""
    root, proc = tmp_path / "cgroup", tmp_path / "proc"
    (root / "user" / "app").mkdir(parents=True)
    proc.mkdir()
    (root / "cgroup.controllers").write_text("memory pids\n")
    (proc / "cgroup").write_text("0::/user/app\n")
    assert find_groups(proc, root).parent is None  # nothing counts there
    groups = Groups(root / "user")  # a group of plain files cannot be removed like the kernel's
    argv = groups.join(Limits(memory=1 << 30, processes=9), ["true"])
    group = Path(argv[4])
    assert group.parent == root / "user"
    for name, text in {
        "memory.events": "oom 1\noom_kill 2\n",
        "pids.events": "max 0\n",
        "cgroup.procs": "",
    }.items():
        (group / name).write_text(text)
    assert groups.met(argv, Limits(memory=1 << 30, processes=9)) == "killed: more than 1 GiB of memory"
    assert groups.met(["true"], Limits()) == ""


@grouped
def test_a_group_stays_until_its_command_has_joined_it(tmp_path):
    sandbox = NoSandbox(limits=Limits(processes=40), groups=GROUPS)
    first, second = (
        sandbox.wrap(["echo", word], cwd=tmp_path, allow=Confinement(writable=())) for word in ("one", "two")
    )
    for argv in (first, second):
        assert run(argv, cwd=tmp_path).ok
        assert sandbox.met(argv, 0) == ""
    assert not GROUPS.made


@grouped
def test_groups_of_a_dead_hive_are_buried_and_those_of_a_living_one_are_not():
    dead = subprocess.run(["sh", "-c", "echo $$"], capture_output=True, text=True, check=True).stdout.strip()
    left, living = GROUPS.parent / f"hive-{dead}-1", GROUPS.parent / f"hive-{os.getppid()}-999"
    left.mkdir()
    living.mkdir()
    try:
        find_groups()
        assert not left.exists()
        assert living.exists()
    finally:
        living.rmdir()


def test_without_limits_the_command_is_as_it_was():
    assert Limits().hold(["a"], alone=True) == ["a"]
    assert Groups(None).join(Limits(processes=3), ["a"]) == ["a"]


def test_sizes_and_codes_in_words():
    assert [size(n) for n in (8 << 30, 3 << 29, 5 << 20, 1 << 10, 7)] == [
        "8 GiB",
        "1.5 GiB",
        "5 MiB",
        "1 KiB",
        "7 bytes",
    ]
    assert too_large(1, Limits()) == ""
