"""hive's own repository: refs, commits and merges without any checkout."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hive.errors import GitError
from hive.workspaces.store import Conflicted, Merged, ObjectStore
from tests.invariants import assert_untouched, fingerprint
from tests.workspaces.conftest import DATE, Project, plain_git


def test_opening_again_gives_the_same_store(project: Project) -> None:
    project.store.keep("refs/hive/x", project.base)
    assert ObjectStore.open(project.store.path, project.user).ref("refs/hive/x") == project.base


def test_sixteen_openings_at_once_make_one_store(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "new" / "hive.git"
    with ThreadPoolExecutor(16) as pool:
        stores = list(pool.map(lambda _: ObjectStore.open(path, project.user), range(16)))
    assert {store.path for store in stores} == {path}
    assert [entry.name for entry in path.parent.iterdir()] == ["hive.git"]


def test_the_store_borrows_objects_and_links_none(project: Project) -> None:
    ours = [file for file in (project.store.path / "objects").rglob("*") if file.is_file()]
    assert [file.name for file in ours] == ["alternates"]
    assert project.store.tree_of(project.base) == project.git("rev-parse", "HEAD^{tree}")


def test_a_store_of_another_repository_is_refused(project: Project, tmp_path: Path) -> None:
    project.git("clone", "-q", ".", str(tmp_path / "other"))
    from hive.workspaces.repository import UserRepository

    with pytest.raises(GitError, match="is not hive's store"):
        ObjectStore.open(project.store.path, UserRepository.open(tmp_path / "other"))


def test_a_repository_at_a_path_that_needs_quoting_can_be_borrowed_from(tmp_path: Path) -> None:
    from tests.workspaces.conftest import open_project

    root = tmp_path / '"quo\\ted\nname'
    root.mkdir()
    plain_git(root, "init", "-q", "-b", "main")
    plain_git(root, "commit", "-q", "--allow-empty", "-m", "x")
    odd = open_project(tmp_path, root)
    assert odd.store.is_ancestor(odd.base, odd.base)


def test_a_ref_moves_only_from_where_it_was_expected(project: Project) -> None:
    one, two = project.change({"a": b"1"}), project.change({"a": b"2"})
    project.store.set_ref("refs/hive/x", one, None)
    with pytest.raises(GitError, match="not at"):
        project.store.set_ref("refs/hive/x", two, None)
    with pytest.raises(GitError, match=repr(one)):
        project.store.set_ref("refs/hive/x", project.base, two)
    project.store.set_ref("refs/hive/x", two, one)
    project.store.set_ref("refs/hive/x", two, one)  # again, as after a crash
    assert project.store.refs("refs/hive/x") == {"refs/hive/x": two}
    project.store.delete_ref("refs/hive/x")
    project.store.delete_ref("refs/hive/x")
    assert project.store.ref("refs/hive/x") is None


def test_refs_of_one_run_go_together(project: Project) -> None:
    for name in ("refs/hive/runs/a/work", "refs/hive/runs/a/contract", "refs/hive/runs/ab/work"):
        project.store.keep(name, project.base)
    project.store.delete_refs("refs/hive/runs/a")
    assert list(project.store.refs("refs/hive/runs")) == ["refs/hive/runs/ab/work"]


def test_sixteen_writers_of_one_ref_have_one_winner(project: Project) -> None:
    commits = [project.change({"a": str(n).encode()}) for n in range(16)]

    def write(commit: str) -> bool:
        try:
            project.store.set_ref("refs/hive/x", commit, None)
        except GitError:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(write, commits)) == 1


def test_equal_inputs_make_equal_commits(project: Project) -> None:
    assert project.change({"a": b"1"}) == project.change({"a": b"1"})
    shown = plain_git(
        project.store.path, "log", "-1", "--format=%an %ae %cn %at %ct", project.change({"a": b"1"})
    )
    assert shown == f"hive hive@hive.invalid hive {int(DATE.timestamp())} {int(DATE.timestamp())}"


def test_files_are_replaced_added_and_removed_with_their_modes(project: Project) -> None:
    (project.root / "run.sh").write_text("#!/bin/sh\n")
    (project.root / "run.sh").chmod(0o755)
    project.git("add", "-A")
    project.git("commit", "-q", "-m", "script")
    base = project.store.fetch_base(project.user.head())
    commit = project.change(
        {"run.sh": b"new\n", "README.md": None, "deep/er/x": b"\0\r\n", "services": b"file"}, base
    )
    listed = plain_git(project.store.path, "ls-tree", "-r", commit)
    assert [line.split()[0] + " " + line.split("\t")[1] for line in listed.splitlines()] == [
        "100644 contracts/users.yaml",
        "100644 deep/er/x",
        "100755 run.sh",
        "100644 services",
    ]


def test_hostile_paths_are_refused(project: Project) -> None:
    for path in ("../x", ".git/config", "a/../b", "/etc/x", "a//b", ".GIT/x", "git~1/x"):
        with pytest.raises(GitError, match=r"refuses a path|outside repository"):
            project.change({path: b"x"})


def test_odd_names_keep_their_bytes(project: Project) -> None:
    names = ["-rf", "new\nline", "tab\t", '"', "\udcff\udcfe", "é", "e\u0301", "x" * 255, "🐝", "dot."]
    commit = project.change(dict.fromkeys(names, b"x"))
    assert set(names) <= set(project.store.paths(commit))
    for name in names:
        assert project.store.subtree(commit, name) == project.store.blob(b"x")


def test_a_message_with_anything_in_it_is_kept(project: Project) -> None:
    tree = project.store.tree_of(project.base)
    commit = project.store.commit_tree(tree, [project.base], "a\0b\udcff\n\nbody 🐝", DATE)
    assert project.store.log(project.base, commit)[0].subject == "ab\\udcff"


def test_work_of_two_services_merges(project: Project) -> None:
    one, two = project.change({"services/users/x": b"1"}), project.change({"services/orders/x": b"2"})
    merged = project.store.merge(one, two, "merge", DATE)
    assert isinstance(merged, Merged)
    assert project.store.log(one, merged.commit)[0].parents == (one, two)
    assert project.store.is_ancestor(two, merged.commit)
    assert {"services/users/x", "services/orders/x"} <= set(project.store.paths(merged.commit))
    assert project.store.merge(merged.commit, two, "again", DATE) == merged


def test_a_conflict_names_its_paths(project: Project) -> None:
    one, two = (
        project.change({"README.md": b"1\n", "a\nb": b"1"}),
        project.change({"README.md": b"2\n", "a\nb": b"2"}),
    )
    assert project.store.merge(one, two, "merge", DATE) == Conflicted(("README.md", "a\nb"))


def test_a_merge_does_not_ask_gitattributes(project: Project) -> None:
    base = project.change({".gitattributes": b"* merge=ours\n*.md merge=union\n"})
    one, two = project.change({"README.md": b"1\n"}, base), project.change({"README.md": b"2\n"}, base)
    assert project.store.merge(one, two, "merge", DATE) == Conflicted(("README.md",))


def test_subtrees_are_found(project: Project) -> None:
    assert project.store.subtree(project.base, "services/users") == project.git(
        "rev-parse", "HEAD:services/users"
    )
    assert project.store.subtree(project.base, "services/users/") == project.git(
        "rev-parse", "HEAD:services/users"
    )
    assert project.store.subtree(project.base, ".") == project.store.tree_of(project.base)
    assert project.store.subtree(project.base, "services/none") is None


def test_a_commit_that_is_not_there_is_named(project: Project) -> None:
    with pytest.raises(GitError, match="is not in"):
        project.store.fetch_base("1" * 40)


def test_the_users_gc_takes_nothing_that_a_run_needs(project: Project) -> None:
    project.git("checkout", "-q", "-b", "feature")
    (project.root / "feature").write_text("x")
    project.git("add", "-A")
    project.git("commit", "-q", "-m", "feature")
    base = project.store.fetch_base(project.user.head())
    project.user.pin("run2", base)
    place = project.workspace("gc", commit=base)
    project.git("checkout", "-q", "main")
    project.git("branch", "-q", "-D", "feature")
    project.git("reflog", "expire", "--expire=now", "--all")
    project.git("gc", "-q", "--prune=now")
    (place.tree / "feature").write_text("y")
    work = place.collect("work", DATE)
    assert plain_git(project.store.path, "fsck", "--no-dangling", "--connectivity-only", work) == ""


def test_nothing_of_the_user_changes(project: Project) -> None:
    before = fingerprint(project.root)
    project.store.merge(project.change({"a": b"1"}), project.change({"b": b"1"}), "merge", DATE)
    project.store.checkout(project.base, project.folder / "out")
    project.user.pin("run3", project.base)
    project.user.unpin("run3")
    assert_untouched(before, fingerprint(project.root))
