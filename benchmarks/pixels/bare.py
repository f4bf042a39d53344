"""The floor: a bare socket on uvicorn to bare pages that write each message into one text node."""

import asyncio
import multiprocessing
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

import uvicorn

from benchmarks.pixels.devtools import Tab
from benchmarks.pixels.watch import WATCH, mark
from benchmarks.pixels.writer import Sent

LISTEN = """
(url) => new Promise((done) => {
  const text = document.body.appendChild(document.createElement("p")).appendChild(document.createTextNode(""));
  const socket = new WebSocket(url);
  socket.onopen = () => done();
  socket.onmessage = (event) => { text.data = event.data; };
})
"""


class Publisher(NamedTuple):
    """A server that sends when it is told to."""

    pid: int
    url: str
    pipe: Connection

    def run(self) -> list[Sent]:
        """Send to all who listen; what was sent when."""
        self.pipe.send("go")
        return [Sent(*each) for each in self.pipe.recv()]


def listen(tab: Tab, url: str) -> None:
    """Let the page write what it hears."""
    tab.run(WATCH)
    tab.run(f"({LISTEN})({url!r})")


@contextmanager
def publisher(rate: int, seconds: float) -> Iterator[Publisher]:
    """A process that serves."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    child = context.Process(target=_serve, args=(rate, int(rate * seconds), there), daemon=True)
    child.start()
    try:
        yield Publisher(child.pid or 0, here.recv(), here)
    finally:
        child.terminate()
        child.join()


def _serve(rate: int, count: int, pipe: Connection) -> None:
    asyncio.run(_serving(rate, count, pipe))


async def _serving(rate: int, count: int, pipe: Connection) -> None:
    listeners: list[Callable[[dict[str, str]], Awaitable[None]]] = []

    async def app(scope: dict[str, str], receive: Callable[[], Awaitable[dict[str, str]]], send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        listeners.append(send)
        while (await receive())["type"] != "websocket.disconnect":
            pass

    config = uvicorn.Config(
        app, port=0, ws="websockets-sansio", log_config=None, lifespan="off", ws_per_message_deflate=False
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    pipe.send(f"ws://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}")
    await asyncio.to_thread(pipe.recv)
    sent: list[Sent] = []
    begun = time.monotonic()
    while len(sent) < count:
        due = min(count, int((time.monotonic() - begun) * rate))
        for number in range(len(sent), due):
            sent.append(Sent(number, "", "said", time.time() * 1000))
            for send in listeners:
                await send({"type": "websocket.send", "text": mark(number)})
        await asyncio.sleep(0.01)
    pipe.send(sent)
    await serving
