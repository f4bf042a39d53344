"""The only door to git: what reaches it, what it says when it fails, how it waits for locks."""

import os
import subprocess
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from hive.errors import GitError, UsageError
from hive.workspaces import git as door
from hive.workspaces.git import Git, make_bare
from hive.workspaces.locks import break_stale_lock
from hive.workspaces.names import readable, ref_part, shown
from hive.workspaces.newborn import start_repository
from tests.workspaces.conftest import DATE, Project, plain_git


@pytest.fixture
def bare(tmp_path: Path) -> Git:
    return make_bare(tmp_path / "bare.git")


def test_a_failure_names_command_place_reason_and_next_step(bare: Git) -> None:
    with pytest.raises(GitError) as caught:
        bare.run("rev-parse", "--verify", "no\x1b[31mthing")
    said = str(caught.value)
    assert "'rev-parse'" in said
    assert str(bare.git_dir) in said
    assert "\x1b" not in said
    assert "next:" in said


def test_the_configuration_of_user_and_system_does_not_reach_hives_own(bare: Git, private_home: Path) -> None:
    (private_home / ".gitconfig").write_text("[core]\n\tautocrlf = true\n[alias]\n\tx = !false\n")
    listed = bare.run("config", "--list", "--show-scope").stdout.decode()
    assert "alias.x" not in listed
    assert "autocrlf=true" not in listed
    assert not [line for line in listed.splitlines() if line.startswith(("global", "system"))]
    theirs = replace(bare, owned=False).run("config", "--list").stdout.decode()
    assert "alias.x" in theirs


@pytest.mark.parametrize(
    "name",
    [
        "GIT_DIR",
        "GIT_INDEX_FILE",
        "GIT_CONFIG_PARAMETERS",
        "GIT_SSH_COMMAND",
        "GIT_EXTERNAL_DIFF",
        "GIT_EXEC_PATH",
    ],
)
def test_variables_of_git_do_not_reach_it(bare: Git, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "/nowhere")
    assert bare.text("rev-parse", "--git-dir") == str(bare.git_dir)
    assert bare.text("rev-parse", "--is-bare-repository") == "true"


def test_a_worktree_that_is_gone_is_named_and_nothing_else_is_used(bare: Git, tmp_path: Path) -> None:
    with pytest.raises(GitError, match="is gone"):
        replace(bare, work_tree=tmp_path / "missing").run("status")


def test_names_that_look_like_options_are_names(project: Project) -> None:
    store = project.store
    for name in ("--upload-pack=touch x", "-rf", "--output=x", "; touch x", "$(touch x)", "--stdin"):
        assert store.ref(name) is None
        assert store.refs(name) == {}
        assert store.subtree(project.base, name) is None
        calls: list[Callable[[], object]] = [
            partial(store.set_ref, name, project.base, None),
            partial(store.set_ref, f"refs/hive/{name}", name, None),
            partial(store.tree_of, name),
            partial(store.diff, name, name),
            partial(store.log, name, name),
            partial(store.is_ancestor, name, name),
            partial(store.merge, project.base, name, "x", DATE),
            partial(store.fetch_base, name),
            partial(store.paths, name),
        ]
        for call in calls:
            with pytest.raises(GitError):
                call()
    assert not list(project.folder.rglob("x"))


def test_a_lock_is_waited_for(bare: Git) -> None:
    lock = bare.git_dir / "config.lock"
    lock.touch()
    blob = bare.text("hash-object", "-w", "--stdin", stdin=b"x")
    (bare.git_dir / "index.lock").touch()
    timer = threading.Timer(0.1, (bare.git_dir / "index.lock").unlink)
    timer.start()
    bare.run("update-index", "--add", "--cacheinfo", f"100644,{blob},x")
    timer.join()
    assert "x" in bare.run("ls-files").stdout.decode()


def test_a_lock_that_stays_is_named_with_what_to_do(bare: Git) -> None:
    (bare.git_dir / "index.lock").touch()
    blob = bare.text("hash-object", "-w", "--stdin", stdin=b"x")
    with pytest.raises(GitError, match=r"index\.lock") as caught:
        replace(bare, owned=False, patience=0.05).run(
            "update-index", "--add", "--cacheinfo", f"100644,{blob},x"
        )
    assert "another git process holds the lock" in caught.value.next_step
    assert (bare.git_dir / "index.lock").exists()


def test_an_old_lock_in_hives_own_repository_is_removed(bare: Git) -> None:
    lock = bare.git_dir / "index.lock"
    lock.touch()
    os.utime(lock, (0, 0))
    blob = bare.text("hash-object", "-w", "--stdin", stdin=b"x")
    bare.run("update-index", "--add", "--cacheinfo", f"100644,{blob},x")
    assert not lock.exists()


def test_an_old_lock_of_a_living_git_or_of_another_folder_stays(bare: Git, tmp_path: Path) -> None:
    lock, foreign = bare.git_dir / "index.lock", tmp_path / "index.lock"
    for file in (lock, foreign):
        file.touch()
        os.utime(file, (0, 0))
    assert not break_stale_lock(foreign, bare.git_dir)
    argv = ["git", f"--git-dir={bare.git_dir}", "cat-file", "--batch-check"]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(b"x\n")
        child.stdin.flush()
        child.stdout.readline()
        assert not break_stale_lock(lock, bare.git_dir)
        child.communicate()
    assert break_stale_lock(lock, bare.git_dir)


def test_an_old_git_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    door.version.cache_clear()
    monkeypatch.setattr(door, "OLDEST", (99, 0))
    try:
        with pytest.raises(UsageError, match="too old"):
            door.version()
    finally:
        door.version.cache_clear()


def test_a_new_repository_needs_no_identity_of_the_user_and_is_made_once(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("1")
    start_repository(tmp_path, "The shop")
    assert plain_git(tmp_path, "log", "--format=%an %s") == "hive demo The shop"
    assert plain_git(tmp_path, "branch", "--show-current") == "main"
    with pytest.raises(GitError, match="already"):
        start_repository(tmp_path, "again")


def test_names_are_shown_without_harm() -> None:
    assert shown("a\udcff") == "a\\udcff"
    assert shown("é\n") == "é\n"
    assert readable("a\n\x1b[31m\udcff") == "a\\n\\x1b[31m\\\\udcff"


@pytest.mark.parametrize("name", ["run1", "2026-01-01_x", "a.b", "A"])
def test_names_that_may_stand_in_a_ref(name: str) -> None:
    assert ref_part(name) == name
