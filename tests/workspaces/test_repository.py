"""Opening a user's repository, and looking at it without touching it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hive.errors import UsageError
from hive.workspaces.repository import UserRepository
from tests.invariants import assert_untouched, fingerprint
from tests.workspaces.conftest import DATE, Project, open_project, plain_git


def test_a_folder_below_the_root_opens_the_whole_repository(project: Project) -> None:
    opened = UserRepository.open(project.root / "services" / "users")
    assert (opened.root, opened.identity) == (project.root, project.user.identity)


def test_a_linked_worktree_is_the_same_project(project: Project, tmp_path: Path) -> None:
    project.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    linked = UserRepository.open(tmp_path / "side")
    assert linked.identity == project.user.identity
    assert linked.current_branch() == "side"
    assert project.user.checked_out_at("side") == (tmp_path / "side",)


def test_a_link_to_the_repository_is_the_same_project(project: Project, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(project.root)
    assert UserRepository.open(tmp_path / "link").identity == project.user.identity


def test_looking_changes_nothing(project: Project) -> None:
    (project.root / "README.md").write_text("changed\n")
    before = fingerprint(project.root)
    project.user.dirty_paths()
    project.user.checkouts()
    project.user.refuses()
    UserRepository.open(project.root)
    assert_untouched(before, fingerprint(project.root))


def test_dirty_paths_are_changed_staged_and_untracked_ones(project: Project) -> None:
    (project.root / "README.md").write_text("changed\n")
    (project.root / "new\nname").write_text("")
    (project.root / "staged").write_text("")
    project.git("add", "staged")
    assert project.user.dirty_paths() == ("README.md", "new\nname", "staged")


def test_a_detached_head_has_no_branch(project: Project) -> None:
    project.git("checkout", "-q", "--detach")
    assert project.user.current_branch() is None
    assert project.user.head() == project.base


def test_an_unknown_ref_is_named_in_the_error(project: Project) -> None:
    with pytest.raises(UsageError, match="'--upload-pack=touch x'"):
        project.user.resolve("--upload-pack=touch x")
    assert project.user.branch_commit("no-such") is None


def test_pins_of_a_run_go_together(project: Project) -> None:
    moved = project.change({"x": b"1"})
    plain_git(project.root, "fetch", "-q", str(project.store.path), moved)
    unrelated = plain_git(project.root, "commit-tree", "-m", "other", f"{moved}^{{tree}}")
    for commit in (project.base, moved, project.base, unrelated):
        project.user.pin("run1", commit)
    kept = project.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/hive/keep")
    assert set(kept.split()[1::2]) == {moved, unrelated}
    project.user.pin("run11", moved)
    project.user.unpin("run1")
    assert project.git("for-each-ref", "--format=%(refname)", "refs/hive") == "refs/hive/keep/run11"


def test_a_run_whose_name_is_no_ref_is_refused(project: Project) -> None:
    for run in ("../x", "a b", "-x", "x.lock", "x..y", "", "x\ny", "x."):
        with pytest.raises(UsageError):
            project.user.pin(run, project.base)


def test_not_a_repository(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not in a git repository"):
        UserRepository.open(tmp_path)


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a folder"):
        UserRepository.open(tmp_path / "missing")


def test_no_commit_yet(tmp_path: Path) -> None:
    plain_git(tmp_path, "init", "-q")
    with pytest.raises(UsageError, match="no commit yet"):
        UserRepository.open(tmp_path)
    assert UserRepository.open(tmp_path, to_work=False).root == tmp_path.resolve()


def test_a_bare_repository_and_a_git_folder_are_refused(project: Project, tmp_path: Path) -> None:
    project.git("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    with pytest.raises(UsageError, match="bare repository"):
        UserRepository.open(tmp_path / "bare.git")
    with pytest.raises(UsageError, match="inside a git directory"):
        UserRepository.open(project.root / ".git")


def test_a_worktree_of_a_bare_repository_works(project: Project, tmp_path: Path) -> None:
    project.git("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    plain_git(tmp_path / "bare.git", "worktree", "add", "-q", str(tmp_path / "tree"), "main")
    opened = UserRepository.open(tmp_path / "tree")
    assert (opened.root, opened.common_dir) == (tmp_path / "tree", tmp_path / "bare.git")
    assert opened.checked_out_at("main") == (tmp_path / "tree",)


def test_a_sha256_repository_is_refused_with_the_reason(tmp_path: Path) -> None:
    plain_git(tmp_path, "init", "-q", "--object-format=sha256")
    plain_git(tmp_path, "commit", "-q", "--allow-empty", "-m", "x")
    with pytest.raises(UsageError, match="sha256"):
        UserRepository.open(tmp_path)


def test_a_partial_clone_is_refused_with_the_reason(project: Project, tmp_path: Path) -> None:
    project.git("config", "uploadpack.allowFilter", "true")
    plain_git(tmp_path, "clone", "-q", "--filter=blob:none", f"file://{project.root}", "partial")
    with pytest.raises(UsageError, match="partial clone"):
        UserRepository.open(tmp_path / "partial")


def test_an_unknown_repository_format_is_refused_with_gits_words(project: Project) -> None:
    project.git("config", "core.repositoryFormatVersion", "1")
    project.git("config", "extensions.refStorage", "something")
    with pytest.raises(UsageError, match=r"(?i)refstorage"):
        UserRepository.open(project.root)


def test_a_shallow_clone_works_from_base_to_merge(project: Project, tmp_path: Path) -> None:
    for number in range(3):
        project.git("commit", "-q", "--allow-empty", "-m", str(number))
    plain_git(tmp_path, "clone", "-q", "--depth=1", f"file://{project.root}", "shallow")
    (tmp_path / "other").mkdir()
    shallow = open_project(tmp_path / "other", tmp_path / "shallow")
    one, two = shallow.change({"a": b"1"}), shallow.change({"b": b"2"})
    merged = shallow.store.merge(one, two, "merge", DATE)
    assert shallow.workspace(commit=merged.commit).collect("nothing", DATE)  # type: ignore[union-attr]


def test_submodules_are_listed(project: Project, repo: Callable[..., Path]) -> None:
    inner = repo({"x": "1"}, name="inner")
    project.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "vendored")
    project.git("commit", "-q", "-m", "submodule")
    assert project.user.submodules("HEAD") == ("vendored",)
