"""A forge that the user's own settings name: a project's file may not."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

ForgeKind = Literal["github", "gitlab"]


class ForgeSettings(BaseModel):
    """`[forges."HOST"]` in the user's own settings."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: ForgeKind
    """Whose dialect it speaks."""
    api: str
    """Address of its API, such as `https://git.example.com/api/v4`."""
    token: str | None = None
    """Name of the environment variable with the token; the usual one of its kind when not given."""
