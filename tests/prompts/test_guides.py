from collections.abc import Sequence

from hive.prompts.guides import LONGEST, guide


class Files(dict[str, bytes]):
    """A tree in memory."""

    def paths(self) -> Sequence[str]:
        return sorted(self)

    def read(self, path: str) -> bytes:
        return self[path]


def test_the_root_comes_before_the_service() -> None:
    tree = Files({"CLAUDE.md": b"JSON is snake_case.\n", "services/users/CLAUDE.md": b"Use sqlite.\n"})
    text = guide(tree, "services/users")
    assert (
        text.index("JSON is snake_case.") < text.index("From services/users/CLAUDE.md") < text.index("sqlite")
    )


def test_a_service_at_the_root_is_told_once() -> None:
    assert guide(Files({"CLAUDE.md": b"Once."}), ".").count("Once.") == 1


def test_a_project_without_guides_says_nothing() -> None:
    assert guide(Files(), "services/users") == ""
    assert guide(Files({"CLAUDE.md": b" \n"}), "services/users") == ""


def test_a_long_guide_is_cut_and_says_so() -> None:
    text = guide(Files({"CLAUDE.md": b"a" * (LONGEST * 3)}), "x")
    assert "more characters" in text
    assert len(text) < LONGEST + 200


def test_escape_sequences_and_broken_bytes_are_harmless() -> None:
    text = guide(Files({"CLAUDE.md": b"\x1b]0;title\x07ok \xff"}), "x")
    assert "\x1b" not in text
    assert "ok \N{REPLACEMENT CHARACTER}" in text
