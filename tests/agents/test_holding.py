"""Which keys of a person's stay with hive."""

from hive.agents.catalog import ModelDoor
from hive.agents.holding import hold


def test_keys_without_a_known_address_are_not_held():
    door = ModelDoor(base_url="URL", keys=("KEY", "TOKEN"))
    held = hold({"KEY": "sk-1", "OTHER": "x"}, (door,), {})
    assert (held.variables, held.upstreams) == ({"KEY": "sk-1", "OTHER": "x"}, ())
    held = hold({"KEY": "sk-1", "TOKEN": "t", "URL": "http://model", "OTHER": "x"}, (door,), {})
    assert held.addresses == ("URL",)
    assert held.open == {"OTHER": "x"}
    assert {each.key for each in held.upstreams} == {"sk-1", "t"}
    assert "sk-1" not in held.variables.values()
