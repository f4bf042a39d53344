"""What the first word of a command means."""

from pathlib import Path

import pytest

from hive.orchestrator.checks.program import find


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in ("python3", "jest", "service/run.sh"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.mark.parametrize(
    ("word", "found"),
    [("python", "python3"), ("python3", "python3"), ("python3.12", None), ("jest", "jest"), ("vitest", None)],
)
def test_python_and_python3_stand_for_each_other(tools: Path, word: str, found: str | None) -> None:
    assert find(word, tools, str(tools)) == (str(tools / found) if found else None)


def test_a_word_with_a_slash_is_looked_up_in_the_services_folder(tools: Path) -> None:
    assert find("./run.sh", tools / "service", "") == "./run.sh"
    assert find("./run.sh", tools, "") is None
