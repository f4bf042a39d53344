"""One HTTP/1.1 connection, framed by h11: whole answers, streams, and connections that break."""

import asyncio
from collections.abc import Mapping

import h11

from hive.testing.request import Request
from hive.testing.wire import Answer

LARGEST_BODY = 256 << 20
_CHUNK = 1 << 16


class Connection:
    """Reads requests and writes answers, one after the other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._http = h11.Connection(h11.SERVER)

    async def request(self) -> Request | None:
        """The next request; none when the client has left. Raises ConnectionError when it is no HTTP."""
        if self._http.our_state is h11.MUST_CLOSE or self._http.their_state is h11.MUST_CLOSE:
            return None
        if self._http.our_state is h11.DONE:
            self._http.start_next_cycle()
        head: h11.Request | None = None
        body = bytearray()
        while True:
            match await self._event():
                case h11.Request() as event:
                    head = event
                    if self._http.they_are_waiting_for_100_continue:
                        await self._write(h11.InformationalResponse(status_code=100, headers=[]))
                case h11.Data() as event:
                    body += event.data
                    if len(body) > LARGEST_BODY:
                        raise ConnectionError("the request is too large")
                case h11.EndOfMessage() if head is not None:
                    return _request(head, bytes(body))
                case h11.ConnectionClosed():
                    return None

    async def _event(self) -> object:
        while True:
            try:
                event = self._http.next_event()
            except h11.RemoteProtocolError as error:
                raise ConnectionError(f"not HTTP: {error}") from error
            if event is not h11.NEED_DATA:
                return event
            self._http.receive_data(await self._reader.read(_CHUNK))

    async def whole(self, answer: Answer) -> None:
        """A complete answer."""
        headers = {**answer.headers, "content-length": str(len(answer.body))}
        await self._write(h11.Response(status_code=answer.status, headers=list(headers.items())))
        await self._write(h11.Data(data=answer.body))
        await self.end()

    async def begin(self, headers: Mapping[str, str]) -> None:
        """The head of a streamed answer."""
        await self._write(h11.Response(status_code=200, headers=list(headers.items())))

    async def send(self, data: bytes) -> None:
        """A piece of a streamed answer. Raises ConnectionError when the client has left."""
        await self._write(h11.Data(data=data))

    async def end(self) -> None:
        """The answer is complete."""
        await self._write(h11.EndOfMessage())

    def cut(self) -> None:
        """Break the connection in mid-answer."""
        self._writer.transport.abort()
        self._http.send_failed()

    async def _write(self, event: h11.Event) -> None:
        self._writer.write(self._http.send(event) or b"")
        await self._writer.drain()


def _request(head: h11.Request, body: bytes) -> Request:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in head.headers}
    return Request(head.method.decode(), head.target.decode("latin-1"), headers, body)
