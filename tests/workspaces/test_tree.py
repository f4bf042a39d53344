"""The files of a commit and of a folder, as everything above reads them."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hive.ports import Tree
from hive.workspaces import tree
from hive.workspaces.listing import listing
from hive.workspaces.tree import FolderTree, GitTree
from tests.workspaces.conftest import FILES, Project, write


def test_a_commit_and_its_checkout_read_the_same(project: Project) -> None:
    trees: list[Tree] = [
        GitTree(project.store, project.base),
        GitTree(project.user.git, "HEAD"),
        FolderTree(project.root),
    ]
    for each in trees:
        assert {path: each.read(path).decode() for path in each.paths()} == FILES
        assert list(each.paths()) == sorted(FILES)
        with pytest.raises(KeyError):
            each.read("none")


def test_links_submodules_git_and_large_files_are_not_part_of_it(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree, "FILE_LIMIT", 1000)
    write(project.root, {"large": b"x" * 1001, "node_modules/x/index.js": "x", "odd\n\udcff": "y"})
    (project.root / "link").symlink_to("/etc/passwd")
    (project.root / "folder").symlink_to("services")
    os.mkfifo(project.root / "pipe")
    project.git("add", "-A")
    project.git("update-index", "--add", "--cacheinfo", f"160000,{project.base},module")
    project.git("commit", "-q", "-m", "x")
    expected = sorted([*FILES, "odd\n\udcff"])
    assert list(FolderTree(project.root).paths()) == expected
    found = GitTree(project.user.git, "HEAD")
    assert list(found.paths()) == sorted([*expected, "node_modules/x/index.js"])
    assert found.read("odd\n\udcff") == b"y"


def test_a_file_that_a_partial_clone_lacks_is_not_part_of_it(project: Project) -> None:
    lost = sorted(FILES)[0]
    oid = project.git("rev-parse", f"HEAD:{lost}").strip()
    (project.root / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
    assert list(GitTree(project.user.git, "HEAD").paths()) == [path for path in sorted(FILES) if path != lost]


def test_a_file_that_became_a_link_is_not_followed(project: Project) -> None:
    found = FolderTree(project.root)
    (project.root / "README.md").unlink()
    (project.root / "README.md").symlink_to("/etc/passwd")
    (project.root / "services" / "users").rename(project.root / "moved")
    (project.root / "services" / "users").symlink_to("../moved")
    for path in ("README.md", "services/users/app.py"):
        with pytest.raises(KeyError):
            found.read(path)


def test_a_folder_of_a_loop_ends(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "x").touch()
    assert FolderTree(tmp_path).paths() == ["x"]


def test_many_files_are_read_with_few_git_calls(project: Project) -> None:
    commit = project.change({f"many/{n:04}.py": str(n).encode() for n in range(2000)})
    found = GitTree(project.store, commit)
    calls = []
    load = found._load
    found._load = lambda oids: (calls.append(len(oids)), load(oids))[1]  # type: ignore[method-assign, func-returns-value]
    assert [found.read(f"many/{n:04}.py") for n in range(2000)] == [str(n).encode() for n in range(2000)]
    assert len(calls) < 25


def test_threads_may_share_a_tree_and_the_cache_is_bounded(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree, "_CACHE_BYTES", 5000)
    files = {f"many/{n}": str(n).encode() * 100 for n in range(200)}
    found = GitTree(project.store, project.change(files))
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(found.read, files)) == list(files.values())
    assert found._cached <= 5000 + 4 * 300 * 64


def test_a_folder_of_a_commit_can_be_listed(project: Project) -> None:
    assert [(e.name, e.is_folder) for e in listing(project.store, project.base)] == [
        ("README.md", False),
        ("contracts", True),
        ("services", True),
    ]
    assert [e.name for e in listing(project.store, project.base, "services")] == ["orders", "users"]
    assert listing(project.store, project.base, "none") == ()
