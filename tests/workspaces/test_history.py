"""An agent's own commits are found, wherever it left them, and only text is read to find them."""

import os
from pathlib import Path

import pytest

from tests.workspaces.conftest import DATE, Project, plain_git, write


def commit(place: Path, name: str) -> str:
    write(place, {name: name})
    plain_git(place, "add", "-A")
    plain_git(place, "commit", "-q", "-m", name)
    return plain_git(place, "rev-parse", "HEAD")


@pytest.mark.parametrize(
    "afterwards",
    [
        ["reset", "-q", "--hard", "HEAD~1"],
        ["checkout", "-q", "--detach"],
        ["checkout", "-q", "-b", "elsewhere"],
        ["stash", "-u"],
        ["commit", "-q", "--amend", "-m", "other"],
        ["branch", "-q", "-m", "renamed"],
        ["pack-refs", "--all"],
        ["update-ref", "-d", "refs/heads/work"],
    ],
)
def test_commits_survive_what_the_agent_does_to_its_branch(project: Project, afterwards: list[str]) -> None:
    place = project.workspace()
    made = commit(place.tree, "one")
    write(place.tree, {"untracked": "x"})
    plain_git(place.tree, *afterwards)
    snapshot = place.snapshot("work", DATE)
    assert any(project.store.is_ancestor(made, tip) for tip in snapshot.history)
    assert set(snapshot.history) <= set(project.store.refs("refs/hive/history").values())
    assert snapshot.note == ""


def test_a_rebase_in_the_middle_is_no_obstacle(project: Project) -> None:
    place = project.workspace()
    plain_git(place.tree, "checkout", "-q", "-b", "other")
    write(place.tree, {"README.md": "theirs\n"})
    plain_git(place.tree, "commit", "-q", "-a", "-m", "theirs")
    plain_git(place.tree, "checkout", "-q", "work")
    write(place.tree, {"README.md": "mine\n"})
    plain_git(place.tree, "commit", "-q", "-a", "-m", "mine")
    plain_git(place.tree, "rebase", "other", check=False)
    snapshot = place.snapshot("work", DATE)
    assert len(snapshot.history) == 2
    assert "<<<<<<<" in project.store.diff(project.base, snapshot.commit)


def test_only_tips_get_refs_and_only_once(project: Project) -> None:
    place = project.workspace()
    commit(place.tree, "one")
    tip = commit(place.tree, "two")
    assert place.snapshot("work", DATE).history == (tip,)
    assert place.snapshot("work", DATE).history == (tip,)


def test_no_commits_leave_no_history(project: Project) -> None:
    place = project.workspace()
    write(place.tree, {"x": "1"})
    assert place.snapshot("work", DATE).history == ()
    assert project.store.refs("refs/hive/history") == {}


def test_ids_that_name_nothing_are_passed_over(project: Project) -> None:
    place = project.workspace()
    made = commit(place.tree, "one")
    blob = plain_git(place.tree, "rev-parse", "HEAD:one")
    write(place.private, {"refs/heads/blob": blob, "refs/heads/none": "1" * 40, "refs/heads/text": "x"})
    assert place.snapshot("work", DATE).history == (made,)


def test_a_broken_history_is_noted_and_the_files_are_taken(project: Project) -> None:
    place = project.workspace()
    commit(place.tree, "one")
    tip = commit(place.tree, "two")
    parent = plain_git(place.tree, "rev-parse", "HEAD~1")
    (place.private / "objects" / parent[:2] / parent[2:]).unlink()
    snapshot = place.snapshot("work", DATE)
    assert "could not be read" in snapshot.note
    assert tip not in snapshot.history
    assert "two" in project.store.paths(snapshot.commit)


def test_pipes_links_and_other_lenders_are_not_followed(project: Project, tmp_path: Path) -> None:
    place = project.workspace()
    commit(place.tree, "one")
    os.mkfifo(place.private / "refs" / "heads" / "pipe")
    (tmp_path / "secret").write_text("2" * 40)
    (place.private / "refs" / "heads" / "link").symlink_to(tmp_path / "secret")
    assert len(place.snapshot("work", DATE).history) == 1
    (place.private / "objects" / "info" / "alternates").unlink()
    os.mkfifo(place.private / "objects" / "info" / "alternates")
    assert "changed where" in place.snapshot("work", DATE).note


def test_a_repository_that_is_gone_is_no_obstacle(project: Project) -> None:
    place = project.workspace()
    write(place.tree, {"x": "1"})
    place.private.rename(tmp := place.path / "elsewhere")
    assert place.snapshot("work", DATE).history == ()
    assert tmp.is_dir()
