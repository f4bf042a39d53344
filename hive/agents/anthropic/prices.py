"""What tokens cost, from a table that ships."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

BYTES_OF_TOKEN = 2.5
"""At least, in code and prose."""


class Price(NamedTuple):
    """US dollars for a million tokens."""

    input: float
    output: float
    cache_write: float
    cache_read: float


class Tokens(NamedTuple):
    """Tokens of one answer; the cached ones are not in `input`."""

    input: int = 0
    output: int = 0
    cache_write: int = 0
    cache_read: int = 0


@cache
def table() -> dict[str, Price]:
    """Prices by the beginning of the model's name."""
    raw = tomllib.loads(files("hive.agents.anthropic").joinpath("prices.toml").read_text("utf-8"))
    return {name: Price(**row) for name, row in raw["models"].items()}


def price(model: str) -> Price:
    """The price of a model; the dearest of the table for one that it does not know, so that no budget is missed."""
    known = [name for name in table() if model.startswith(name)]
    return table()[max(known, key=len)] if known else max(table().values(), key=lambda each: each.output)


def dearest(model: str, sent: int, answered: int) -> float:
    """US dollars that a call costs at most: so many bytes sent, none of them cached, and all tokens used."""
    each = price(model)
    return (sent / BYTES_OF_TOKEN * max(each.input, each.cache_write) + answered * each.output) / 1e6


def cost(model: str, tokens: Tokens) -> float:
    """US dollars."""
    each = price(model)
    return (
        tokens.input * each.input
        + tokens.output * each.output
        + tokens.cache_write * each.cache_write
        + tokens.cache_read * each.cache_read
    ) / 1e6
