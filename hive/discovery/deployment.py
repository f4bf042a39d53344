"""What a deployment file says about one container: its name, what it is built from, what it is told."""

from dataclasses import dataclass
from typing import Literal

DeploymentKind = Literal["compose", "kubernetes", "build", "apphost", "values"]
"""`build` only names an image and its folder; `values` are settings without a statement that something runs."""


@dataclass(frozen=True)
class Setting:
    """One environment variable or configuration value."""

    name: str
    value: str
    where: str
    """`path:line`"""
    shared: bool = False
    """Handed to several containers at once: it counts only for one whose code reads the name."""


@dataclass(frozen=True)
class Deployment:
    """One container or process, as one file describes it."""

    name: str
    kind: DeploymentKind
    where: str
    folder: str | None = None
    """Folder that the image is built from, relative to the root."""
    dockerfile: str | None = None
    image: str = ""
    hosts: tuple[str, ...] = ()
    """Other names under which it can be reached."""
    settings: tuple[Setting, ...] = ()
    needs: tuple[tuple[str, str], ...] = ()
    """Names that it waits for or links to, each with `path:line`."""
    ports: tuple[int, ...] = ()
    """Ports that it publishes on the developer's machine."""
    command: str = ""
