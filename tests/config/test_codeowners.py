"""Code owners as GitHub and GitLab read them; the examples are those of their documentation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive.config.codeowners import CodeOwners
from hive.model import Ownership

GITHUB = """
# a comment
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
/build/logs/ @doctocat
docs/* docs2@example.com
apps/ @octocat
/scripts/ @doctocat @octocat
**/logs @octocat
/apps/github
/with\\ space/ @space
"""


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("README", ("@global-owner1", "@global-owner2")),
        ("a/b.js", ("@js-owner",)),
        ("x.go", ("docs@example.com",)),
        ("build/logs/x", ("@octocat",)),  # **/logs comes later
        ("docs/a.md", ("docs2@example.com",)),
        ("docs/deep/a.md", ("@global-owner1", "@global-owner2")),
        ("sub/apps/x", ("@octocat",)),
        ("apps/github", ()),
        ("apps/github/x", ()),
        ("scripts/run", ("@doctocat", "@octocat")),
        ("with space/x", ("@space",)),
    ],
)
def test_the_last_matching_line_decides(path: str, owners: tuple[str, ...]):
    assert [one.owners for one in CodeOwners(GITHUB).owned([path])] == ([owners] if owners else [])


def test_each_section_asks_for_its_own_owners_and_an_optional_one_for_none():
    text = """
* @everyone
[Database] @dba
model/db/
db/special @special
[Documentation][2] @docs
*.md
^[Nice to have]
*.md @nobody
"""
    found = CodeOwners(text).owned(["model/db/README.md"])
    assert {one.owners for one in found} == {("@everyone",), ("@dba",), ("@docs",)}


def test_equal_owners_are_named_once_with_one_of_their_files():
    found = CodeOwners("* @a\n").owned(["x", "y"])
    assert [(one.path, one.owners) for one in found] == [("x", ("@a",))]


@pytest.mark.parametrize("text", ["\\", "\\/ @a", "[", "[] @a", "! @a", "@a"])
def test_a_line_that_means_nothing_is_skipped(text: str):
    assert CodeOwners(f"* @all\n{text}\n").owned(["x"]) == (Ownership(path="x", owners=("@all",)),)


@given(st.text(max_size=200), st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=30))
def test_whatever_the_file_says_it_can_be_asked(text: str, path: str):
    for one in CodeOwners(text).owned([path]):
        assert one.owners
