"""JSON-RPC over the pipes of an app server, line by line; no line costs more than its limit."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

from hive.agents.codex.shapes import record, text
from hive.agents.session import bounded
from hive.errors import HiveError
from hive.text import decode

LONGEST_LINE = 8 << 20
"""Bytes of a line that are read; Codex repeats whole outputs of commands and whole diffs."""
_CHUNK = 1 << 16
_SHOWN = 2000
_METHOD = re.compile(rb'"method"\s*:\s*"([^"\\]{1,100})"')
_NEEDED = ("turn/completed",)
METHOD_NOT_FOUND = -32601


class Notice(NamedTuple):
    """Something happened."""

    method: str
    params: dict[str, Any]


class Query(NamedTuple):
    """The server asks and waits for an answer."""

    id: str | int
    method: str
    params: dict[str, Any]


class Junk(NamedTuple):
    """A line that is no message."""

    name: str
    payload: str


class RefusedError(HiveError):
    """The server answered with an error."""


class Wire:
    """hive's end: asks and is answered, while `frames` is read by one other task."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._asked = 0
        self._broken: HiveError | None = None

    async def ask(self, method: str, **params: object) -> dict[str, Any]:
        """The result. Raises RefusedError when the server answers with an error, HiveError when it never will."""
        if self._broken:
            raise self._broken
        self._asked += 1
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[self._asked] = answer
        try:
            await self.send({"id": self._asked, "method": method, "params": params})
            return await answer
        finally:
            self._waiting.pop(self._asked, None)

    async def send(self, message: dict[str, Any]) -> None:
        """One message; a server that is gone is noticed by its silence, not here."""
        try:
            self._writer.write(json.dumps(message).encode() + b"\n")
            await self._writer.drain()
        except ConnectionError:
            return

    def give_up(self, error: HiveError) -> None:
        """No more answers will come."""
        self._broken = error
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(error)

    async def frames(self) -> AsyncIterator[Notice | Query | Junk]:
        """Everything but answers, which reach who asked. Raises HiveError on a line that cannot be done without."""
        head, length = bytearray(), 0
        while chunk := await self._reader.read(_CHUNK):
            *ends, rest = chunk.split(b"\n")
            for part in ends:
                frame = self._frame(_grown(head, part), length + len(part))
                head, length = bytearray(), 0
                if frame:
                    yield frame
            head, length = _grown(head, rest), length + len(rest)
        if length and (frame := self._frame(head, length)):
            yield frame

    def _frame(self, line: bytearray, length: int) -> Notice | Query | Junk | None:
        if length > LONGEST_LINE:
            return _too_long(line, length)
        whole = decode(bytes(line)).strip()
        if not whole:
            return None
        try:
            message = json.loads(whole)
        except (ValueError, RecursionError):
            return Junk("malformed line", bounded(whole[:_SHOWN]))
        if not isinstance(message, dict):
            return Junk("malformed line", bounded(whole[:_SHOWN]))
        identity, method = message.get("id"), message.get("method")
        if isinstance(method, str):
            params = record(message.get("params"))
            if isinstance(identity, str | int):
                return Query(identity, method, params)
            return Notice(method, params)
        return self._answered(identity, message, whole)

    def _answered(self, identity: object, message: dict[str, Any], whole: str) -> Junk | None:
        answer = self._waiting.get(identity) if isinstance(identity, int) else None
        if answer is None or answer.done():
            return Junk("stray answer", bounded(whole[:_SHOWN]))
        if "error" in message:
            answer.set_exception(
                RefusedError(text(record(message["error"]).get("message")) or "no reason given")
            )
        else:
            answer.set_result(record(message.get("result")))
        return None


def _grown(head: bytearray, part: bytes) -> bytearray:
    head += part[: max(0, LONGEST_LINE - len(head))]
    return head


def _too_long(head: bytearray, length: int) -> Junk:
    start = bytes(head[:_SHOWN])
    method = _METHOD.search(start)
    name = decode(method.group(1)) if method else ""
    if name.endswith(("requestApproval", "requestUserInput", "/request")) or name in _NEEDED or not name:
        raise HiveError(
            f"Codex sent a line of {length} bytes ({name or 'an answer'}), more than {LONGEST_LINE}"
        )
    return Junk(f"{name} of {length} bytes", bounded(decode(start)))
