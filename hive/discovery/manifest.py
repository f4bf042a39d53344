"""A build manifest: what a folder's build file says about the code beside it."""

from dataclasses import dataclass
from typing import Literal

Ecosystem = Literal["node", "maven", "gradle", "go", "python", "dotnet", "rust", "php", "ruby", "elixir"]
Runs = Literal["server", "unclear", "library"]
"""`server`: it says that it builds something that stays up; `unclear`: only the code can tell."""


@dataclass(frozen=True)
class Manifest:
    """One build file."""

    path: str
    folder: str
    ecosystem: Ecosystem
    name: str
    runs: Runs = "unclear"
    needs: frozenset[str] = frozenset()
    """Names of what it depends on, as its own ecosystem writes them."""
    members: tuple[str, ...] = ()
    """Folders or patterns of a workspace's parts, relative to its own folder."""
    test: str | None = None
    """The test script or plugin that it names."""
    marks: frozenset[str] = frozenset()
    """Further facts that the choice of a test command needs, such as `pytest` or `poetry`."""
