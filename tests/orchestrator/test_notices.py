"""Who is told what, and once; delivered by the real library to receivers on loopback."""

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from hive import events as e
from hive.errors import UsageError
from hive.orchestrator.herald import Herald, apprise_sender
from hive.orchestrator.notices import Notice, notices
from tests.dashboard.conftest import Story

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # in one of Apprise's services


def ready():
    return Story().begun().working("users").done("users")


def test_a_need_is_told_once_and_another_version_of_a_diff_is_another_need():
    first, told = notices([ready().state], {})
    assert [notice.title for notice in first] == ["hive: add loyalty_points field: needs you"]
    assert "users: review the diff" in first[0].body
    assert notices([ready().state], told) == ((), told)
    reworked = ready().working("users", 2).done("users", 2)
    (again,), _ = notices([reworked.state], told)
    assert "users: review the diff" in again.body


def test_landing_is_told_once_and_old_runs_are_not():
    landed = Story().landed().state
    assert notices([landed], {}) == ((), {})
    (notice,), told = notices([landed], {landed.id: frozenset()})
    assert notice.title.endswith(": landed")
    assert told == {}


def test_what_agents_say_is_one_line_without_control_characters():
    hostile = "a\x1b]0;owned\x07\u202eb\nc"
    asks = e.AgentReported.model_validate(
        {"turn": 1, "report": {"report": "asked", "id": "1", "about": "question", "text": hostile}}
    )
    (notice,), _ = notices([Story().begun().working("users").tell(asks, service="users").state], {})
    assert all(char.isprintable() or char == "\n" for char in notice.title + notice.body)


def test_a_herald_remembers_across_restarts_and_survives_those_who_do_not_answer(tmp_path):
    sent = []

    def send(notice: Notice) -> None:
        sent.append(notice.run)
        raise OSError("nobody there")

    async def look():
        for _ in range(2):
            herald = Herald(send, tmp_path / "told.json")
            herald.look([ready().state])
            herald.look([ready().state])
            await herald.close()

    asyncio.run(look())
    assert sent == ["r7f3"]
    (tmp_path / "told.json").write_text("[[")
    asyncio.run(look())
    assert sent == ["r7f3", "r7f3"]


@pytest.fixture
def receiver() -> Iterator[tuple[int, list[tuple[str, bytes]]]]:
    """A web server that keeps what it is sent."""
    got: list[tuple[str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(500 if "broken" in self.path else 200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port, got
        server.shutdown()
        thread.join()


def test_a_webhook_ntfy_and_a_slack_like_service_get_the_same_words(receiver):
    port, got = receiver
    host = f"127.0.0.1:{port}"
    send = apprise_sender(
        [f"json://{host}/hook", f"ntfy://{host}/topic", f"mmost://{host}/token0123456789abcdef"]
    )
    send(Notice("r1", "hive: add a field: needs you", "users: review the diff"))
    assert len(got) == 3
    for _path, body in got:
        assert "review the diff" in json.dumps(json.loads(body))


def test_a_service_that_refuses_is_an_error_for_the_sender(receiver):
    port, _ = receiver
    with pytest.raises(OSError, match="did not take"):
        apprise_sender([f"json://127.0.0.1:{port}/broken"])(Notice("r1", "t", "b"))


@pytest.mark.parametrize("address", ["", "nobody", "unknown://secret-token@host", "slack://"])
def test_an_address_that_cannot_be_used_is_named_without_its_secret(address):
    with pytest.raises(UsageError, match="number 2") as refused:
        apprise_sender(["json://127.0.0.1:1/x", address])
    assert "secret" not in str(refused.value)
