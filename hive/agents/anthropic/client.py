"""One connection pool to the model for all sessions of a process."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Self

from anthropic import AsyncAnthropic

from hive.config import UserSettings
from hive.errors import UsageError

DEFAULT_MODEL = "claude-sonnet-5-5"
CONNECT_SECONDS = 10.0
READ_SECONDS = 600.0


@dataclass
class Line:
    """The way to one endpoint, for all sessions that use it at the time."""

    client: AsyncAnthropic
    users: int = 0


@dataclass
class Lines:
    """Opens the client for the first session of an event loop and closes it behind the last."""

    key: str
    endpoint: str | None
    _open: dict[asyncio.AbstractEventLoop, Line] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: UserSettings, environ: Mapping[str, str], who: str) -> Self:
        """With the user's own key and endpoint. Raises UsageError, naming who needs it, when there is no key."""
        key = settings.key(environ)
        if not key:
            raise UsageError(
                f"{who} has no key",
                next_step="set ANTHROPIC_API_KEY, or anthropic_key in your own hive settings",
            )
        return cls(key, environ.get("ANTHROPIC_BASE_URL") or None)

    @asynccontextmanager
    async def line(self) -> AsyncIterator[Line]:
        """The client, for as long as the block lasts."""
        loop = asyncio.get_running_loop()
        line = self._open.get(loop) or self._opened(loop)
        line.users += 1
        try:
            yield line
        finally:
            line.users -= 1
            if not line.users:
                del self._open[loop]
                await line.client.close()

    def _opened(self, loop: asyncio.AbstractEventLoop) -> Line:
        from anthropic import DefaultAsyncHttpxClient, Timeout

        self._open[loop] = Line(
            AsyncAnthropic(
                api_key=self.key,
                base_url=self.endpoint,
                max_retries=0,
                timeout=Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
                http_client=DefaultAsyncHttpxClient(),
            )
        )
        return self._open[loop]
