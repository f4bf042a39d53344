"""What differs between environments, read from environment variables."""

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Config:
    port: int
    database: str
    users_url: str
    payments_url: str
    events_url: str
    """Where events are posted; empty switches them off."""

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> "Config":
        return cls(
            port=int(env.get("PORT", "8080")),
            database=env.get("DATABASE", "orders.sqlite3"),
            users_url=env.get("USERS_URL", "http://localhost:8081"),
            payments_url=env.get("PAYMENTS_URL", "http://localhost:8083"),
            events_url=env.get("EVENTS_URL", ""),
        )
