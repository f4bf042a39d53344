from datetime import UTC, datetime
from pathlib import Path

from hive.workspaces.repository import UserRepository
from hive.workspaces.store import Merged, ObjectStore
from hive.workspaces.union import union
from tests.conftest import Repo

AT = datetime(2026, 1, 1, tzinfo=UTC)
FILES = {f"s{n}/{name}.txt": f"{n}\n" for n in range(4) for name in ("keep", "drop")}


def store_of(repo: Repo, tmp_path: Path) -> tuple[ObjectStore, str]:
    user = UserRepository.open(repo(FILES))
    return ObjectStore.open(tmp_path / "hive.git", user), user.head()


def test_parts_that_have_nothing_in_common_are_one_commit_with_the_tree_of_all_merges(
    repo: Repo, tmp_path: Path
):
    store, base = store_of(repo, tmp_path)
    parts = [
        store.commit_files(base, {f"s{n}/new.txt": b"new\n", f"s{n}/drop.txt": None}, f"s{n}", AT)
        for n in range(4)
    ]
    whole = union(store, parts, AT)
    assert whole is not None
    between = base
    for part in parts:
        merged = store.merge(between, part, "m", AT)
        assert isinstance(merged, Merged)
        between = merged.commit
    assert store.tree_of(whole) == store.tree_of(between)


def test_parts_that_touch_one_path_or_have_other_parents_are_left_to_merging(repo: Repo, tmp_path: Path):
    store, base = store_of(repo, tmp_path)
    one = store.commit_files(base, {"s1/new.txt": b"1\n"}, "one", AT)
    same = store.commit_files(base, {"s1/new.txt": b"2\n"}, "same", AT)
    beneath = store.commit_files(base, {"s1/new.txt/x": b"2\n"}, "beneath", AT)
    later = store.commit_files(one, {"s2/new.txt": b"2\n"}, "later", AT)
    assert union(store, [one, same], AT) is None
    assert union(store, [one, beneath], AT) is None
    assert union(store, [one, later], AT) is None
