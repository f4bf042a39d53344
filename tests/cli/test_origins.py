"""Which project a folder belongs to, and what a person must have agreed to before it is opened."""

from pathlib import Path

import pytest

from hive.cli.compose import open_project
from hive.cli.origins import claims, find
from hive.config import load_user
from hive.errors import NeedsPerson, UsageError
from hive.store.trust import TrustBook
from hive.workspaces.composed import Composed
from hive.workspaces.repository import UserRepository
from tests.conftest import Repo


@pytest.fixture
def home(repo: Repo, tmp_path: Path) -> Path:
    """A plain folder whose `hive.toml` names two repositories beside it."""
    for name in ("users", "orders"):
        repo({f"{name}.txt": name}, name)
    return write(tmp_path, "users", "orders")


def write(folder: Path, *names: str, path: str = "../{}") -> Path:
    home = folder / "home"
    home.mkdir(exist_ok=True)
    tables = [f'[repositories.{name.split("/")[-1]}]\npath = "{path.format(name)}"\n' for name in names]
    (home / "hive.toml").write_text('[project]\nname = "shop"\n' + "".join(tables))
    return home


def test_a_repository_alone_is_a_project_wherever_one_is_in_it(home: Path):
    found = find(home.parent / "users", load_user()).origin
    assert isinstance(found, UserRepository)


def test_a_folder_below_the_home_belongs_to_it(home: Path):
    (home / "notes").mkdir()
    found = find(home / "notes", load_user()).origin
    assert isinstance(found, Composed)
    assert found.root == home.resolve()
    assert sorted(found.repositories) == ["orders", "users"]


def test_its_files_are_those_of_all_of_them_each_below_its_name(home: Path):
    found = find(home, load_user()).origin
    listed = found.git.text("ls-tree", "-r", "--name-only", found.head())
    assert listed.split() == ["orders/orders.txt", "users/users.txt"]
    assert found.head() == found.head() == found.branch_commit("main")
    (home.parent / "users" / "new.txt").write_text("")
    assert found.dirty_paths() == ("users/new.txt",)


def test_nothing_of_other_repositories_is_used_before_a_person_agreed_to_exactly_those(
    home: Path, repo: Repo
):
    with (
        pytest.raises(NeedsPerson, match="reaches out for other repositories") as refused,
        open_project(home),
    ):
        pass
    assert "hive trust" in refused.value.next_step
    with open_project(home, agreed=False) as project:
        TrustBook(project.database).trust_repositories(claims(project.user), "ann")
    with open_project(home) as project:
        assert project.name == "home"
    repo({"secret.txt": "s"}, "secret")
    write(home.parent, "users", "orders", "secret")
    with pytest.raises(NeedsPerson, match="secret"), open_project(home):
        pass


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("users",), "names only one"),
        (("users", "nowhere"), "nowhere"),
        (("users", "users/sub"), "a folder inside"),
        (("users", "home"), "not in a git repository"),
    ],
)
def test_what_cannot_be_a_part_is_named(home: Path, names: tuple[str, ...], words: str):
    (home.parent / "users" / "sub").mkdir()
    write(home.parent, *names)
    with pytest.raises(UsageError, match=words):
        find(home, load_user())


def test_the_same_repository_twice_is_refused(home: Path):
    (home.parent / "again").symlink_to(home.parent / "users")
    write(home.parent, "users", "again")
    with pytest.raises(UsageError, match="the same repository"):
        find(home, load_user())
