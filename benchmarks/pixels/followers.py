"""People with machines of their own: clients of the live socket in another process, which draw nothing."""

import asyncio
import json
import multiprocessing
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection

from websockets.asyncio.client import connect

from benchmarks.pixels.site import RUN

REST = 0.04
"""Seconds between a message and the next wish, as a page draws and rests on a machine that does nothing else."""


@contextmanager
def followers(url: str, token: str, services: Sequence[str]) -> Iterator[None]:
    """One for each service, until the block ends."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    child = context.Process(target=_serve, args=(url, token, services, there), daemon=True)
    child.start()
    here.recv()
    try:
        yield
    finally:
        child.terminate()
        child.join()


def _serve(url: str, token: str, services: Sequence[str], told: Connection) -> None:
    asyncio.run(_all(url, token, services, told))


async def _all(url: str, token: str, services: Sequence[str], told: Connection) -> None:
    ready = asyncio.Barrier(len(services) + 1)
    async with asyncio.TaskGroup() as group:
        for service in services:
            group.create_task(_follow(url, token, service, ready))
        await ready.wait()
        told.send("ready")


async def _follow(url: str, token: str, service: str, ready: asyncio.Barrier) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    address = f"{url.replace('http', 'ws', 1)}/api/v1/live?paced=true"
    wants = json.dumps([[RUN, service]])
    async with connect(
        address, additional_headers=headers, compression=None, proxy=None, max_size=None
    ) as socket:
        await socket.recv()
        await ready.wait()
        await socket.send(wants)
        async for text in socket:
            if str(text).startswith('{"type":"batch"'):
                await asyncio.sleep(REST)
                await socket.send(wants)
