"""Diffs: names and numbers, bounded text, and a digest that stands for exactly one change."""

import pytest

from hive.workspaces import diff
from tests.workspaces.conftest import DATE, Project, write


def test_every_kind_of_change_is_counted(project: Project) -> None:
    place = project.workspace()
    (place.tree / "services/users/app.py").rename(place.tree / "services/users/renamed.py")
    (place.tree / "README.md").unlink()
    (place.tree / "README.md").symlink_to("services")
    (place.tree / "contracts/users.yaml").unlink()
    (place.tree / "services/orders/app.py").chmod(0o755)
    write(place.tree, {"bin": bytes(range(256)), "new\ttab": "a\nb\n"})
    stats = project.store.diff_stat(project.base, place.collect("work", DATE))
    assert [(each.path, each.status, each.added, each.removed) for each in stats] == [
        ("README.md", "type_changed", 1, 1),
        ("bin", "added", None, None),
        ("contracts/users.yaml", "deleted", 0, 1),
        ("new\ttab", "added", 2, 0),
        ("services/orders/app.py", "modified", 0, 0),
        ("services/users/renamed.py", "renamed", 0, 0),
    ]


def test_the_digest_stands_for_the_change_and_not_for_its_base(project: Project) -> None:
    one, two = project.change({"a": b"1"}), project.change({"b": b"1"})
    digest = project.store.diff_digest(project.base, one)
    assert digest == project.store.diff_digest(project.base, project.change({"a": b"1"}))
    assert digest != project.store.diff_digest(project.base, two)
    assert digest == project.store.diff_digest(two, project.change({"a": b"1"}, two))


@pytest.mark.parametrize("what", ["mode", "whitespace", "name", "line end"])
def test_the_digest_sees_what_a_text_diff_may_hide(project: Project, what: str) -> None:
    place = project.workspace()
    write(place.tree, {".gitattributes": "* -diff\n", "x": "a\n"})
    before = project.store.diff_digest(project.base, place.collect("work", DATE))
    if what == "mode":
        (place.tree / "x").chmod(0o755)
    elif what == "name":
        (place.tree / "x").rename(place.tree / "y")
    else:
        write(place.tree, {"x": "a \n" if what == "whitespace" else "a\r\n"})
    assert project.store.diff_digest(project.base, place.collect("work", DATE)) != before


def test_text_can_be_narrowed_to_folders(project: Project) -> None:
    new = project.change({"services/users/x": b"1\n", "services/users2/x": b"2\n", "README.md": b"3\n"})
    text = project.store.diff(project.base, new, ["services/users", "README.md"])
    assert ("+1" in text, "+2" in text, "+3" in text) == (True, False, True)
    assert project.store.diff(project.base, new, ["."]) == project.store.diff(project.base, new)
    assert project.store.diff(project.base, new, []) == project.store.diff(project.base, project.base) == ""


def test_large_files_are_named_and_not_shown(project: Project) -> None:
    new = project.change({"large": b"x\n" * (1 << 20), "small": b"y\n"})
    text = project.store.diff(project.base, new)
    assert "+y" in text
    assert "# large: too large to show" in text
    assert len(text) < 1000


def test_the_whole_text_has_a_limit(project: Project) -> None:
    new = project.change({f"f{n:02}": b"x\n" * 500 for n in range(10)})
    text = diff.diff_text(project.store.git, project.base, new, limit=3500)
    assert text.count("diff --git") == 3
    assert text.count("too large to show") == 7


def test_no_attribute_of_the_tree_hides_text(project: Project) -> None:
    base = project.change({".gitattributes": b"* -diff\n*.md binary\n"})
    assert "+shown" in project.store.diff(base, project.change({"README.md": b"shown\n"}, base))


def test_a_thousand_files_are_shown_in_order(project: Project) -> None:
    new = project.change({f"many/{n:04}": b"x\n" for n in range(1000)})
    text = project.store.diff(project.base, new)
    names = [line.split(" b/")[1] for line in text.splitlines() if line.startswith("diff --git")]
    assert names == [f"many/{n:04}" for n in range(1000)]
    assert len(project.store.diff_stat(project.base, new)) == 1000


def test_changes_carry_content_up_to_a_limit(project: Project) -> None:
    new = project.change(
        {"README.md": b"new\n", "large": b"x" * (diff.CONTENT_LIMIT + 1), "contracts/users.yaml": None}
    )
    found = {each.path: each for each in project.store.changes(project.base, new)}
    assert (found["README.md"].before, found["README.md"].after) == (b"shop\n", b"new\n")
    assert (found["large"].size, found["large"].after) == (diff.CONTENT_LIMIT + 1, None)
    assert (found["contracts/users.yaml"].status, found["contracts/users.yaml"].after) == ("deleted", None)
