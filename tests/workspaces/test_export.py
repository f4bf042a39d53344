"""A plain copy of a commit for running checks."""

import os
from pathlib import Path

import pytest

from hive.errors import GitError, UsageError
from tests.workspaces.conftest import DATE, Project, plain_git, write


def test_files_come_out_as_they_are_in_the_tree(project: Project, tmp_path: Path) -> None:
    place = project.workspace()
    write(
        place.tree,
        {".gitattributes": "* text eol=crlf\n*.x export-ignore\n", "lf": "a\n", "a.x": "$Id$", "run": "#!"},
    )
    (place.tree / "run").chmod(0o755)
    (place.tree / "link").symlink_to("run")
    commit = place.collect("work", DATE)
    assert project.store.checkout(commit, tmp_path / "out") == ()
    assert (tmp_path / "out" / "lf").read_bytes() == b"a\n"
    assert (tmp_path / "out" / "a.x").read_bytes() == b"$Id$"
    assert os.access(tmp_path / "out" / "run", os.X_OK)
    assert not os.access(tmp_path / "out" / "lf", os.X_OK)
    assert (tmp_path / "out" / "link").readlink() == Path("run")
    assert not list((tmp_path / "out").rglob(".git"))
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0


def test_only_some_paths_when_asked(project: Project, tmp_path: Path) -> None:
    project.store.checkout(project.base, tmp_path / "out", ["services/users", "README.md", "not/there"])
    assert sorted(
        str(p.relative_to(tmp_path / "out")) for p in (tmp_path / "out").rglob("*") if p.is_file()
    ) == [
        "README.md",
        "services/users/app.py",
        "services/users/tests/test_app.py",
    ]
    project.store.checkout(project.base, tmp_path / "none", [])
    assert list((tmp_path / "none").iterdir()) == []
    project.store.checkout(project.base, tmp_path / "all", ["."])
    assert (tmp_path / "all" / "README.md").exists()


LAYOUTS = {
    "absolute": "/etc/passwd",
    "relative": "../../outside",
    "proc": "/proc/self/root",
    "parent": "..",
    "through": "services/../../outside",
    "git": ".git/config",
    "upper": ".GIT/config",
}


def test_links_that_leave_are_left_out_and_named(project: Project, tmp_path: Path) -> None:
    place = project.workspace()
    for name, target in LAYOUTS.items():
        (place.tree / name).symlink_to(target)
    for name, target in {
        "inside": "README.md",
        "dangling": "nowhere",
        "folder": "services",
        "chain": "inside",
    }.items():
        (place.tree / name).symlink_to(target)
    commit = place.collect("work", DATE)
    assert project.store.checkout(commit, tmp_path / "out") == tuple(sorted(LAYOUTS))
    links = {p.name for p in (tmp_path / "out").iterdir() if p.is_symlink()}
    assert links == {"inside", "dangling", "folder", "chain"}


def test_a_folder_that_is_not_empty_is_refused(project: Project, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "x").touch()
    with pytest.raises(UsageError, match="is not empty"):
        project.store.checkout(project.base, tmp_path / "out")


def test_a_hostile_tree_is_refused_before_anything_is_written(project: Project, tmp_path: Path) -> None:
    """Trees made by hand, as `git mktree` allows: CVE-2014-9390 and its relatives."""
    blob = project.store.blob(b"x")
    inner = project.store.git.text("mktree", "-z", stdin=f"100644 blob {blob}\tconfig\0".encode())
    for number, name in enumerate(["..", ".git", ".GIT", "git~1", ".git ", ".g\u200cit"]):
        tree = project.store.git.text("mktree", "-z", stdin=os.fsencode(f"040000 tree {inner}\t{name}\0"))
        commit = project.store.commit_tree(tree, [project.base], "evil", DATE)
        with pytest.raises(GitError, match="refuses a path"):
            project.store.checkout(commit, tmp_path / "out" / str(number))
        assert list((tmp_path / "out" / str(number)).iterdir()) == []
        with pytest.raises(GitError):
            project.workspace(f"evil{number}", commit=commit)


def test_two_thousand_files_come_out(project: Project, tmp_path: Path) -> None:
    commit = project.change({f"many/{n // 100}/{n}": b"x" for n in range(2000)})
    project.store.checkout(commit, tmp_path / "out")
    assert sum(1 for p in (tmp_path / "out" / "many").rglob("*") if p.is_file()) == 2000
    place = project.workspace("many", ["many/3"], commit)
    assert len(list((place.tree / "many").iterdir())) == 1
    assert plain_git(place.tree, "status", "--porcelain") == ""
