"""What is on disk is what is committed, byte for byte; and what is left out is named."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from hive.workspaces.store import ObjectStore
from tests.workspaces.conftest import DATE, Project, open_project, plain_git, write


def commit_by_plain_git(folder: Path, place: Path) -> str:
    """The tree id that a git without any attributes or configuration gives the same files."""
    plain_git(folder, "init", "-q", "oracle")
    oracle = folder / "oracle"
    (oracle / ".git" / "info").mkdir(exist_ok=True)
    (oracle / ".git" / "info" / "attributes").write_text("* -text -filter -ident !working-tree-encoding\n")
    plain_git(place, f"--git-dir={oracle}/.git", f"--work-tree={place}", "add", "-A", "-f", ".")
    return plain_git(oracle, "write-tree")


def test_every_kind_of_file_makes_the_same_tree(project: Project, tmp_path: Path) -> None:
    place = project.workspace()
    names = [
        "-rf",
        "new\nline",
        "tab\t",
        'quo"te',
        "\udcff\udcfe",
        "é",
        "e\u0301",
        "x" * 255,
        "🐝",
        "dot.",
        " space ",
    ]
    write(place.tree, {f"names/{name}": name.encode(errors="surrogateescape") for name in names})
    write(
        place.tree,
        {
            ".gitattributes": "* text=auto eol=crlf\n*.lfs filter=lfs\n*.txt ident working-tree-encoding=UTF-16\n",
            "crlf.txt": b"a\r\nb\r\n",
            "mixed.txt": b"a\nb\r\n$Id$\n",
            "nul.bin": bytes(range(256)),
            "x.lfs": b"real content",
            "no-final-newline": b"a",
            "empty": b"",
            "run.sh": b"#!/bin/sh\n",
            "services/renamed.py": (place.tree / "services/users/app.py").read_bytes(),
        },
    )
    (place.tree / "run.sh").chmod(0o755)
    (place.tree / "link").symlink_to("services/renamed.py")
    (place.tree / "dangling").symlink_to("nowhere")
    (place.tree / "services/users/app.py").unlink()
    (place.tree / "README.md").chmod(0o755)
    snapshot = place.snapshot("work", DATE)
    assert snapshot.left_out == ()
    assert snapshot.tree == commit_by_plain_git(tmp_path, place.tree)
    place.remove()
    again = project.workspace(commit=snapshot.commit)
    assert again.snapshot("again", DATE).tree == snapshot.tree
    assert (again.tree / "crlf.txt").read_bytes() == b"a\r\nb\r\n"


def test_files_become_folders_and_folders_files(project: Project, tmp_path: Path) -> None:
    place = project.workspace()
    (place.tree / "README.md").unlink()
    write(place.tree, {"README.md/inside": "1"})
    for name in ("tests/test_app.py", "app.py"):
        (place.tree / "services/users" / name).unlink()
    (place.tree / "services/users/tests").rmdir()
    (place.tree / "services/users").rmdir()
    (place.tree / "services/users").symlink_to("orders")
    assert place.snapshot("work", DATE).tree == commit_by_plain_git(tmp_path, place.tree)


def test_a_change_of_the_same_size_at_the_same_time_is_seen(project: Project) -> None:
    place = project.workspace()
    file = place.tree / "README.md"
    before = file.stat()
    file.write_text("pohs\n")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert project.store.diff_stat(project.base, place.collect("work", DATE))[0].path == "README.md"


def test_ignored_files_and_leavings_of_tools_stay_out(project: Project) -> None:
    place = project.workspace()
    write(
        place.tree,
        {
            ".gitignore": "*.log\n",
            "x.log": "1",
            "services/users/__pycache__/app.pyc": "1",
            "node_modules/x/y": "1",
        },
    )
    write(place.tree, {"README.md": "changed\n"})
    changed = [stat.path for stat in project.store.diff_stat(project.base, place.collect("work", DATE))]
    assert changed == [".gitignore", "README.md"]


def test_what_the_user_excludes_for_themselves_stays_out(project: Project) -> None:
    write(project.root, {".git/info/exclude": "*.mine\n"})
    ObjectStore.open(project.store.path, project.user)
    place = project.workspace()
    write(place.tree, {"x.mine": "1", "x": "1"})
    assert [s.path for s in project.store.diff_stat(project.base, place.collect("work", DATE))] == ["x"]
    assert plain_git(place.tree, "status", "--porcelain") == "?? x"


def test_tracked_files_stay_tracked_whatever_the_agent_ignores(project: Project) -> None:
    place = project.workspace()
    write(place.tree, {".gitignore": "*\n", "README.md": "changed\n"})
    assert [s.path for s in project.store.diff_stat(project.base, place.collect("work", DATE))] == [
        "README.md"
    ]


def test_nested_repositories_are_left_out_and_named(project: Project) -> None:
    place = project.workspace()
    for name in ("empty", "full"):
        (place.tree / "services" / name).mkdir()
        plain_git(place.tree / "services" / name, "init", "-q")
    write(place.tree, {"services/full/x": "1", "services/users/kept.py": "1"})
    plain_git(place.tree / "services/full", "add", "-A")
    plain_git(place.tree / "services/full", "commit", "-q", "-m", "x")
    snapshot = place.snapshot("work", DATE)
    assert [s.path for s in project.store.diff_stat(project.base, snapshot.commit)] == [
        "services/users/kept.py"
    ]
    assert "services/full" in snapshot.left_out
    assert any("services/empty" in said for said in snapshot.left_out)


def test_a_git_folder_in_a_tracked_folder_hides_no_tracked_file(project: Project) -> None:
    place = project.workspace()
    plain_git(place.tree / "services/users", "init", "-q")
    write(place.tree, {"services/users/app.py": "changed\n"})
    snapshot = place.snapshot("work", DATE)
    assert "services/users/app.py" in [s.path for s in project.store.diff_stat(project.base, snapshot.commit)]


def test_what_git_cannot_hold_does_not_stop_the_rest(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = project.workspace()
    os.mkfifo(place.tree / "pipe")
    monkeypatch.chdir(place.tree)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
    write(place.tree, {"git~1/x": "1", "kept": "1"})
    (place.tree / "README.md").unlink()
    os.mkfifo(place.tree / "README.md")
    snapshot = place.snapshot("work", DATE)
    assert "kept" in [s.path for s in project.store.diff_stat(project.base, snapshot.commit)]
    assert any("git~1" in said for said in snapshot.left_out)


def test_submodules_stay_as_they_are(tmp_path: Path, repo: Callable[..., Path]) -> None:
    inner, root = repo({"x": "1"}, name="inner"), repo({"app": "1"}, name="outer")
    plain_git(
        root, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "vendored/lib"
    )
    plain_git(root, "commit", "-q", "-m", "submodule")
    project = open_project(tmp_path, root)
    for sparse in (None, ["vendored"], []):
        place = project.workspace(f"w{sparse}", sparse)
        write(place.tree, {"app": "2"})
        assert [s.path for s in project.store.diff_stat(project.base, place.collect("w", DATE))] == ["app"]
    place = project.workspace("wNone")
    write(place.tree, {"vendored/lib/smuggled": "1"})
    snapshot = place.snapshot("work", DATE)
    assert snapshot.left_out == ("vendored/lib/smuggled",)
    assert [s.path for s in project.store.diff_stat(project.base, snapshot.commit)] == ["app"]
    (place.tree / "vendored/lib/smuggled").unlink()
    (place.tree / "vendored/lib").rmdir()
    write(place.tree, {"vendored/lib": "a file now"})
    assert project.store.subtree(place.collect("w", DATE), "vendored/lib") == project.store.subtree(
        project.base, "vendored/lib"
    )
