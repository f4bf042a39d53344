"""How a model is reached where a person's environment names a proxy."""

import asyncio

import pytest

from hive.network.egress import egress
from hive.network.upstream import Upstream, proxy_of
from tests.network.test_egress import asking, listener, never, say


def test_the_model_is_reached_through_the_persons_own_proxy():
    """The listener plays the proxy: it hears the tunnel that is asked for, and then what goes through it."""

    async def body():
        heard = []

        async def proxy(reader, writer):
            heard.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            heard.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            writer.close()

        server = await asyncio.start_server(proxy, "127.0.0.1", 0)
        via = f"http://me:p%20w@127.0.0.1:{server.sockets[0].getsockname()[1]}"
        upstream = Upstream("http://model.example.com/v1", "sk-real", via=via)
        async with server, egress([], never, upstreams=[upstream]) as door:
            said = await say(door, asking(b"X-API-Key: " + upstream.stand_in.encode()))
        assert said.endswith(b"ok")
        assert heard[0].startswith(b"CONNECT model.example.com:80 HTTP/1.1\r\n")
        assert b"Proxy-Authorization: Basic bWU6cCB3\r\n" in heard[0]
        assert heard[1].startswith(b"POST /v1/v1/messages HTTP/1.1\r\nHost: model.example.com\r\n")

    asyncio.run(body())


@pytest.mark.parametrize("answer", [b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", b"nonsense", b""])
def test_a_proxy_of_the_persons_that_refuses_is_told(answer):
    async def body():
        async with listener(answer) as (port, _):
            upstream = Upstream("http://model.example.com", "sk-real", via=f"127.0.0.1:{port}")
            async with egress([], never, upstreams=[upstream]) as door:
                said = await say(door, asking(b"X-API-Key: " + upstream.stand_in.encode()))
        assert said.startswith(b"HTTP/1.1 502")
        assert b"the proxy 127.0.0.1" in said

    asyncio.run(body())


@pytest.mark.parametrize(
    ("url", "environ", "proxy"),
    [
        ("https://model.example.com", {}, ""),
        ("https://model.example.com", {"HTTPS_PROXY": "http://p:1"}, "http://p:1"),
        ("https://model.example.com", {"https_proxy": "p:1", "NO_PROXY": "other.com"}, "p:1"),
        ("https://model.example.com", {"https_proxy": "p:1", "no_proxy": ".example.com"}, ""),
        ("https://model.example.com", {"https_proxy": "p:1", "no_proxy": "*"}, ""),
        ("http://127.0.0.1:9", {"http_proxy": "p:1", "no_proxy": "localhost,127.0.0.1"}, ""),
        ("http://127.0.0.1:9", {"https_proxy": "p:1"}, ""),
    ],
)
def test_which_proxy_a_model_is_reached_through(url, environ, proxy):
    assert proxy_of(url, environ) == proxy
