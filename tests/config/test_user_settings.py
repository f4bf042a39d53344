import json
from pathlib import Path

import pytest

from hive.config import load_user, user_file
from hive.errors import UsageError


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("HIVE_AGENT", "HIVE_SANDBOX", "HIVE_STATE_DIR"):
        monkeypatch.delenv(name, raising=False)


def write(text: str) -> None:
    user_file().parent.mkdir(parents=True, exist_ok=True)
    user_file().write_text(text)


def test_defaults_work_without_any_file(tmp_path: Path):
    settings = load_user()
    assert settings.agent == "propagate"
    assert settings.state_root() == tmp_path / "state" / "hive"


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch):
    write('agent = "from-file"\nsandbox = "none"\n')
    monkeypatch.setenv("HIVE_AGENT", "from-environment")
    settings = load_user()
    assert (settings.agent, settings.sandbox) == ("from-environment", "none")


def test_a_wrong_value_names_the_key():
    write('sandbox = "chroot"\n')
    with pytest.raises(UsageError, match="sandbox"):
        load_user()


def test_a_key_that_is_unknown_is_named_and_a_strange_variable_is_nobodys():
    write('agnet = "claude"\n')
    with pytest.raises(UsageError, match="agnet: Extra inputs"):
        load_user()
    write("")
    assert load_user({"HIVE_AGNET": "claude"}).agent == "propagate"


def test_a_broken_file_is_named():
    write("sandbox =")
    with pytest.raises(UsageError, match=r"config\.toml"):
        load_user()


def test_lists_and_tables_are_json_in_the_environment():
    forge = {"kind": "gitlab", "api": "https://git.example.com/api/v4"}
    given = {"HIVE_NETWORK": '["npm", "a:1"]', "HIVE_FORGES": json.dumps({"git.example.com": forge})}
    settings = load_user(given)
    assert settings.network == ("npm", "a:1")
    assert settings.forges["git.example.com"].kind == "gitlab"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("HIVE_NETWORK", "npm", "HIVE_NETWORK is not JSON"),
        ("HIVE_NETWORK", '{"npm": 1}', "network"),
        ("HIVE_PROCESS_LIMIT", "many", "process_limit"),
        ("HIVE_ENGINE_IDLE", "", "engine_idle"),
    ],
)
def test_a_wrong_variable_is_named(name: str, value: str, said: str):
    with pytest.raises(UsageError, match=said):
        load_user({name: value})


def test_a_file_that_is_no_text_is_named():
    write("")
    user_file().write_bytes(b"agent = '\xff'")
    with pytest.raises(UsageError, match=r"config\.toml is not TOML"):
        load_user()
