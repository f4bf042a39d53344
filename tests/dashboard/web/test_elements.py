"""Which contract element a hunk is about, by the names in its changed lines."""

import pytest

from hive.dashboard.web.elements import OTHER, grouped, name
from hive.dashboard.web.hunks import DiffFile, Hunk
from hive.model import Change


def change(element: str) -> Change:
    return Change(
        element=element, kind="added", direction="both", severity="compatible", rule="r", message="m"
    )


POINTS = change("users.yaml#/components/schemas/User/properties/loyalty_points")
USER = change("users.yaml#/components/schemas/User")


def hunk(*lines: str) -> Hunk:
    return Hunk(old=1, new=1, heading="", lines=list(lines))


@pytest.mark.parametrize(
    ("element", "named"),
    [
        ("users.yaml#/components/schemas/User/properties/loyalty_points", "loyalty_points"),
        ("users.yaml#/components/schemas/User", "User"),
        ("shop.proto#shop.v1.User.points", "points"),
        ("users.yaml#/paths/~1users/get", "get"),
        ("users.yaml#", ""),
    ],
)
def test_an_element_is_called_by_its_last_name(element: str, named: str):
    assert name(element) == named


@pytest.mark.parametrize(
    ("line", "element"),
    [
        ("+    loyalty_points: int", POINTS.element),
        ("+  loyaltyPoints: number;", POINTS.element),
        ("+func (u User) GetLoyaltyPoints() int {", POINTS.element),
        ("-class User:", USER.element),
        ("+import os", OTHER),
        ("     loyalty_points: int", OTHER),
        ("+", OTHER),
    ],
)
def test_a_hunk_belongs_to_the_element_that_its_changed_lines_name(line: str, element: str):
    groups = grouped([POINTS, USER], {"users": [DiffFile(path="a.py", hunks=[hunk(line)])]})
    assert [group.element for group in groups if group.files] == [element]


def test_a_file_is_parted_by_its_hunks_and_nothing_is_lost():
    lines = [hunk("+loyalty_points = 1"), hunk("+x = 1")]
    files = [DiffFile(path="a.py", hunks=lines), DiffFile(path="logo.png", note="binary", hunks=[])]
    first, other = grouped([POINTS], {None: [], "users": files})
    assert [(each.service, each.path, len(each.hunks)) for each in first.files] == [("users", "a.py", 1)]
    assert [(each.path, len(each.hunks)) for each in other.files] == [("a.py", 1), ("logo.png", 0)]


def test_an_element_that_nothing_names_is_shown_all_the_same():
    assert [(g.element, g.files) for g in grouped([POINTS], {})] == [(POINTS.element, [])]
