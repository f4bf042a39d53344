import pytest

from hive.agents.anthropic.client import DEFAULT_MODEL
from hive.agents.anthropic.prices import Tokens, cost, price, table


def test_the_longest_name_that_fits_has_the_price():
    assert price("claude-opus-5-5-20261001") == table()["claude-opus-5-5"]
    assert price("claude-opus-5") == table()["claude-opus-5"]


def test_a_model_that_is_not_known_costs_as_much_as_the_dearest():
    assert price("gpt-99").output == max(each.output for each in table().values())


def test_the_default_model_has_a_price_of_its_own():
    assert DEFAULT_MODEL in table()


def test_each_kind_of_token_is_paid_for_at_its_own_price():
    tokens = Tokens(input=1_000_000, output=100_000, cache_write=10_000, cache_read=1_000_000)
    assert cost("claude-opus-5-5", tokens) == pytest.approx(4 + 2 + 0.05 + 0.2)


def test_every_price_is_plausible():
    for each in table().values():
        assert 0 < each.cache_read < each.input <= each.output
        assert each.input < each.cache_write
