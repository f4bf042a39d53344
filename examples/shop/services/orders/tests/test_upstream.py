"""Calls to other services over a real socket."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from orders.upstream import Unavailable, send


class Echo(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(404 if self.path == "/nothing" else 200)
        self.end_headers()
        self.wfile.write(b"{" if self.path == "/broken" else body)

    def log_message(self, *args):
        """Quiet."""


@pytest.fixture
def url():
    with HTTPServer(("127.0.0.1", 0), Echo) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_the_answer_comes_back_parsed(url):
    assert send("POST", f"{url}/echo", {"a": 1}) == (200, {"a": 1})


def test_an_answer_other_than_success_is_a_status(url):
    assert send("POST", f"{url}/nothing", {}) == (404, None)


def test_a_service_that_does_not_answer_is_unavailable(url):
    with pytest.raises(Unavailable):
        send("POST", url.replace("http", "nowhere"), {})


def test_an_answer_that_is_not_json_is_unavailable(url):
    with pytest.raises(Unavailable):
        send("POST", f"{url}/broken", {})
