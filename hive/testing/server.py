"""The fake model server: HTTP/1.1 on loopback (parsed by h11), scripted, everything recorded."""

import asyncio
import contextlib
import json
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Self

from hive.testing.anthropic import AnthropicMessages
from hive.testing.casting import Cue, cue, fault
from hive.testing.connection import Connection
from hive.testing.gemini import GeminiContent
from hive.testing.openai import OpenAIResponses
from hive.testing.request import Request
from hive.testing.script import Break, Refusal, Reply, Script
from hive.testing.wire import Answer, Dialect, refused, sse

PING_SECONDS = 0.05
SESSION_HEADERS = ("x-claude-code-session-id", "session_id", "x-session-id")


class FakeModels:
    """An async context manager; `url` is where it listens, `requests` what it was asked."""

    def __init__(self, script: Script, *dialects: Dialect) -> None:
        self.script = script
        self.requests: list[Request] = []
        self.asked: asyncio.Event = asyncio.Event()
        """Set when a request for an answer has arrived; a test clears it."""
        self._dialects = dialects or (AnthropicMessages(), OpenAIResponses(), GeminiContent())
        self._attempts: Counter[tuple[str, int, int]] = Counter()
        self._released: dict[str, asyncio.Event] = {}
        self._connections: set[asyncio.Task[None]] = set()
        self._port = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def calls(self) -> list[Request]:
        """The requests that asked for an answer of the model."""
        return [each for each in self.requests if self._dialect(each)]

    def release(self, name: str) -> None:
        """Let the replies that hold at this name go on; from any thread."""
        self._loop.call_soon_threadsafe(self._gate(name).set)

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *error: object) -> None:
        self._server.close()
        for task in list(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()

    def _gate(self, name: str) -> asyncio.Event:
        return self._released.setdefault(name, asyncio.Event())

    def _dialect(self, request: Request) -> Dialect | None:
        return next((dialect for dialect in self._dialects if dialect.serves(request)), None)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101
        self._connections.add(task)
        connection = Connection(reader, writer)
        try:
            while request := await connection.request():
                self.requests.append(request)
                await self._answer(request, connection)
        except (ConnectionError, asyncio.CancelledError):
            pass  # the client has left, or the server is closing
        finally:
            self._connections.discard(task)
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _answer(self, request: Request, connection: Connection) -> None:
        dialect = self._dialect(request)
        if dialect is None:
            status = 404 if request.method == "POST" else 200
            await connection.whole(_json(status, {"path": request.path}))
            return
        self.asked.set()
        answered = dialect.answered(request)
        found = cue(self.script, request, answered)
        if found is None:
            wrong = Refusal(
                status=400, message=f"the script has no reply {answered + 1} for this conversation"
            )
            await connection.whole(refused(wrong, dialect.refusal(wrong)))
            return
        if found.reply.hold:
            await self._gate(found.reply.hold).wait()
        await self._play(found, dialect, request, connection)

    async def _play(self, found: Cue, dialect: Dialect, request: Request, connection: Connection) -> None:
        reply, key = found.reply, (_conversation(request), found.part, found.position)
        wrong = fault(reply, self._attempts[key])
        self._attempts[key] += 1
        identity = sha256(f"{key}{self._attempts[key]}".encode()).hexdigest()[:24]
        if isinstance(wrong, Refusal):
            await connection.whole(refused(wrong, dialect.refusal(wrong)))
        elif not dialect.streams(request) and wrong is None:
            await connection.whole(_json(200, dialect.whole(reply, request, identity)))
        else:
            events = _as_sent(dialect.events(reply, request, identity), reply)
            await self._stream(events, wrong, dialect, connection)

    async def _stream(
        self, events: list[bytes], wrong: Break | None, dialect: Dialect, connection: Connection
    ) -> None:
        await connection.begin({"content-type": "text/event-stream", "cache-control": "no-cache"})
        for event in events if wrong is None else events[: wrong.after]:
            await connection.send(event)
        match wrong.how if wrong else None:
            case "cut":
                connection.cut()
                return
            case "stall":
                while True:
                    await connection.send(dialect.ping())
                    await asyncio.sleep(PING_SECONDS)
            case "error" if wrong:
                await connection.send(dialect.error_event(wrong.refusal))
            case "garbage":
                await connection.send(
                    b'event: content_block_delta\ndata: {"type": "content_block_de\xff\xfe\n\n'
                )
        await connection.end()


def _as_sent(events: list[bytes], reply: Reply) -> list[bytes]:
    if reply.padding:
        events = [events[0], sse({"type": "from_the_future", "padding": "x" * reply.padding}), *events[1:]]
    return [each for event in events for each in ((event, event) if reply.doubled else (event,))]


def _conversation(request: Request) -> str:
    named = next((request.headers[name] for name in SESSION_HEADERS if name in request.headers), "")
    messages = request.body.get("messages") or request.body.get("input") or request.body.get("contents")
    first = messages[0] if isinstance(messages, list) and messages else messages
    return named or sha256(json.dumps(first, sort_keys=True).encode()).hexdigest()


def _json(status: int, body: Mapping[str, object]) -> Answer:
    return Answer(status, {"content-type": "application/json"}, json.dumps(body).encode())


@contextlib.contextmanager
def serving(script: Script, *dialects: Dialect) -> Iterator[FakeModels]:
    """A fake server in a thread of its own, for callers that are not asynchronous or drive other processes."""
    fake = FakeModels(script, *dialects)
    loop = asyncio.new_event_loop()
    ready, done = threading.Event(), asyncio.Event()

    async def until_done() -> None:
        async with fake:
            ready.set()
            await done.wait()

    def work() -> None:
        try:
            loop.run_until_complete(until_done())
        finally:
            ready.set()
            loop.close()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    ready.wait()
    try:
        yield fake
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()
