"""Tool chains of the user, seen from a private home."""

from pathlib import Path

from hive.orchestrator.checks.environment import free_port, private, toolchains


def test_version_managers_below_the_real_home_stay_reachable(tmp_path: Path) -> None:
    (tmp_path / ".pyenv").mkdir()
    found = toolchains({"HOME": str(tmp_path), "JAVA_HOME": "/opt/java", "API_KEY": "secret"})
    assert found == {"PYENV_ROOT": str(tmp_path / ".pyenv"), "JAVA_HOME": "/opt/java"}


def test_downloaded_go_modules_are_offered_without_the_network(tmp_path: Path) -> None:
    downloads = tmp_path / "go/pkg/mod/cache/download"
    downloads.mkdir(parents=True)
    found = toolchains({"HOME": str(tmp_path)})
    assert found["GOPROXY"] == f"file://{downloads},off"


def test_nothing_is_assumed_without_a_home() -> None:
    assert toolchains({}) == {}


def test_every_folder_is_below_the_scratch_folder(tmp_path: Path) -> None:
    made = private(tmp_path / "scratch", tmp_path / "scratch/check-1")
    folders = [value for value in made.values() if value.startswith("/")]
    assert len(folders) > 8
    assert all(Path(folder).is_relative_to(tmp_path / "scratch") for folder in folders)


def test_a_free_port_is_a_real_one() -> None:
    assert 1024 <= free_port() <= 65535
