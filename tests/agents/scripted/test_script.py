import pytest

from hive.agents.scripted.script import Script, load
from hive.errors import UsageError


def test_json_and_toml_say_the_same(tmp_path):
    as_json = tmp_path / "play.json"
    as_json.write_text('{"services": {"users": [[{"do": "write", "path": "a", "text": "b"}], []]}}')
    as_toml = tmp_path / "play.toml"
    as_toml.write_text('[services]\nusers = [[{do = "write", path = "a", text = "b"}], []]\n')
    assert load(as_json) == load(as_toml)


def test_a_turn_past_the_last_one_repeats_it_and_a_star_stands_for_every_other_service():
    script = Script.model_validate(
        {"services": {"users": [[{"do": "say", "text": "1"}], [{"do": "say", "text": "2"}]], "*": [[]]}}
    )
    assert script.turn("users", 1) != script.turn("users", 2)
    assert script.turn("users", 7) == script.turn("users", 2)
    assert script.turn("orders", 1) == ()
    assert Script(services={}).turn("orders", 1) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '{"services": {"users": [[], [{"do": "say"}]]}}',
            r"users, turn 2, action 1 \(say\), text: Field req",
        ),
        ('{"services": {"users": [[{"do": "dance"}]]}}', r"users, turn 1, action 1: .*'dance'"),
        (
            '{"services": {"users": [[{"do": "hold", "name": "../up"}]]}}',
            r"action 1 \(hold\), name: .*'../up'",
        ),
        ('{"services": {"users": [[{"do": "run", "argv": []}]]}}', r"action 1 \(run\), argv"),
        ('{"services": {"users": [[{"do": "end"}, {"do": "say", "text": "x"}]]}}', "`end` must be the last"),
        ('{"services": {"users": [{}]}}', r"users, turn 1: "),
        ('{"services": {}, "speed": 1}', "speed: Extra inputs"),
        ("{", "the script: Invalid JSON"),
        ("[" * 100_000, "the script: Invalid JSON"),
        ('{"services": {"users": [[{"do": "say", "text": "\\ud800"}]]}}', "Invalid JSON"),
    ],
)
def test_a_wrong_script_is_refused_with_its_file_turn_and_action(tmp_path, text, message):
    file = tmp_path / "play.json"
    file.write_text(text)
    with pytest.raises(UsageError, match=message) as error:
        load(file)
    assert "play.json" in str(error.value)


@pytest.mark.parametrize("raw", [b"a = ", b"\xff\xfe", b"a = " + b"[" * 5000])
def test_a_file_that_is_not_toml_is_refused(tmp_path, raw):
    file = tmp_path / "play.toml"
    file.write_bytes(raw)
    with pytest.raises(UsageError, match="is not TOML"):
        load(file)


def test_a_missing_folder_and_an_oversized_script_are_refused(tmp_path):
    with pytest.raises(UsageError, match="Is a directory"):
        load(tmp_path)
    huge = tmp_path / "huge.json"
    huge.write_bytes(b" " * ((4 << 20) + 1))
    with pytest.raises(UsageError, match="larger than"):
        load(huge)
