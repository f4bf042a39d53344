from pathlib import Path

import pytest

from hive.agents.propagate.files import write
from hive.errors import HiveError


def test_a_file_is_replaced_in_one_step_and_keeps_its_mode(tmp_path: Path):
    file = tmp_path / "run.sh"
    file.write_text("old")
    file.chmod(0o755)
    write(file, b"new")
    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o777 == 0o755
    assert [p.name for p in tmp_path.iterdir()] == ["run.sh"]


def test_what_a_killed_turn_left_does_not_stop_the_next_one(tmp_path: Path):
    file = tmp_path / "model.py"
    (tmp_path / ".model.py.hive-new").write_text("half a fi")
    write(file, b"whole")
    assert [p.name for p in tmp_path.iterdir()] == ["model.py"]


def test_a_link_in_the_way_is_replaced_and_never_followed(tmp_path: Path):
    outside = tmp_path / "outside"
    outside.write_text("theirs")
    (tmp_path / ".model.py.hive-new").symlink_to(outside)
    write(tmp_path / "model.py", b"ours")
    assert outside.read_text() == "theirs"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(HiveError, match=r"model\.py"):
        write(tmp_path / "gone" / "model.py", b"x")
