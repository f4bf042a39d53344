"""The proxy, spoken to over its own socket; what it leads to are servers on the loopback."""

import asyncio
import contextlib
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hive.network import egress as module
from hive.network.egress import egress, loopback
from hive.network.endpoints import Endpoint
from hive.network.upstream import Upstream
from hive.process import run


@contextlib.asynccontextmanager
async def listener(answer=b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"):
    """A server that keeps what it is sent, and answers each connection once."""
    heard = []

    async def serve(reader, writer):
        said = await reader.read(65536)
        if b"Content-Length" in said:
            said += await reader.readexactly(2) if said.endswith(b"\r\n\r\n") else b""
        heard.append(said)
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], heard


async def say(door, *parts):
    reader, writer = await asyncio.open_unix_connection(door.socket)
    for part in parts:
        writer.write(part)
        await writer.drain()
    answer = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    return answer


def playing(body, allowed=(), **more):
    """Run `body(door, refused)` behind a door."""

    async def play():
        refused = []

        async def refuse(what):
            refused.append(what)

        async with egress(allowed, refuse, **more) as door:
            await body(door, refused)
        assert not door.socket.parent.exists()

    asyncio.run(play())


def local(port):
    return Endpoint("127.0.0.1", port, private=True)


def test_a_tunnel_leads_to_an_allowed_host_alone():
    async def body():
        async with listener(b"pong") as (port, heard):

            async def inside(door, refused):
                asked = b"CONNECT 127.0.0.1:%d HTTP/1.1\r\nHost: x\r\n\r\n" % port
                assert (await say(door, asked, b"ping")).endswith(b"established\r\n\r\npong")
                assert heard == [b"ping"]
                assert refused == []

            async with egress([local(port)], never) as door:
                await inside(door, [])

    asyncio.run(body())


def asking(header):
    """A request to the model with one header of its own."""
    return b"POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1:1\r\n%b\r\nContent-Length: 2\r\n\r\n{}" % header


async def never(what):
    raise AssertionError(f"refused: {what}")


@pytest.mark.parametrize("line", ["CONNECT {} HTTP/1.1", "GET http://{}/secret HTTP/1.1"])
@pytest.mark.parametrize("allowed", ["none", "another port", "another name of it"])
def test_not_one_byte_reaches_a_host_that_is_not_on_the_list(line, allowed):
    async def body():
        async with listener() as (port, heard):
            known = {
                "none": (),
                "another port": (local(port + 1),),
                "another name of it": (Endpoint("localhost", port, True),),
            }
            refused = []

            async def refuse(what):
                refused.append(what)

            async with egress(known[allowed], refuse) as door:
                asked = line.format(f"127.0.0.1:{port}").encode() + b"\r\n\r\n"
                answers = [await say(door, asked) for _ in range(3)]
            assert all(answer.startswith(b"HTTP/1.1 403") for answer in answers)
            assert refused == [f"127.0.0.1:{port} is not on the list of this session"]  # told once
            assert heard == []

    asyncio.run(body())


def test_an_allowed_name_that_leads_to_this_machine_is_refused_unless_a_person_meant_it():
    async def body():
        async with listener() as (port, heard):
            refused = []

            async def refuse(what):
                refused.append(what)

            asked = b"CONNECT localhost:%d HTTP/1.1\r\n\r\n" % port
            async with egress([Endpoint("localhost", port)], refuse) as door:
                assert b"which is not public" in await say(door, asked)
            assert len(refused) == 1
            assert heard == []
            async with egress([Endpoint("localhost", port, private=True)], refuse) as door:
                assert b"200 OK" in await say(door, asked, b"x")

    asyncio.run(body())


def test_a_plain_request_goes_on_without_what_was_meant_for_the_proxy():
    async def body():
        async with listener() as (port, heard):
            head = (
                b"GET http://127.0.0.1:%d/a?b=1 HTTP/1.1\r\nHost: other\r\nProxy-Authorization: p\r\nX-Own: 1\r\n\r\n"
                % port
            )
            async with egress([local(port)], never) as door:
                assert (await say(door, head)).endswith(b"ok")
            assert (
                heard[0]
                == b"GET /a?b=1 HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\nX-Own: 1\r\n\r\n"
                % port
            )

    asyncio.run(body())


def test_the_key_is_added_on_the_way_to_the_model_and_nowhere_else():
    async def body():
        async with listener() as (port, heard):
            upstreams = [Upstream(f"http://127.0.0.1:{port}/{name}/", f"sk-{name}") for name in ("a", "b")]
            assert "sk-a" not in repr(upstreams)
            first, second = [each.stand_in.encode() for each in upstreams]
            async with egress([local(port)], never, upstreams=upstreams) as door:
                assert (await say(door, asking(b"X-API-Key: " + first))).endswith(b"ok")
                assert (await say(door, asking(b"Authorization: Bearer " + second))).endswith(b"ok")
                await say(door, b"GET http://127.0.0.1:%d/ HTTP/1.1\r\nX-API-Key: %b\r\n\r\n" % (port, first))
            to_a, to_b, elsewhere = heard
            assert to_a.startswith(b"POST /a/v1/messages HTTP/1.1\r\n")
            assert b"X-API-Key: sk-a\r\n" in to_a
            assert to_a.endswith(b"\r\n\r\n{}")
            assert to_b.startswith(b"POST /b/v1/messages HTTP/1.1\r\n")
            assert b"Authorization: Bearer sk-b\r\n" in to_b
            assert all(first not in each and second not in each for each in (to_a, to_b))
            assert b"sk-" not in elsewhere

    asyncio.run(body())


@pytest.mark.parametrize("header", [b"X-API-Key: sk-guessed", b"X-API-Key: held-by-hive-", b"Accept: */*"])
def test_whoever_does_not_know_the_stand_in_gets_nothing_from_the_model(header):
    async def body():
        async with listener() as (port, heard):
            upstream = Upstream(f"http://127.0.0.1:{port}", "sk-real")
            async with loopback([upstream], never) as address:
                near, far = await asyncio.open_connection("127.0.0.1", urlsplit(address).port)
                far.write(asking(header))
                assert (await near.read()).startswith(b"HTTP/1.1 403")
                far.close()
            assert heard == []

    asyncio.run(body())


def test_an_address_of_this_machine_leads_to_the_model_alone():
    async def body():
        async with listener() as (port, heard):
            upstream, told = Upstream(f"http://127.0.0.1:{port}", "sk-real"), []

            async def refused(what):
                told.append(what)

            async with loopback([upstream], refused) as address:
                for head in (
                    asking(b"A: " + upstream.stand_in.encode()),
                    b"CONNECT evil:443 HTTP/1.1\r\n\r\n",
                ):
                    near, far = await asyncio.open_connection("127.0.0.1", urlsplit(address).port)
                    far.write(head)
                    await near.read()
                    far.close()
            assert len(heard) == 1
            assert told == ["evil:443 is not on the list of this session"]

    asyncio.run(body())


@pytest.mark.parametrize("path", [b"/../admin", b"/v1/../../admin"])
def test_the_models_own_paths_are_not_left(path):
    async def body():
        async with listener() as (port, heard):
            refused = []

            async def refuse(what):
                refused.append(what)

            upstream = Upstream(f"http://127.0.0.1:{port}/base", "k")
            async with egress((), refuse, upstreams=[upstream]) as door:
                head = b"GET %b HTTP/1.1\r\nA: %b\r\n\r\n" % (path, upstream.stand_in.encode())
                assert (await say(door, head)).startswith(b"HTTP/1.1 403")
            assert heard == []
            assert len(refused) == 1

    asyncio.run(body())


@pytest.mark.parametrize(
    "head",
    [
        b"nonsense\r\n\r\n", b"GET / HTTP/2\r\n\r\n", b"GET https://a/ HTTP/1.1\r\n\r\n", b"CONNECT a HTTP/1.1\r\n\r\n",
        b"GET ftp://a/ HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nbad header\r\n\r\n", b"GET / HTTP/1.1\r\nA: b\x00\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: b\nEvil: 1\r\n\r\n", b"\xff\xfe\r\n\r\n",
    ],
)  # fmt: skip
def test_what_is_no_request_is_answered_as_such(head):
    async def body(door, refused):
        assert (await say(door, head)).startswith(b"HTTP/1.1 400")

    playing(body)


def test_a_head_without_end_and_one_connection_too_many_are_cut_off():
    async def body(door, refused):
        with contextlib.suppress(ConnectionError):
            assert await say(door, b"GET /" + b"a" * (1 << 18)) == b""
        held = [await asyncio.open_unix_connection(door.socket) for _ in range(module.CONNECTIONS)]
        await asyncio.sleep(0)
        reader, writer = await asyncio.open_unix_connection(door.socket)
        assert await asyncio.wait_for(reader.read(), 20) == b""
        for _, each in (*held, (reader, writer)):
            each.close()

    playing(body)


def test_the_session_ends_with_all_its_connections():
    async def body():
        async def hold(reader, writer):
            await reader.read()
            writer.close()

        async with await asyncio.start_server(hold, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            async with egress([local(port)], never) as door:
                reader, writer = await asyncio.open_unix_connection(door.socket)
                writer.write(b"CONNECT 127.0.0.1:%d HTTP/1.1\r\n\r\n" % port)
                assert b"200" in await reader.readuntil(b"\r\n\r\n")
            assert await asyncio.wait_for(reader.read(), 20) == b""
            writer.close()

    asyncio.run(body())


@pytest.fixture
def place(monkeypatch):
    """A folder for temporary files whose name leaves room for that of a socket."""
    folder = Path(tempfile.mkdtemp(prefix="hive-", dir="/tmp"))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    shutil.rmtree(folder)


def test_the_doors_of_a_hive_that_was_killed_go_and_those_of_a_living_one_stay(place):
    dead = run(["sh", "-c", "echo $$"], cwd=place).stdout.decode().strip()
    left, living = place / f"hive-door-{dead}-abc", place / f"hive-door-{os.getppid()}-abc"
    for folder in (left, living):
        folder.mkdir()

    async def body(door, refused):
        assert door.socket.is_relative_to(place)
        assert not left.exists()
        assert living.exists()

    playing(body)


def test_no_more_refused_hosts_are_told_than_a_person_would_read():
    told = []

    async def refuse(what):
        told.append(what)

    async def body():
        async with egress((), refuse) as door:
            for number in range(module.TOLD + 5):
                await say(door, b"CONNECT h%d:443 HTTP/1.1\r\n\r\n" % number)

    asyncio.run(body())
    assert len(told) == module.TOLD
