"""Whatever an agent writes into its workspace, no git of hive and no git of the user runs it."""

import os
import subprocess
from pathlib import Path

import pytest

from hive.workspaces.landing import Landed, land
from hive.workspaces.repository import UserRepository
from hive.workspaces.scope import guard
from hive.workspaces.tree import GitTree
from tests.invariants import assert_untouched, fingerprint
from tests.workspaces.conftest import DATE, Project, plain_git, write
from tests.workspaces.plants import PLANTS, Mark, configure, settings

USERS_COMMANDS = (
    "status", "diff", "log -p -2", "add -A", "stash -u", "stash pop", "checkout -q -b side", "commit -q --allow-empty -m x",
    "checkout -q main", "merge -q side", "branch -D side", "gc -q",
)  # fmt: skip


@pytest.fixture
def mark(tmp_path: Path) -> Mark:
    (tmp_path / "outside").mkdir()
    return Mark(tmp_path / "outside")


@pytest.mark.parametrize("plant", PLANTS)
def test_nothing_that_is_planted_runs(project: Project, mark: Mark, plant: str) -> None:
    before = fingerprint(project.root)
    place, other = project.workspace("users"), project.workspace("orders")
    PLANTS[plant](place, mark)
    write(place.tree, {"services/users/app.py": "mine\n", "README.md": "mine\n"})
    write(other.tree, {"services/orders/app.py": "theirs\n"})
    mark.file.unlink(missing_ok=True)  # what the agent's own git ran harms the agent alone
    snapshot = place.snapshot("work", DATE)
    theirs = other.collect("work", DATE)
    project.store.diff(project.base, snapshot.commit)
    project.store.diff_stat(project.base, snapshot.commit)
    guard(project.store.changes(project.base, snapshot.commit), service_path="services/users")
    project.store.merge(project.base, snapshot.commit, "merge", DATE)
    merged = project.store.merge(snapshot.commit, theirs, "merge", DATE)
    project.store.checkout(merged.commit, project.folder / "out")  # type: ignore[union-attr]
    place.reset(snapshot.commit)
    place.remove()
    assert_untouched(before, fingerprint(project.root))
    write(project.root, {"README.md": "a person's change\n"})
    for command in USERS_COMMANDS:
        project.git(*command.split())
    assert mark.ran() == ""


def test_a_submodule_that_an_agent_fills_with_a_repository_of_its_own_is_not_entered(
    project: Project, mark: Mark
) -> None:
    project.git("update-index", "--add", "--cacheinfo", f"160000,{project.base},lib")
    write(project.root, {".gitmodules": '[submodule "lib"]\n\tpath = lib\n\turl = ./lib\n\tignore = none\n'})
    project.git("add", ".gitmodules")
    project.git("commit", "-q", "-m", "submodule")
    base = project.store.fetch_base(project.user.head())
    for sparse in (None, ["services"]):
        place = project.workspace(f"w{sparse}", sparse, base)
        plain_git(place.tree, "init", "-q", "lib")
        write(place.tree, {"lib/x": "1", "lib/.gitattributes": "* filter=evil\n"})
        plain_git(place.tree / "lib", "add", "-A")
        plain_git(place.tree / "lib", "commit", "-q", "-m", "x")
        configure(place.tree / "lib" / ".git", mark)
        (place.tree / "lib" / "x").touch()
        mark.file.unlink(missing_ok=True)
        snapshot = place.snapshot("work", DATE)
        assert mark.ran() == ""
        assert snapshot.tree == project.store.tree_of(base)


def test_the_plants_are_real(project: Project, mark: Mark) -> None:
    place = project.workspace()
    PLANTS["own_repository"](place, mark)
    write(place.tree, {"README.md": "mine\n"})
    plain_git(place.tree, "status", check=False)
    assert mark.ran()


def test_the_bytes_of_an_agent_with_filters_are_taken_as_they_are(project: Project, mark: Mark) -> None:
    place = project.workspace()
    PLANTS["own_repository"](place, mark)
    write(place.tree, {"x": b"a\r\n"})
    assert project.store.subtree(place.collect("work", DATE), "x") == project.store.blob(b"a\r\n")


def test_a_git_dir_in_the_environment_leads_nowhere(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprint(project.root)
    for name, value in (
        ("GIT_DIR", str(project.root / ".git")),
        ("GIT_WORK_TREE", str(project.root)),
        ("GIT_INDEX_FILE", str(project.root / ".git" / "index")),
        ("GIT_OBJECT_DIRECTORY", str(project.folder / "nowhere")),
        ("GIT_CONFIG_COUNT", "1"),
        ("GIT_CONFIG_KEY_0", "core.hooksPath"),
        ("GIT_CONFIG_VALUE_0", str(project.root)),
    ):
        monkeypatch.setenv(name, value)
    place = project.workspace()
    write(place.tree, {"x": "1"})
    commit = place.collect("work", DATE)
    assert "x" in project.store.paths(commit)
    for name in list(os.environ):
        if name.startswith("GIT_") and "AUTHOR" not in name and "COMMITTER" not in name:
            monkeypatch.delenv(name)
    assert_untouched(before, fingerprint(project.root))


def test_objects_of_the_user_cannot_be_overwritten_through_a_link(project: Project) -> None:
    place = project.workspace()
    files = [f for f in place.private.rglob("*") if f.is_file()]
    assert files
    assert all(f.stat().st_nlink == 1 for f in files)


def test_a_user_whose_own_settings_run_programs_lands_without_them(project: Project, mark: Mark) -> None:
    """Hooks and drivers of the user's repository; filters are theirs to run on their own checkout."""
    configure(project.root / ".git", mark)
    for key in ("filter.evil.clean", "filter.evil.smudge", "filter.evil.process"):
        plain_git(project.root, "config", "-f", str(project.root / ".git" / "evil.config"), "--unset", key)
    plain_git(
        project.root,
        "config",
        "-f",
        str(project.root / ".git" / "evil.config"),
        "filter.evil.required",
        "false",
    )
    (project.root / ".git" / "config").write_text(
        (project.root / ".git" / "config").read_text().replace("partialClone = origin", "")
    )
    plain_git(
        project.root,
        "config",
        "-f",
        str(project.root / ".git" / "evil.config"),
        "--unset",
        "remote.origin.promisor",
    )
    mark.file.unlink(missing_ok=True)
    one = project.change({".gitattributes": b"* filter=evil merge=evil diff=evil\n", "README.md": b"1\n"})
    two = project.change({"README.md": b"2\n"})
    project.store.merge(one, two, "merge", DATE)
    project.store.diff(project.base, one)
    project.store.checkout(one, project.folder / "out")
    project.workspace(commit=one).collect("x", DATE)
    assert isinstance(land(project.user, project.store, "main", project.base, one, run="run1"), Landed)
    assert (project.root / "README.md").read_text() == "1\n"
    assert mark.ran() == ""


def test_looking_at_a_hostile_repository_runs_nothing(project: Project, mark: Mark) -> None:
    """An unpacked archive may carry its own configuration; nobody has trusted it yet."""
    configure(project.root / ".git", mark)
    config = project.root / ".git" / "config"
    config.write_text(
        config.read_text().replace("partialClone = origin", '[filter "a=b"]\n\tclean = ' + str(mark.program))
    )
    plain_git(config.parent, "config", "-f", "evil.config", "--unset", "remote.origin.promisor")
    write(project.root, {".gitattributes": "* filter=evil\n*.yaml filter=a=b\n", "README.md": "pohs\n"})
    (project.root / "contracts/users.yaml").touch()
    mark.file.unlink(missing_ok=True)
    user = UserRepository.open(project.root)
    assert user.dirty_paths() == (".gitattributes", "README.md")
    user.checkouts(), user.refuses(), user.busy("main"), user.checked_out_at("main"), user.current_branch()
    user.pin("run2", project.base)
    user.unpin("run2")
    GitTree(user.git, "HEAD").read("README.md")
    assert mark.ran() == ""
    plain_git(project.root, "status", check=False)
    assert mark.ran()


def test_every_key_of_the_corpus_is_one_that_git_knows(tmp_path: Path, mark: Mark) -> None:
    plain_git(tmp_path, "init", "-q")
    for key, value in settings(mark).items():
        subprocess.run(["git", "config", key, value], cwd=tmp_path, check=True)
