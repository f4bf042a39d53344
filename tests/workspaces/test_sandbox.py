"""Commands are confined, by really running them; skipped, with the reason, where no sandbox can run."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hive.errors import UsageError
from hive.ports import Confinement
from hive.warden import warded
from hive.workspaces.sandbox import Bubblewrap, NoSandbox, find_sandbox, probe
from hive.workspaces.sandbox import finding as module
from tests.workspaces.conftest import Project, write

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def confined(tmp_path: Path) -> Run:
    """Runs a command line in a sandbox that may write to `tmp_path/work`."""
    program = shutil.which("bwrap")
    reason = "bwrap is not installed" if program is None else probe(Bubblewrap(program))
    if reason:
        pytest.skip(f"bubblewrap cannot run here: {reason}")
    work = tmp_path / "work"
    work.mkdir()

    def run(line: str, **more: object) -> subprocess.CompletedProcess[str]:
        readable = more.pop("readable", ())
        env = more.pop("env", {})
        allow = Confinement(writable=(work,), **more)  # type: ignore[arg-type]
        argv = Bubblewrap(readable=readable).wrap(["sh", "-c", line], cwd=work, allow=allow)  # type: ignore[arg-type]
        whole = {**os.environ, **env}  # type: ignore[dict-item]
        return subprocess.run(argv, capture_output=True, text=True, check=False, env=whole, timeout=30)

    return run


def test_only_the_given_folders_can_be_written(confined: Run, tmp_path: Path) -> None:
    done = confined(
        "pwd; echo 1 > inside; echo 2 > ../outside; echo 3 > /usr/x; echo 4 > /etc/x; touch /x; echo 5 > /tmp/x"
    )
    assert done.stdout.strip() == str(tmp_path / "work")
    assert (tmp_path / "work" / "inside").read_text() == "1\n"
    assert not (tmp_path / "outside").exists()
    assert not any(Path(p).exists() for p in ("/usr/x", "/etc/x", "/x", "/tmp/x"))


def test_the_home_and_its_secrets_are_not_seen(confined: Run, private_home: Path) -> None:
    write(
        private_home,
        {".ssh/id_rsa": "s", ".aws/credentials": "s", ".config/gh/hosts.yml": "s", ".netrc": "s", "x": "s"},
    )
    done = confined(
        f"find {private_home} /root /home -type f -name '*' -maxdepth 3 -not -path '*/.*/*' ; ls -A {private_home}"
    )
    assert done.stdout.strip() == ""


def test_tool_chains_of_the_home_are_seen_without_their_credentials(
    confined: Run, private_home: Path
) -> None:
    write(private_home, {".cargo/bin/cargo": "#!/bin/sh\necho cargo\n", ".cargo/credentials.toml": "token"})
    write(private_home, {"bin/mine": "#!/bin/sh\necho mine\n", ".ssh/bin/no": "#!/bin/sh\n"})
    for tool in (".cargo/bin/cargo", "bin/mine", ".ssh/bin/no"):
        (private_home / tool).chmod(0o755)
    path = os.pathsep.join(
        [
            str(private_home / ".cargo/bin"),
            str(private_home / "bin"),
            str(private_home / ".ssh/bin"),
            os.environ["PATH"],
        ]
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", path)
        done = confined(
            f"cargo; mine; cat {private_home}/.cargo/credentials.toml; ls -A {private_home}; touch {private_home}/bin/x"
        )
    assert done.stdout.split() == ["cargo", "mine", ".cargo", "bin"]
    assert not (private_home / "bin/x").exists()


def test_this_python_works_inside(confined: Run) -> None:
    done = confined(f"{sys.executable} -c 'import hive, pydantic; print(hive.__name__)'")
    assert done.stdout.strip() == "hive", done.stderr


def test_hidden_folders_are_empty_and_what_is_given_inside_them_is_not(confined: Run, tmp_path: Path) -> None:
    write(tmp_path, {"hive.db": "secret", "other/x": "secret", "objects/x": "shown", "work/x": "mine"})
    done = confined(
        f"ls -A {tmp_path}; cat {tmp_path}/hive.db; cat x {tmp_path}/objects/x; echo 1 > {tmp_path}/objects/y",
        hidden=(tmp_path,), readable=(tmp_path / "objects",),
    )  # fmt: skip
    assert done.stdout.split() == ["objects", "work", "mineshown"]
    assert not (tmp_path / "objects" / "y").exists()


def test_something_hidden_inside_what_is_given_stays_hidden(confined: Run, tmp_path: Path) -> None:
    write(tmp_path, {"work/secret/x": "s", "work/secret.txt": "s"})
    done = confined(
        "ls secret; cat secret.txt", hidden=(tmp_path / "work/secret", tmp_path / "work/secret.txt")
    )
    assert done.stdout == ""


def test_a_program_that_confines_its_own_commands_can_do_so_and_opens_nothing(
    confined: Run, tmp_path: Path
) -> None:
    inner = "bwrap --unshare-user --unshare-net --dev-bind / / sh -c 'cat ../own; echo x > ../secret; umount /tmp'"
    write(tmp_path, {"own": "seen\n", "secret": "s"})
    done = confined(inner, nests=True, shown=(tmp_path / "own",))
    assert done.stdout == "seen\n", done.stderr
    assert done.returncode != 0
    assert (tmp_path / "secret").read_text() == "s"


def test_processes_of_the_host_are_not_seen(confined: Run) -> None:
    done = confined(
        "ls /proc | grep -c '^[0-9]'; cat /proc/1/comm; kill -0 " + str(os.getpid()) + " && echo alive"
    )
    numbers, first = done.stdout.split()[:2]
    assert int(numbers) < 10
    assert first in ("bwrap", "sh")
    assert "alive" not in done.stdout


def test_the_network_is_shut_and_loopback_works(confined: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        attempt = f"import socket; socket.create_connection(('127.0.0.1', {port}), 2); print('through')"
        own = "import socket; s = socket.create_server(('127.0.0.1', 0)); socket.create_connection(s.getsockname()); print('own')"
        shut = confined(f'{sys.executable} -c "{attempt}"; {sys.executable} -c "{own}"')
        opened = confined(f'{sys.executable} -c "{attempt}"', network="open")
    assert shut.stdout.split() == ["own"]
    assert opened.stdout.split() == ["through"]


def test_nothing_can_be_mounted_or_made_writable_again(confined: Run) -> None:
    done = confined(
        "mount -o remount,rw / && echo yes; mount -t tmpfs x /mnt && echo yes; umount /root && echo yes; grep CapEff /proc/self/status"
    )
    assert "yes" not in done.stdout
    assert int(done.stdout.split()[-1], 16) == 0


def test_sockets_of_services_are_not_seen(confined: Run) -> None:
    assert confined("ls -A /run /dev/shm /var/tmp; ls /dev/sda /dev/mem").stdout.split() == [
        "/dev/shm:", "/run:", "/var/tmp:"
    ]  # fmt: skip


def test_it_dies_with_its_parent(confined: Run, tmp_path: Path) -> None:
    argv = Bubblewrap().wrap(["sh", "-c", "echo up; exec cat"], cwd=tmp_path, allow=Confinement(writable=()))
    script = f"import subprocess, sys; p = subprocess.Popen({argv!r}, stdin=0); sys.stdin.close(); print(p.pid, flush=True); p.wait()"
    read, write_end = os.pipe()
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=read, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        lines = [parent.stdout.readline() for _ in range(2)]
        pid = next(line for line in lines if line.strip().isdigit())
        parent.kill()
        parent.wait()
        parent.stdout.read()  # ends when the last process that holds the pipe is gone
    os.close(read)
    os.close(write_end)
    stat = Path(f"/proc/{int(pid)}/stat")
    assert not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] == "Z"


def test_exit_codes_arguments_and_variables_pass(confined: Run, tmp_path: Path) -> None:
    assert confined("exit 7").returncode == 7
    assert confined("echo $MINE", env={"MINE": "a b"}).stdout == "a b\n"
    argv = Bubblewrap().wrap(
        ["printf", "%s|", "--", "-x", "a b", "$HOME"], cwd=tmp_path, allow=Confinement(writable=())
    )
    assert subprocess.run(argv, capture_output=True, text=True, check=True).stdout == "--|-x|a b|$HOME|"


def test_git_works_in_a_workspace_that_borrows_what_is_shown(confined: Run, project: Project) -> None:
    place = project.workspace()
    box = Bubblewrap(readable=project.store.borrowed())
    allow = Confinement(writable=(place.tree, place.private), hidden=(project.folder / "state",))
    line = f"echo new > x && git add x && git commit -q -m mine && git log --oneline | wc -l; ls {project.store.path}; cat {project.root}/README.md"
    argv = box.wrap(["sh", "-c", line], cwd=place.tree, allow=allow)
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["2", "objects"], done.stderr
    assert (place.tree / "x").read_text() == "new\n"


def test_a_writable_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="missing"):
        Bubblewrap().wrap(["true"], cwd=tmp_path, allow=Confinement(writable=(tmp_path / "missing",)))


def test_the_best_one_that_works_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_sandbox("none").name == "none"
    monkeypatch.setattr(module.shutil, "which", lambda _: None)
    assert find_sandbox().name == "none"
    with pytest.raises(UsageError, match="not installed"):
        find_sandbox("bubblewrap")
    monkeypatch.setattr(module.shutil, "which", lambda _: "/bin/false")
    assert find_sandbox().name == "none"
    with pytest.raises(UsageError, match="does not work here"):
        find_sandbox("bubblewrap")
    with pytest.raises(UsageError, match="'gvisor'"):
        find_sandbox("gvisor")


def test_no_sandbox_adds_a_warden_alone(tmp_path: Path) -> None:
    assert NoSandbox().wrap(["a", "b"], cwd=tmp_path, allow=Confinement(writable=())) == warded(["a", "b"])
