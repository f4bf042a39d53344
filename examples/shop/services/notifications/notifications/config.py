"""What differs between environments, read from environment variables."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Config:
    port: int
    data: Path
    """Folder of the JSON files."""

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> "Config":
        return cls(port=int(env.get("PORT", "8080")), data=Path(env.get("DATA", ".")))
