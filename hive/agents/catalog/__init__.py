"""Agents that speak the Agent Client Protocol: what differs between them is data, one TOML file each."""

import shutil
import tomllib
from functools import cache
from importlib.resources import files

from pydantic import Field

from hive.model import Value


class ModelDoor(Value):
    """How an agent is led to its model without its key: hive's proxy adds that on the way."""

    base_url: str
    """Variable with the model's address: the agent finds hive's proxy in it."""
    address: str = ""
    """Where requests go when a person's own environment does not say otherwise; where neither does, no key is held."""
    keys: tuple[str, ...] = Field(min_length=1)
    """Variables with a key; the agent finds stand-ins there."""


class CatalogEntry(Value):
    """How one agent is started."""

    name: str
    description: str
    command: tuple[str, ...] = Field(min_length=1)
    """Program and arguments that make it speak the protocol on its standard input and output."""
    model: tuple[str, ...] = ()
    """Arguments that choose a model; `{model}` is filled in."""
    model_env: str | None = None
    """Variable that chooses a model, where no argument does."""
    passed: tuple[str, ...] = ()
    """Variables of the user's environment that it is given: keys and endpoints."""
    env: dict[str, str] = Field(default={})
    """Variables that it is given besides."""
    usual: dict[str, str] = Field(default={})
    """Variables that it is given where a person hands on none of that name."""
    doors: tuple[ModelDoor, ...] = ()
    """How its keys stay out of it, where it can be told another address for a model."""
    hosts: tuple[str, ...] = ()
    """What else it needs to reach, as `host:port`."""
    settings: tuple[str, ...] = ()
    """Files and folders of a repository that it would obey; they are hidden from it."""
    install: str
    """How to get it."""

    def missing(self) -> str | None:
        """Why it cannot be started here, and how to get it."""
        if shutil.which(self.command[0]):
            return None
        return f"{self.command[0]!r} is not installed; {self.install}"


@cache
def catalog() -> dict[str, CatalogEntry]:
    """Every agent that ships, by name."""
    found = [
        CatalogEntry.model_validate(tomllib.loads(file.read_text("utf-8")))
        for file in sorted(files(__name__).iterdir(), key=lambda file: file.name)
        if file.name.endswith(".toml")
    ]
    return {entry.name: entry for entry in found}
