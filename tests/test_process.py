import asyncio
import contextlib
import os
import sys
from pathlib import Path

import pytest

from hive import process
from hive.errors import HiveError
from hive.process import MARK, Completed, kill_group, marked, reap, run, streaming
from hive.process.streaming import exited, run_logged, start, stop_group

ENDLESS = "import time; time.sleep(1000)"
DAEMON = """
import os, time
away, told = os.pipe()
if os.fork() == 0:
    os.setsid()
    os.write(told, b"x")
    time.sleep(1000)
os.read(away, 1)
print("parent done", flush=True)
"""
"""A child that leaves its group, keeps the output pipe and outlives its parent."""


@pytest.fixture
def mark(tmp_path):
    """A mark of this test alone; whatever still carries it in the end is killed."""
    yield f"test-{os.getpid()}-{tmp_path.name}"
    reap(f"test-{os.getpid()}-{tmp_path.name}")


@pytest.fixture
def logged(tmp_path, mark):
    def to_the_end(argv, *, timeout=30.0, limit=1 << 20, tail=8192) -> Completed:
        return asyncio.run(
            run_logged(
                argv,
                cwd=tmp_path,
                env=process.trimmed_environment({MARK: mark}),
                timeout=timeout,
                output=tmp_path / "log",
                limit=limit,
                tail=tail,
            )
        )

    return to_the_end


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def gone(mark: str) -> bool:
    """Whether the marked processes disappear; a killed one needs a moment until the kernel has cleared it."""
    for _ in range(10_000):
        if not marked(mark):
            return True
        os.sched_yield()
    return False


def test_a_command_gives_its_exit_code_and_both_streams_apart(tmp_path):
    done = run(python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"), cwd=tmp_path)
    assert (done.code, done.ok, done.stdout, done.stderr) == (3, False, b"out\n", b"err\n")


def test_a_command_reads_what_it_is_given_however_much(tmp_path):
    text = b"\xff" * 1_000_000
    done = run(
        python("import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())"), cwd=tmp_path, stdin=text
    )
    assert done.stdout == text


def test_a_command_without_input_sees_its_end_at_once(tmp_path):
    assert (
        run(python("print(repr(input.__call__) and open(0).read() == '')"), cwd=tmp_path).stdout == b"True\n"
    )


@pytest.mark.parametrize("argv", [["no-such-tool-here"], ["/"]])
def test_what_cannot_be_started_is_named(tmp_path, argv, logged):
    for attempt in (lambda: run(argv, cwd=tmp_path), lambda: logged(argv)):
        with pytest.raises(HiveError, match=f"cannot start {argv[0]!r}") as error:
            attempt()
        assert argv[0] in error.value.next_step


def test_a_command_that_takes_too_long_is_killed_with_its_children(tmp_path, mark):
    argv = ["sh", "-c", "sleep 1000 & sleep 1000"]
    with pytest.raises(HiveError, match=r"did not end within 0\.05 seconds"):
        run(argv, cwd=tmp_path, env=process.trimmed_environment({MARK: mark}), timeout=0.05)
    assert gone(mark)


def test_a_daemon_that_keeps_the_output_does_not_keep_a_short_command(tmp_path, mark):
    done = run(python(DAEMON), cwd=tmp_path, env=process.trimmed_environment({MARK: mark}), timeout=20)
    assert done.stdout == b"parent done\n"
    assert reap(mark) == 1


def test_a_daemon_that_keeps_the_pipe_does_not_keep_a_logged_command(logged, mark, tmp_path):
    done = logged(python(DAEMON), timeout=20)
    assert (done.code, done.timed_out, done.truncated) == (0, False, False)
    assert done.stdout == b"parent done\n"
    assert (tmp_path / "log").read_bytes() == b"parent done\n"
    assert reap(mark) == 1
    assert gone(mark)


def test_stopping_a_group_is_bounded_even_when_a_daemon_keeps_the_pipe(tmp_path, mark):
    async def stopped() -> int | None:
        env = process.trimmed_environment({MARK: mark})
        child = await start(python(DAEMON + "time.sleep(1000)"), cwd=tmp_path, env=env)
        assert child.stdout is not None
        assert await child.stdout.readline() == b"parent done\n"
        await stop_group(child)
        return child.returncode

    assert asyncio.run(stopped()) == -15


def test_a_child_that_ignores_being_terminated_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr(streaming, "TERMINATE_SECONDS", 0.05)
    stubborn = "import signal; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); " + ENDLESS

    async def stopped() -> int | None:
        child = await start(python(stubborn), cwd=tmp_path, env=process.trimmed_environment())
        assert child.stdout is not None
        await child.stdout.readline()
        await stop_group(child)
        return child.returncode

    assert asyncio.run(stopped()) == -9


def test_a_logged_command_that_takes_too_long_says_so_and_leaves_nothing(logged, mark, tmp_path):
    done = logged(["sh", "-c", "echo begun; sleep 1000 & sleep 1000"], timeout=0.2)
    assert done.timed_out
    assert not done.ok
    assert (tmp_path / "log").read_bytes() == b"begun\n"
    assert gone(mark)


def test_cancelling_a_logged_command_leaves_nothing(tmp_path, mark):
    async def cancelled() -> None:
        env = process.trimmed_environment({MARK: mark})
        argv = ["sh", "-c", "touch begun; sleep 1000 & sleep 1000"]
        work = asyncio.create_task(
            run_logged(argv, cwd=tmp_path, env=env, timeout=60, output=tmp_path / "log", limit=1 << 20)
        )
        while not (tmp_path / "begun").exists():
            await asyncio.sleep(0)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work

    asyncio.run(cancelled())
    assert gone(mark)


def test_a_hundred_megabytes_of_output_are_bounded_and_say_that_they_were_cut(logged, tmp_path):
    code = "import sys\nfor _ in range(100): sys.stdout.buffer.write(b'x' * (1 << 20))\nprint('the end')"
    done = logged(python(code), limit=1 << 20, tail=100)
    assert done.truncated
    assert done.stdout.endswith(b"xthe end\n")
    assert len(done.stdout) == 100
    log = (tmp_path / "log").read_bytes()
    assert len(log) < (1 << 20) + 100
    assert log.endswith(b"\n[hive: output cut here]\n")


def test_output_that_is_not_utf8_is_kept_as_it_is(logged, tmp_path):
    done = logged(python("import sys; sys.stdout.buffer.write(b'\\xff\\x00\\xc3(')"))
    assert done.stdout == b"\xff\x00\xc3("
    assert (tmp_path / "log").read_bytes() == b"\xff\x00\xc3("


def test_a_mark_finds_its_own_processes_and_those_below_it_and_no_others(tmp_path, mark):
    async def found() -> list[int]:
        children = [
            await start(python(ENDLESS), cwd=tmp_path, env=process.trimmed_environment({MARK: name}))
            for name in (mark, f"{mark}/users", f"{mark}-other")
        ]
        try:
            while len(marked(mark)) < 2 or len(marked(f"{mark}-other")) < 1:
                await asyncio.sleep(0)
            assert sorted(marked(mark)) == sorted(child.pid for child in children[:2])
            assert reap(mark) == 2
            assert children[2].returncode is None
            return [await exited(child) for child in children[:2]]
        finally:
            for child in children:
                await stop_group(child)

    assert asyncio.run(found()) == [-9, -9]
    assert reap(mark) == 0


def test_the_environment_of_a_child_has_no_git_variables_and_no_keys(monkeypatch, tmp_path):
    for name in ("GIT_DIR", "GIT_CONFIG_COUNT", "ANTHROPIC_API_KEY", "AWS_SECRET_ACCESS_KEY", "PYTHONPATH"):
        monkeypatch.setenv(name, "x")
    shown = run(["env"], cwd=tmp_path, env=process.trimmed_environment({"EXTRA": "1"})).stdout.decode()
    names = {line.partition("=")[0] for line in shown.splitlines()}
    assert not {name for name in names if name.startswith("GIT_") or name.endswith("_KEY")}
    assert {"PATH", "EXTRA"} <= names
    assert names <= process.KEPT | {"EXTRA", "PWD", "_", "SHLVL", "LC_CTYPE"}


def test_signalling_a_group_that_is_gone_is_fine(tmp_path):
    done = run(["true"], cwd=tmp_path)
    assert done.ok
    kill_group(2**22 - 1)


def test_a_child_that_is_started_can_be_written_to(tmp_path: Path):
    async def echoed() -> bytes:
        child = await start(["cat"], cwd=tmp_path, env=process.trimmed_environment(), stdin=True)
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(b"hello\n")
        line = await child.stdout.readline()
        await stop_group(child)
        return line

    assert asyncio.run(echoed()) == b"hello\n"


@pytest.mark.parametrize("steps", range(6))
def test_cancelling_a_start_at_any_moment_leaves_nothing(tmp_path, mark, steps):
    async def cancelled() -> None:
        env = process.trimmed_environment({MARK: mark})
        work = asyncio.create_task(start(["sh", "-c", "sleep 1000 & sleep 1000"], cwd=tmp_path, env=env))
        for _ in range(steps):
            await asyncio.sleep(0)
        if work.done():
            await stop_group(work.result())
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work

    asyncio.run(cancelled())
    assert gone(mark)
