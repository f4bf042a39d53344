"""Lines are followed through a diff as git makes it."""

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive.workspaces.following import followed

LINES = st.lists(st.sampled_from(["a", "b", "c", "d", "", "-x", "+x", "@@ -1 +1 @@"]), max_size=25)


def unified(old: list[str], new: list[str], context: int = 3) -> str:
    return "\n".join(difflib.unified_diff(old, new, "a/f", "b/f", n=context, lineterm=""))


@given(LINES, LINES, st.integers(1, 3))
def test_a_line_is_where_the_diff_leaves_it_or_nowhere(old: list[str], new: list[str], context: int):
    found = [followed(unified(old, new, context), n) for n in range(1, len(old) + 1)]
    kept = [(n, at) for n, at in enumerate(found, 1) if at is not None]
    assert all(old[n - 1] == new[at - 1] for n, at in kept)
    assert [at for _, at in kept] == sorted({at for _, at in kept})
    matched = sum(block.size for block in difflib.SequenceMatcher(None, old, new).get_matching_blocks())
    assert len(kept) == matched


@pytest.mark.parametrize("diff", ["", "no diff at all", "@@ broken"])
def test_without_a_difference_a_line_stays(diff: str):
    assert followed(diff, 7) == 7
