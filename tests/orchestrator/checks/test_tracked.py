"""Which files of an export were changed."""

import os
from pathlib import Path

from hive.orchestrator.checks.tracked import changed, snapshot, warning


def test_edited_removed_replaced_and_executable_made_files_are_changed(tmp_path: Path) -> None:
    for name in ("same", "edited", "removed", "replaced", "mode", "a/deep"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("old")
    (tmp_path / "loop").symlink_to(tmp_path)
    before = snapshot(tmp_path)
    (tmp_path / "edited").write_text("newer")
    (tmp_path / "removed").unlink()
    (tmp_path / "replaced").unlink()
    (tmp_path / "replaced").symlink_to("same")
    (tmp_path / "mode").chmod(0o755)
    (tmp_path / "a/deep").unlink()
    (tmp_path / "a").rmdir()
    (tmp_path / "added").write_text("new")
    assert changed(tmp_path, before) == ["a/deep", "edited", "mode", "removed", "replaced"]


def test_the_same_length_at_another_time_is_a_change(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    before = snapshot(tmp_path)
    os.utime(tmp_path / "a", ns=(1, 1))
    assert changed(tmp_path, before) == ["a"]


def test_the_remark_is_one_harmless_line() -> None:
    assert warning([]) == ()
    assert warning(["a\x1b[31m\nb"]) == ("changed tracked files: a b",)
    assert warning(["a", "b", "c", "d", "e"]) == ("changed tracked files: a, b, c and 2 more",)
