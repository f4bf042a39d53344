"""The protocol over a session's socket: one JSON message a line, bounded."""

import asyncio
import contextlib
from dataclasses import dataclass, field

import anyio
import mcp_types as types
from mcp.shared._context_streams import ContextReceiveStream, ContextSendStream, create_context_streams
from mcp.shared.message import SessionMessage

from hive.agents.tools.server import server
from hive.ports import Tools

LONGEST_LINE = 4 << 20
"""Bytes of one message: the longest contract, escaped."""
CONNECTIONS = 4
"""At a time; an agent needs one, and may start its server again."""
Incoming = SessionMessage | Exception


@dataclass
class Speaker:
    """Serves every connection with the tools of one session."""

    tools: Tools
    longest: int = LONGEST_LINE
    _serving: set[asyncio.Task[None]] = field(default_factory=set)

    def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, in a task that `close` ends."""
        if len(self._serving) >= CONNECTIONS:
            writer.close()
            return
        task = asyncio.ensure_future(self._served(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def close(self) -> None:
        """End every connection, and what was asked over it."""
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    async def _served(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        spoken = server(self.tools)
        heard_in, heard = create_context_streams[Incoming](0)
        said, said_out = create_context_streams[SessionMessage](0)
        try:
            async with anyio.create_task_group() as group:
                group.start_soon(_hear, reader, heard_in)
                group.start_soon(_say, said_out, writer)
                await spoken.run(heard, said, spoken.create_initialization_options())
                group.cancel_scope.cancel()
        finally:
            writer.close()


async def _hear(reader: asyncio.StreamReader, heard: ContextSendStream[Incoming]) -> None:
    async with heard:
        while line := await _line(reader):
            try:
                message = types.jsonrpc_message_adapter.validate_json(line, by_name=False)
            except ValueError as error:
                await heard.send(error)
                continue
            await heard.send(SessionMessage(message))


async def _line(reader: asyncio.StreamReader) -> bytes:
    """The next line; nothing at the end, and for one that is too long: what follows it makes no sense."""
    try:
        return await reader.readline()
    except (ValueError, OSError):
        return b""


async def _say(said: ContextReceiveStream[SessionMessage], writer: asyncio.StreamWriter) -> None:
    async with said:
        async for message in said:
            text = message.message.model_dump_json(by_alias=True, exclude_unset=True)
            writer.write(text.encode() + b"\n")
            with contextlib.suppress(OSError):
                await writer.drain()
