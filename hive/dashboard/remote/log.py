"""The server's log: pages of it when asked, and its live socket to follow it."""

import asyncio
import json
from collections.abc import AsyncGenerator
from urllib.parse import urlencode

import websockets
from pydantic import ValidationError

from hive.dashboard.remote.server import Server
from hive.errors import HiveError, UsageError
from hive.events import Draft, Envelope

PAGE = 2000
LARGEST_MESSAGE = 64 << 20
SILENCE_SECONDS = 15.0
"""The server says every five seconds that all is well; nothing for so long means that it is gone."""


class RemoteLog:
    """Implements `ports.EventLog` and `board.History` on a server. Nothing is appended from here."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._identity = ""

    def append(self, *drafts: Draft, durable: bool = False) -> list[Envelope]:
        """Always refused: what a person decides goes through the server's controls."""
        raise UsageError(f"{len(drafts)} events cannot be written from here", next_step="use the controls")

    def read(self, after: int = 0, run: str | None = None, limit: int | None = None) -> list[Envelope]:
        """Events with a greater sequence number, in order."""
        return self._read(after, run, limit)

    def quiet(self, run: str) -> list[Envelope]:
        """All events of a run but what its agents said; in order."""
        return self._read(0, run, None, quiet="true")

    def _read(self, after: int, run: str | None, limit: int | None, **more: str) -> list[Envelope]:
        found: list[Envelope] = []
        while limit is None or len(found) < limit:
            size = min(PAGE, limit - len(found)) if limit is not None else PAGE
            page = self._server.get("events", after=after, run=run, limit=size, **more)
            found += self._envelopes(page["events"])
            if not page["more"]:
                break
            after = page["next"]
        return found

    def heads(self) -> list[tuple[Envelope, Envelope]]:
        """The first and the last event of every run, oldest run first."""
        told = self._server.get("history")["runs"]
        return [(self._envelope(each["first"]), self._envelope(each["last"])) for each in told]

    def recent(
        self, run: str, service: str | None = None, *, before: int | None = None, limit: int = 1000
    ) -> list[Envelope]:
        """The last events of a run, or of one service of it, older than `before`; in order."""
        page = self._server.get("runs", run, "recent", service=service, before=before, limit=limit)
        return self._envelopes(page["events"])

    async def follow(self, after: int = 0, run: str | None = None) -> AsyncGenerator[list[Envelope], None]:
        """Batches of events as they come. Raises HiveError when the server goes away: follow again from there."""
        asked = urlencode({"after": after, "log": self._identity})
        address = f"{self._server.url.replace('http', 'ws', 1)}/api/v1/live?{asked}"
        try:
            async with websockets.connect(
                address, additional_headers=self._server.headers, ssl=self._server.tls,
                max_size=LARGEST_MESSAGE, proxy=None,
            ) as socket:  # fmt: skip
                while True:
                    text = await asyncio.wait_for(socket.recv(), SILENCE_SECONDS)
                    async for batch in self._heard(json.loads(text), after):
                        after = batch[-1].seq
                        if kept := [each for each in batch if run in (None, each.run)]:
                            yield kept
        except (OSError, TimeoutError, websockets.WebSocketException, ValueError, KeyError) as error:
            raise self._server.gone(error) from error

    async def _heard(self, told: dict[str, object], after: int) -> AsyncGenerator[list[Envelope], None]:
        """A batch as it came; where there is a gap before it, or a snapshot instead of it, what is in between."""
        match told.get("type"):
            case "batch" if told["after"] == after and isinstance(told["events"], list):
                if batch := self._envelopes(told["events"]):
                    yield batch
            case "snapshot" | "resync" | "batch":
                self._identity = str(told.get("log", self._identity))
                while batch := await asyncio.to_thread(self.read, after, None, PAGE):
                    after = batch[-1].seq
                    yield batch
            case _:
                pass

    def _envelopes(self, told: list[object]) -> list[Envelope]:
        return [self._envelope(each) for each in told]

    def _envelope(self, told: object) -> Envelope:
        try:
            return Envelope.model_validate(told)
        except ValidationError as error:
            raise HiveError(
                f"{self._server.url} tells of things that this hive does not know",
                next_step="use the same version of hive on both sides",
            ) from error
