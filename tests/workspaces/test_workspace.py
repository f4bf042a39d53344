"""A task's worktree: made, made again after a crash, reset, removed; never another folder, never work lost."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hive.errors import GitError, UsageError
from hive.workspaces.building import cone
from hive.workspaces.worktree import Workspace
from tests.invariants import assert_untouched, fingerprint
from tests.workspaces.conftest import DATE, Project, plain_git, write

CREATE = """
import sys
from pathlib import Path
from hive.workspaces.repository import UserRepository
from hive.workspaces.store import ObjectStore
from hive.workspaces.worktree import Workspace
user = UserRepository.open(Path(sys.argv[1]))
store = ObjectStore.open(Path(sys.argv[2]), user)
print("ready", flush=True)
sys.stdin.readline()
Workspace.create(store, Path(sys.argv[3]), user.head())
"""


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".git"
    }


def test_a_workspace_has_the_files_of_its_commit_and_a_git_that_works(project: Project) -> None:
    place = project.workspace()
    assert files_of(place.tree) == files_of_commit(project)
    assert plain_git(place.tree, "status", "--porcelain") == ""
    assert plain_git(place.tree, "log", "-1", "--format=%H") == project.base
    assert plain_git(place.tree, "branch", "--show-current") == "work"


def files_of_commit(project: Project) -> dict[str, bytes]:
    return {p: plain_git_bytes(project, p) for p in project.store.paths(project.base)}


def plain_git_bytes(project: Project, path: str) -> bytes:
    return subprocess.run(
        ["git", "show", f"HEAD:{path}"], cwd=project.root, capture_output=True, check=True
    ).stdout


def test_a_sparse_workspace_has_its_folders_and_the_files_beside_them(project: Project) -> None:
    place = project.workspace(sparse=["services/users", "contracts/"])
    assert sorted(files_of(place.tree)) == [
        "README.md",
        "contracts/users.yaml",
        "services/users/app.py",
        "services/users/tests/test_app.py",
    ]
    assert plain_git(place.tree, "status", "--porcelain") == ""
    assert "services/orders/" in plain_git(place.tree, "ls-files", "--sparse").split("\n")


def test_work_in_a_sparse_workspace_leaves_what_is_not_there_as_it_was(project: Project) -> None:
    place = project.workspace(sparse=["services/users"])
    write(place.tree, {"services/users/new.py": "1\n", "services/orders/outside.py": "2\n"})
    (place.tree / "services/users/app.py").unlink()
    commit = place.collect("work", DATE)
    changed = {stat.path: stat.status for stat in project.store.diff_stat(project.base, commit)}
    assert changed == {
        "services/orders/outside.py": "added",
        "services/users/app.py": "deleted",
        "services/users/new.py": "added",
    }


@pytest.mark.parametrize(
    ("folders", "patterns"),
    [
        ([""], "/*\n"),
        ([], "/*\n!/*/\n"),
        (["a"], "/*\n!/*/\n/a/\n"),
        (["a/b"], "/*\n!/*/\n/a/\n!/a/*/\n/a/b/\n"),
        (["a", "a/b", "./a/"], "/*\n!/*/\n/a/\n"),
        (["x*y"], "/*\n!/*/\n/x\\*y/\n"),
    ],
)
def test_folders_become_the_patterns_of_cone_mode(folders: list[str], patterns: str) -> None:
    assert cone(folders) == patterns


@pytest.mark.parametrize("folder", ["../x", "a/../..", "a\nb", "/etc"])
def test_a_sparse_folder_outside_the_repository_is_refused(folder: str) -> None:
    with pytest.raises(UsageError, match="not a folder of the repository"):
        cone([folder])


def test_making_it_again_gives_the_same_one_with_the_work_in_it(project: Project) -> None:
    place = project.workspace()
    write(place.tree, {"x": "work"})
    assert project.workspace() == place
    assert Workspace.open(project.store, place.path) == place
    assert (place.tree / "x").read_text() == "work"


def test_another_commit_at_the_same_place_is_refused(project: Project) -> None:
    place = project.workspace()
    with pytest.raises(UsageError, match="was made from"):
        project.workspace(commit=project.change({"x": b"1"}))
    assert place.tree.is_dir()


def test_one_that_was_never_begun_cannot_be_opened(project: Project) -> None:
    with pytest.raises(GitError, match="not a workspace"):
        Workspace.open(project.store, project.folder / "workspaces" / "users")


def test_a_folder_that_hive_did_not_make_is_refused(project: Project) -> None:
    path = project.folder / "workspaces" / "users"
    write(path, {"precious": "x"})
    with pytest.raises(UsageError, match="no record"):
        project.workspace()
    assert (path / "precious").read_text() == "x"


def test_sixteen_at_once(project: Project) -> None:
    with ThreadPoolExecutor(16) as pool:
        places = list(
            pool.map(lambda n: project.workspace(f"w{n}", ["services"] if n % 2 else None), range(16))
        )
    assert all(plain_git(place.tree, "status", "--porcelain") == "" for place in places)
    with ThreadPoolExecutor(16) as pool:
        commits = set(pool.map(lambda place: place.collect("same", DATE), places))
    assert len(commits) == 1


@pytest.mark.parametrize("milliseconds", [0, 3, 7, 14])
def test_one_that_a_kill_left_half_made_is_made_again(project: Project, milliseconds: int) -> None:
    path = project.folder / "workspaces" / "users"
    child = subprocess.Popen(
        [sys.executable, "-c", CREATE, str(project.root), str(project.store.path), str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdout.readline()
    child.stdin.write("\n")
    child.stdin.flush()
    time.sleep(milliseconds / 1000)  # the moment of death is what is tested
    os.killpg(child.pid, signal.SIGKILL)
    child.communicate()
    place = project.workspace()
    assert files_of(place.tree) == files_of_commit(project)
    assert plain_git(place.tree, "status", "--porcelain") == ""
    assert sorted(entry.name for entry in path.iterdir()) == ["repo.git", "tree"]


@pytest.mark.parametrize("point", ["workspace.begun", "workspace.files", "workspace.made"])
def test_a_death_at_a_known_point_is_made_good(project: Project, point: str) -> None:
    path = project.folder / "workspaces" / "users"
    argv = [sys.executable, "-c", CREATE, str(project.root), str(project.store.path), str(path)]
    env = {**os.environ, "HIVE_FAULT": f"{point}:1:kill"}
    dead = subprocess.run(argv, env=env, input=b"\n", capture_output=True, check=False)
    assert dead.returncode == -signal.SIGKILL
    place = Workspace.open(project.store, path) if point == "workspace.files" else project.workspace()
    assert files_of(place.tree) == files_of_commit(project)


@pytest.mark.parametrize("gone", ["tree", "."])
def test_one_that_has_vanished_is_an_error_and_no_other_folder(project: Project, gone: str) -> None:
    place = project.workspace()
    (place.path / gone).rename(project.folder / "moved")
    for action in (project.workspace, lambda: place.collect("x", DATE), lambda: place.reset(project.base)):
        with pytest.raises(GitError, match="has vanished"):
            action()
    with pytest.raises(GitError, match="has vanished"):
        Workspace.open(project.store, place.path)


def test_a_link_in_its_place_counts_as_vanished(project: Project) -> None:
    place = project.workspace()
    place.tree.rename(project.folder / "moved")
    place.tree.symlink_to(project.root)
    with pytest.raises(GitError, match="has vanished"):
        place.collect("x", DATE)


def test_a_reset_puts_exactly_the_commit_and_keeps_what_was_there(project: Project) -> None:
    place = project.workspace(sparse=["services/users"])
    write(place.tree, {"services/users/app.py": "turn 1\n", ".gitignore": "cache\n"})
    first = place.collect("turn 1", DATE)
    write(place.tree, {"services/users/app.py": "half\n", "services/users/junk": "x", "cache/x": "ignored"})
    plain_git(place.tree, "commit", "-q", "-a", "-m", "half of turn 2")
    taken = place.reset(first)
    assert project.store.diff(first, taken.commit).count("+half") == 1
    assert len(taken.history) == 1
    assert (place.tree / "services/users/app.py").read_text() == "turn 1\n"
    assert not (place.tree / "services/users/junk").exists()
    assert not (place.tree / "cache").exists()
    assert plain_git(place.tree, "status", "--porcelain") == ""
    assert Workspace.open(project.store, place.path).collect("turn 1", DATE) == first
    assert place.reset(project.base).commit != taken.commit


def test_a_reset_that_a_kill_cut_short_is_completed(project: Project) -> None:
    place = project.workspace()
    write(place.tree, {"x": "1"})
    first = place.collect("turn 1", DATE)
    write(place.tree, {"x": "2"})
    script = CREATE.replace("Workspace.create(store, Path(sys.argv[3]), user.head())", f"Workspace.open(store, Path(sys.argv[3])).reset({first!r})")  # fmt: skip
    argv = [sys.executable, "-c", script, str(project.root), str(project.store.path), str(place.path)]
    env = {**os.environ, "HIVE_FAULT": "workspace.files:1:kill"}
    dead = subprocess.run(argv, env=env, input=b"\n", capture_output=True, check=False)
    assert dead.returncode == -signal.SIGKILL
    assert (Workspace.open(project.store, place.path).tree / "x").read_text() == "1"
    assert project.workspace().collect("turn 1", DATE) == first


def test_removal_keeps_the_work_under_a_ref(project: Project) -> None:
    place = project.workspace()
    write(place.tree, {"x": "1"})
    commit = place.collect("work", DATE)
    kept = place.remove()
    assert (kept.commit, project.store.ref(kept.ref)) == (commit, commit)
    assert not place.path.exists()
    assert project.workspace().collect("none", DATE) != commit


def test_removal_keeps_what_nobody_collected(project: Project) -> None:
    place = project.workspace()
    write(place.tree, {"x": "late"})
    kept = place.remove()
    assert project.store.subtree(kept.commit, "x") == project.store.blob(b"late")


def test_removal_waits_for_processes_that_live_in_it(project: Project) -> None:
    place = project.workspace()
    with subprocess.Popen(["cat"], cwd=place.tree, stdin=subprocess.PIPE) as child:
        for action in (place.remove, lambda: place.reset(project.base)):
            with pytest.raises(GitError, match=f"in use by process {child.pid}"):
                action()
        assert place.tree.is_dir()
        child.communicate()
    place.remove()


def test_removal_follows_no_link_and_is_stopped_by_no_mode(project: Project) -> None:
    place = project.workspace()
    (place.tree / "out").symlink_to(project.root)
    write(place.tree, {"locked/deep/x": "1"})
    (place.tree / "locked" / "deep").chmod(0o500)
    (place.tree / "locked").chmod(0o500)
    before = fingerprint(project.root)
    place.remove()
    assert not place.path.exists()
    assert_untouched(before, fingerprint(project.root))


def test_a_removal_that_was_cut_short_can_be_completed(project: Project) -> None:
    place = project.workspace()
    write(place.tree, {"x": "1"})
    commit = place.collect("work", DATE)
    from hive.workspaces.record import Record

    record = Record.read(place._watch)
    assert record is not None
    record._replace(state="removing").write(place._watch)
    (place.tree / "x").unlink()
    assert Workspace.open(project.store, place.path).remove().commit == commit
    assert not place.path.exists()


def test_what_is_made_can_be_read_by_its_owner_alone(project: Project) -> None:
    place = project.workspace()
    assert place.path.stat().st_mode & 0o077 == 0
    assert place.tree.stat().st_mode & 0o077 == 0


def test_nothing_of_the_user_changes(project: Project) -> None:
    before = fingerprint(project.root)
    place = project.workspace(sparse=["services"])
    write(place.tree, {"services/x": "1"})
    plain_git(place.tree, "stash", "-u")
    plain_git(place.tree, "checkout", "-q", "-b", "mine")
    place.collect("x", DATE)
    place.remove()
    assert_untouched(before, fingerprint(project.root))
