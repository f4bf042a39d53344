"""The target branch moves to the tested commit, once; a person's work in progress is never touched."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hive.errors import GitError
from hive.workspaces import indexlock
from hive.workspaces.landing import (
    BranchDeleted,
    BranchMoved,
    BranchReset,
    Landed,
    LandedElsewhere,
    Outcome,
    land,
)
from tests.invariants import assert_untouched, fingerprint
from tests.workspaces.conftest import DATE, Project, open_project, plain_git, write

CHANGE = {
    "services/users/app.py": b"changed\n",
    "services/users/new/deep.py": b"new\n",
    "contracts/users.yaml": None,
}
LAND = """
import sys
from pathlib import Path
from hive.workspaces.repository import UserRepository
from hive.workspaces.store import ObjectStore
from hive.workspaces.landing import land
user = UserRepository.open(Path(sys.argv[1]))
land(user, ObjectStore.open(Path(sys.argv[2]), user), "main", sys.argv[3], sys.argv[4], run="run1")
"""


def land_main(project: Project, new: str, old: str | None = None) -> Outcome:
    return land(project.user, project.store, "main", old or project.base, new, run="run1")


def assert_checked_out(folder: Path, commit: str) -> None:
    """Ref, index and files of a checkout are exactly at a commit."""
    assert plain_git(folder, "rev-parse", "HEAD") == commit
    assert plain_git(folder, "status", "--porcelain", "--untracked-files=no") == ""
    assert plain_git(folder, "diff", "HEAD", "--stat") == ""


def test_a_clean_checkout_moves_with_its_branch(project: Project) -> None:
    before = fingerprint(project.root)
    new = project.change(CHANGE)
    assert land_main(project, new) == Landed("refs/heads/main", project.base, new)
    assert_checked_out(project.root, new)
    assert (project.root / "services/users/new/deep.py").read_bytes() == b"new\n"
    assert not (project.root / "contracts").exists()
    assert project.git("reflog", "-1", "--format=%gs", "main") == "hive: land run run1"
    assert project.git("reflog", "-1", "--format=%gs") == "hive: land run run1"
    assert_untouched(before, fingerprint(project.root), target="main")
    assert {file.name for file in (project.root / ".git").glob("index*")} == {"index"}


def test_landing_again_changes_nothing(project: Project) -> None:
    new = project.change(CHANGE)
    land_main(project, new)
    before = fingerprint(project.root)
    assert land_main(project, new) == Landed("refs/heads/main", project.base, new)
    assert_untouched(before, fingerprint(project.root))


def test_landing_again_leaves_alone_what_a_person_did_since(project: Project) -> None:
    new = project.change(CHANGE)
    land_main(project, new)
    project.git("read-tree", "-m", "-u", new, project.base)  # a person stages the opposite
    before = fingerprint(project.root)
    assert isinstance(land_main(project, new), Landed)
    assert_untouched(before, fingerprint(project.root))


def test_a_branch_that_is_not_checked_out_moves_alone(project: Project) -> None:
    project.git("checkout", "-q", "-b", "mine")
    before = fingerprint(project.root)
    new = project.change(CHANGE)
    assert isinstance(land_main(project, new), Landed)
    assert project.git("rev-parse", "main") == new
    after = fingerprint(project.root)
    assert (after["files"], after["index"]) == (before["files"], before["index"])
    assert_untouched(before, after, target="main")


@pytest.mark.parametrize("how", ["modified", "staged", "deleted", "merging", "unrelated"])
def test_a_checkout_in_use_is_left_alone_and_the_work_lands_beside(project: Project, how: str) -> None:
    if how == "modified":
        write(project.root, {"services/users/app.py": "mine\n"})
    elif how == "unrelated":
        write(project.root, {"README.md": "mine\n"})
    elif how == "staged":
        write(project.root, {"staged": "mine\n"})
        project.git("add", "staged")
    elif how == "deleted":
        (project.root / "README.md").unlink()
    else:
        (project.root / ".git" / "MERGE_HEAD").write_text(project.base + "\n")
    before = fingerprint(project.root)
    new = project.change(CHANGE)
    outcome = land_main(project, new)
    assert isinstance(outcome, LandedElsewhere)
    assert outcome.ref == "refs/heads/hive/landed/run1"
    assert "hive/landed/run1" in outcome.next_step
    assert project.git("rev-parse", "hive/landed/run1") == new
    assert_untouched(before, fingerprint(project.root))
    assert land_main(project, new) == outcome


def test_untracked_files_elsewhere_are_no_obstacle(project: Project) -> None:
    write(project.root, {"notes.txt": "mine"})
    assert isinstance(land_main(project, project.change(CHANGE)), Landed)
    assert (project.root / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("path", ["services/users/new/deep.py", "services/users/new"])
@pytest.mark.parametrize("ignored", [False, True])
def test_an_untracked_file_in_the_way_is_never_overwritten(
    project: Project, path: str, ignored: bool
) -> None:
    write(project.root, {path: "mine"})
    if ignored:
        write(project.root, {".git/info/exclude": "new\n"})
    before = fingerprint(project.root)
    outcome = land_main(project, project.change(CHANGE))
    assert isinstance(outcome, LandedElsewhere)
    assert "untracked" in outcome.reason
    assert_untouched(before, fingerprint(project.root))


def test_a_file_becomes_a_folder_and_back(project: Project) -> None:
    one = project.change({"README.md": None, "README.md/inside": b"1"})
    assert isinstance(land_main(project, one), Landed)
    assert_checked_out(project.root, one)
    two = project.change({"README.md/inside": None, "README.md": b"1"}, one)
    assert isinstance(land_main(project, two, one), Landed)
    assert_checked_out(project.root, two)


def test_a_linked_worktree_that_has_the_branch_moves_with_it(project: Project, tmp_path: Path) -> None:
    project.git("checkout", "-q", "-b", "mine")
    project.git("worktree", "add", "-q", str(tmp_path / "linked"), "main")
    new = project.change(CHANGE)
    assert isinstance(land_main(project, new), Landed)
    assert_checked_out(tmp_path / "linked", new)
    assert plain_git(tmp_path / "linked", "reflog", "-1", "--format=%gs") == "hive: land run run1"
    assert project.git("status", "--porcelain") == ""


def test_a_sparse_checkout_stays_sparse(project: Project) -> None:
    project.git("sparse-checkout", "set", "services/users")
    new = project.change({**CHANGE, "services/orders/new.py": b"1\n"})
    assert isinstance(land_main(project, new), Landed)
    assert_checked_out(project.root, new)
    assert not (project.root / "services/orders").exists()
    assert (project.root / "services/users/new/deep.py").exists()


def test_an_index_with_extensions_is_no_obstacle(project: Project) -> None:
    for key, value in (("core.splitIndex", "true"), ("core.untrackedCache", "true"), ("index.version", "4")):
        project.git("config", key, value)
    project.git("update-index", "--split-index", "--untracked-cache")
    new = project.change(CHANGE)
    assert isinstance(land_main(project, new), Landed)
    assert_checked_out(project.root, new)


def test_a_checkout_with_a_submodule_lands_and_the_submodule_stays(
    tmp_path: Path, repo: Callable[..., Path]
) -> None:
    inner, root = repo({"x": "1"}, name="inner"), repo({"app": "1"}, name="outer")
    plain_git(root, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "lib")
    plain_git(root, "commit", "-q", "-m", "submodule")
    project = open_project(tmp_path, root)
    new = project.change({"app": b"2"})
    assert isinstance(land_main(project, new), Landed)
    assert_checked_out(project.root, new)
    assert (project.root / "lib" / "x").read_text() == "1"


def test_a_branch_checked_out_twice_is_left_alone(project: Project, tmp_path: Path) -> None:
    project.git("worktree", "add", "-q", "--force", str(tmp_path / "linked"), "main")
    assert isinstance(land_main(project, project.change(CHANGE)), LandedElsewhere)


def test_a_worktree_removed_by_hand_is_no_obstacle(project: Project, tmp_path: Path) -> None:
    project.git("checkout", "-q", "-b", "mine")
    project.git("worktree", "add", "-q", str(tmp_path / "linked"), "main")
    (tmp_path / "linked").rename(tmp_path / "moved")
    assert isinstance(land_main(project, project.change(CHANGE)), Landed)


def test_a_branch_in_the_middle_of_a_rebase_is_left_alone(project: Project) -> None:
    new = project.change(CHANGE)
    write(project.root, {"README.md": "mine\n"})
    project.git("commit", "-q", "-a", "-m", "mine")
    project.git("branch", "other", project.base)
    write(project.root, {"README.md": "mine too\n"})
    project.git("commit", "-q", "-a", "-m", "mine too")
    old = project.user.head()
    project.git("checkout", "-q", "other")
    write(project.root, {"README.md": "theirs\n"})
    project.git("commit", "-q", "-a", "-m", "theirs")
    project.git("rebase", "other", "main", check=False)
    merged = project.store.merge(old, new, "merge", DATE)
    outcome = land_main(project, merged.commit, old)  # type: ignore[union-attr]
    assert isinstance(outcome, LandedElsewhere)
    assert "rebase" in outcome.reason


def test_a_branch_that_moved_on_is_reported(project: Project) -> None:
    project.git("commit", "-q", "--allow-empty", "-m", "mine")
    before = fingerprint(project.root)
    found = land_main(project, project.change(CHANGE))
    assert found == BranchMoved("main", project.base, project.user.head())
    assert_untouched(before, fingerprint(project.root))


def test_a_branch_that_was_reset_is_reported(project: Project) -> None:
    project.git("commit", "-q", "--amend", "-m", "other")
    assert land_main(project, project.change(CHANGE)) == BranchReset(
        "main", project.base, project.user.head()
    )


def test_a_branch_that_was_deleted_is_reported(project: Project) -> None:
    project.git("checkout", "-q", "--detach")
    project.git("branch", "-q", "-D", "main")
    assert land_main(project, project.change(CHANGE)) == BranchDeleted("main", project.base)
    assert project.user.branch_commit("main") is None


def test_only_a_descendant_can_land(project: Project) -> None:
    new = project.change(CHANGE)
    with pytest.raises(GitError, match="does not contain"):
        land_main(project, project.base, new)


def test_somebody_elses_index_lock_is_respected(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexlock, "PATIENCE", 0.05)
    lock = project.root / ".git" / "index.lock"
    lock.write_bytes(b"somebody's")
    outcome = land_main(project, project.change(CHANGE))
    assert isinstance(outcome, LandedElsewhere)
    assert "index.lock" in outcome.reason
    assert lock.read_bytes() == b"somebody's"


@pytest.mark.parametrize("point", ["landing.fetched", "landing.files", "landing.ref"])
@pytest.mark.parametrize("lock_removed", [False, True])
def test_a_death_anywhere_is_completed_by_landing_again(
    project: Project, point: str, lock_removed: bool
) -> None:
    before, new = fingerprint(project.root), project.change(CHANGE)
    argv = [sys.executable, "-c", LAND, str(project.root), str(project.store.path), project.base, new]
    dead = subprocess.run(
        argv, env={**os.environ, "HIVE_FAULT": f"{point}:1:kill"}, capture_output=True, check=False
    )
    assert dead.returncode == -signal.SIGKILL, dead.stderr
    if lock_removed:
        (project.root / ".git" / "index.lock").unlink(missing_ok=True)
    assert land_main(project, new) == Landed("refs/heads/main", project.base, new)
    assert_checked_out(project.root, new)
    assert_untouched(before, fingerprint(project.root), target="main")
    assert {file.name for file in (project.root / ".git").glob("index*")} == {"index"}


def test_an_update_that_stopped_between_two_files_is_completed(project: Project) -> None:
    new = project.change(CHANGE)
    (project.root / "services/users/app.py").write_bytes(b"changed\n")
    assert land_main(project, new) == Landed("refs/heads/main", project.base, new)
    assert_checked_out(project.root, new)


def test_half_an_update_with_a_persons_change_in_it_is_left_alone(project: Project) -> None:
    new = project.change({**CHANGE, "README.md": None})
    write(project.root, {"services/users/app.py": "changed\n", "README.md": "mine\n"})
    before = fingerprint(project.root)
    assert isinstance(land_main(project, new), LandedElsewhere)
    assert_untouched(before, fingerprint(project.root))


def test_the_users_own_filters_and_line_ends_hold_in_their_checkout(project: Project) -> None:
    project.git("config", "filter.upper.smudge", "tr a-z A-Z")
    project.git("config", "filter.upper.clean", "tr A-Z a-z")
    attributes = b"*.up filter=upper\n*.txt text eol=crlf\n"
    new = project.change({".gitattributes": attributes, "x.up": b"word\n", "x.txt": b"a\nb\n"})
    assert isinstance(land_main(project, new), Landed)
    assert (project.root / "x.up").read_bytes() == b"WORD\n"
    assert (project.root / "x.txt").read_bytes() == b"a\r\nb\r\n"
    assert_checked_out(project.root, new)


def test_no_hook_and_no_signature_of_the_user_is_asked_for(project: Project) -> None:
    for name in ("post-checkout", "post-merge", "reference-transaction", "pre-commit", "post-index-change"):
        write(project.root, {f".git/hooks/{name}": "#!/bin/sh\ntouch hook-ran\nexit 1\n"})
        (project.root / ".git/hooks" / name).chmod(0o755)
    for key, value in (("commit.gpgSign", "true"), ("gpg.program", "false"), ("commit.template", "/none")):
        project.git("config", key, value)
    assert isinstance(land_main(project, project.change(CHANGE)), Landed)
    assert not list(project.root.rglob("hook-ran"))


def test_binary_files_modes_and_links_land_with_the_same_tree(project: Project) -> None:
    place = project.workspace()
    write(place.tree, {"nul": bytes(range(256)), "crlf": b"a\r\n", "run": b"#!/bin/sh\n", "a\nb": b""})
    (place.tree / "run").chmod(0o755)
    (place.tree / "link").symlink_to("run")
    taken = place.snapshot("work", DATE)
    assert isinstance(land_main(project, taken.commit), Landed)
    assert project.git("rev-parse", "main^{tree}") == taken.tree
    assert_checked_out(project.root, taken.commit)
    assert (project.root / "link").readlink() == Path("run")
    assert os.access(project.root / "run", os.X_OK)


def test_what_landed_outlives_the_store_and_the_pins(project: Project) -> None:
    new = project.change(CHANGE)
    land_main(project, new)
    project.user.unpin("run1")
    project.store.path.rename(project.folder / "gone.git")
    project.git("gc", "-q", "--prune=now")
    assert project.git("fsck", "--no-dangling") == ""
    assert project.git("for-each-ref", "refs/hive") == ""


def test_a_user_who_commits_at_the_same_time_loses_nothing(project: Project) -> None:
    """One of the two wins; the other says so."""
    new = project.change(CHANGE)
    with subprocess.Popen(["git", "commit", "-q", "--allow-empty", "-m", "mine"], cwd=project.root) as person:
        outcome = land_main(project, new)
    history = project.git("log", "--format=%H", "main").split()
    if isinstance(outcome, Landed):
        assert new in history
    else:
        assert isinstance(outcome, BranchMoved | LandedElsewhere)
    assert project.git("status", "--porcelain") == ""
    assert person.returncode in (0, 1, 128)


def test_lock_of_a_dead_hive_is_known_from_one_of_a_live_process(project: Project) -> None:
    lock = project.root / ".git" / "index.lock"
    lock.write_bytes(f"hive landing run1 {os.getppid()}\n".encode())
    with indexlock.index_lock(project.root / ".git", "run1", patience=0.05) as copy:
        assert copy is None
    assert lock.exists()
