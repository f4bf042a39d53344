"""The WebSocket: a snapshot, then a tail without loss or repeat, over sleep, restart and slowness."""

import asyncio
import json
import socket
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection

from hive import events as e
from hive.dashboard.web import live
from hive.dashboard.web.frames import Frame
from hive.dashboard.web.hub import Hub
from hive.dashboard.web.live import make_hub
from hive.model import Said
from hive.store import SqlEventLog
from tests.dashboard.conftest import Story
from tests.dashboard.web.site import Site, make_log, serve, tell


def said(text: str = "hello", service: str = "orders") -> e.Draft:
    """Something that an agent says."""
    return e.Draft(run="r7f3", service=service, event=e.AgentReported(turn=1, report=Said(text=text)))


def message(socket: ClientConnection) -> dict[str, Any]:
    return json.loads(socket.recv(timeout=20))


def seqs_until(socket: ClientConnection, last: int) -> list[int]:
    """Sequence numbers of all events that come until the last one."""
    found: list[int] = []
    while not found or found[-1] < last:
        told = message(socket)
        if told["type"] == "batch":
            found += [event["seq"] for event in told["events"]]
    return found


def test_it_begins_with_every_run_and_goes_on_with_what_changes(site: Site):
    with site.socket() as socket:
        first = message(socket)
        assert (first["type"], first["seq"]) == ("snapshot", site.log.read()[-1].seq)
        assert [run["run"] for run in first["runs"]] == ["r7f3"]
        (new,) = site.log.append(said())
        batch = message(socket)
        assert (batch["type"], batch["after"], batch["seq"]) == ("batch", first["seq"], new.seq)
        assert batch["events"][0]["event"]["report"]["text"] == "hello"
        assert [task["service"] for task in batch["runs"][0]["tasks"]] == ["orders"]


def test_a_client_that_returns_gets_exactly_what_it_missed(site: Site):
    with site.socket() as socket:
        first = message(socket)
    site.log.append(*(said(str(n)) for n in range(50)))
    missed = site.log.read(first["seq"])
    with site.socket(f"/api/v1/live?after={first['seq']}&log={first['log']}") as socket:
        assert seqs_until(socket, missed[-1].seq) == [each.seq for each in missed]


def test_a_client_goes_on_after_the_server_was_restarted(tmp_path: Path):
    log = make_log(tmp_path)
    tell(log, Story().begun().envelopes)
    with serve(tmp_path, log) as site:
        cookie = site.browser()["Cookie"]
        with site.socket() as socket:
            first = message(socket)
    missed = log.append(*(said(str(n)) for n in range(10)))
    with serve(tmp_path, log) as site:
        path = f"/api/v1/live?after={first['seq']}&log={first['log']}"
        with site.socket(path, Cookie=cookie, Origin=site.origin) as socket:
            assert seqs_until(socket, missed[-1].seq) == [each.seq for each in missed]
            (new,) = log.append(said())
            assert seqs_until(socket, new.seq) == [new.seq]


@pytest.mark.parametrize(
    "query", ["after=5&log=another", "after=99999999&log={log}", "after=7", "after=0&log="]
)
def test_a_client_of_another_log_begins_anew(site: Site, query: str):
    with site.socket(f"/api/v1/live?{query.format(log=site.serving.hub.identity)}") as socket:
        assert message(socket)["type"] == "snapshot"


def test_who_was_away_for_too_long_begins_anew(site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(live, "LONGEST_TAIL", 3)
    with site.socket(f"/api/v1/live?after=1&log={site.serving.hub.identity}") as socket:
        assert message(socket)["type"] == "snapshot"


def test_silence_is_filled_with_beats(site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(live, "BEAT_SECONDS", 0.01)
    with site.socket() as socket:
        first = message(socket)
        assert message(socket) == {"type": "beat", "seq": first["seq"]}


def test_what_a_client_says_changes_nothing(site: Site):
    with site.socket() as socket:
        message(socket)
        socket.send("hello")
        socket.send(b"\x00")
        (new,) = site.log.append(said())
        assert seqs_until(socket, new.seq) == [new.seq]


def test_clients_are_counted_and_forgotten(site: Site):
    with site.socket() as one, site.socket() as other:
        message(one), message(other)
        assert site.serving.hub.clients >= 2


def deaf(site: Site) -> socket.socket:
    """A client that says who it is, and then takes nothing."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.connect(("127.0.0.1", site.port))
    headers = site.token() | {
        "Host": site.host,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }
    lines = ["GET /api/v1/live HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    made.sendall("\r\n".join(lines).encode())
    assert made.recv(12) == b"HTTP/1.1 101"
    return made


def until(holds: Callable[[], bool]) -> None:
    """Wait for what has to come; the time is a bound, not a measure."""
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_clients_that_take_nothing_are_sent_away_and_harm_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(live, "SEND_SECONDS", 0.5)
    log = make_log(tmp_path)
    tell(log, Story().begun().envelopes)
    with serve(tmp_path, log) as site, ExitStack() as open_sockets:
        hub = site.serving.hub
        for _ in range(20):
            open_sockets.enter_context(deaf(site))
        until(lambda: hub.clients == 20)
        with site.socket() as socket:
            last = message(socket)["seq"]
            while hub.clients > 1:
                wanted = [each.seq for each in log.append(*[said("x" * 8000)] * 100)]
                assert seqs_until(socket, wanted[-1]) == wanted
                assert wanted[0] == last + 1
                last = wanted[-1]
        until(lambda: hub.clients == 0)


def test_a_thousand_returns_leave_nothing_behind(tmp_path: Path):
    log = make_log(tmp_path)
    tell(log, Story().begun().envelopes)
    with serve(tmp_path, log) as site:
        hub = site.serving.hub
        for _ in range(1000):
            deaf(site).close()
        with site.socket() as socket:
            message(socket)
            (new,) = log.append(said())
            assert seqs_until(socket, new.seq) == [new.seq]
        until(lambda: hub.clients == 0)


@pytest.fixture
def log(tmp_path: Path) -> SqlEventLog:
    made = make_log(tmp_path)
    tell(made, Story().begun().envelopes)
    return made


def fold(hub: Hub, log: SqlEventLog) -> None:
    hub.take(log.read(after=hub.seq))


class Taker:
    """A socket whose client takes each message when the test says so."""

    def __init__(self) -> None:
        self.messages: asyncio.Queue[str] = asyncio.Queue(maxsize=1)

    async def send_text(self, text: str) -> None:
        await self.messages.put(text)

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(20):
            return json.loads(await self.messages.get())


async def slowness(log: SqlEventLog) -> tuple[list[str], list[str]]:
    hub = make_hub(log, log)
    fold(hub, log)
    hub.ready.set()
    slow, quick = Taker(), Taker()
    sending = [
        asyncio.ensure_future(live._send_all(live.Client(each, False), hub, live.Place(0, "")))
        for each in (slow, quick)
    ]  # type: ignore[arg-type]
    got: list[str] = [(await quick.next())["type"]]
    for _ in range(6):
        log.append(*(said() for _ in range(10)))
        fold(hub, log)
        got.append((await quick.next())["type"])
    lagging = [(await slow.next())["type"] for _ in range(3)]
    for each in sending:
        each.cancel()
    await asyncio.gather(*sending, return_exceptions=True)
    assert hub.resyncs == 1
    return got, lagging


def test_a_slow_client_begins_anew_and_harms_nobody(log: SqlEventLog, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("hive.dashboard.web.hub.KEPT_EVENTS", 25)
    quick, slow = asyncio.run(slowness(log))
    assert quick == ["snapshot"] + ["batch"] * 6
    assert slow[0] == "snapshot"
    assert slow[-1] == "resync"


def test_a_frame_is_made_once_for_all_clients(log: SqlEventLog):
    made = []

    def render(after: int, seq: int, events: Sequence[e.Envelope], loaded: Iterable[str] = ()) -> Frame:
        made.append(seq)
        return Frame(after, seq, events, (), {})

    hub = Hub(log, log, render)
    fold(hub, log)
    assert len(made) == 1
    assert [frame.seq for frame in hub.frames_from(0) or []] == [hub.seq]
    fold(hub, log)
    assert len(made) == 1


async def first_frame(log: SqlEventLog) -> int:
    hub = Hub(log, log, lambda after, seq, events, loaded: Frame(after, seq, events, (), {}), coalesce=3600)
    running = asyncio.ensure_future(hub.run())
    await hub.ready.wait()
    (new,) = log.append(said())
    async with asyncio.timeout(20):
        while hub.seq < new.seq:
            await hub.news(1)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return hub.place


def test_what_comes_after_silence_is_told_at_once(log: SqlEventLog):
    assert asyncio.run(first_frame(log)) >= 1


def test_frames_are_bounded_and_who_is_behind_is_told(log: SqlEventLog, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("hive.dashboard.web.hub.KEPT_EVENTS", 25)
    hub = make_hub(log, log)
    fold(hub, log)
    start = hub.seq
    for _ in range(5):
        log.append(*(said() for _ in range(10)))
        fold(hub, log)
    assert hub.frames_from(0) is None
    assert hub.place_at(start) is None
    assert hub.place_at(hub.seq - 11) is None
    assert [frame.seq for frame in hub.frames_from(hub.place_at(hub.seq - 20)) or []] == [
        hub.seq - 10,
        hub.seq,
    ]
    assert hub.frames_from(hub.place_at(hub.seq)) == []


def test_a_log_is_told_from_another_by_its_first_event(log: SqlEventLog, tmp_path: Path):
    other = make_log(tmp_path / "other")
    hub = make_hub(other, other)
    assert hub.identity == ""
    tell(other, Story("r2").begun().envelopes)
    assert hub.identity
    assert hub.identity != make_hub(log, log).identity
    assert hub.identity == make_hub(other, other).identity


def test_work_that_no_person_has_to_decide_keeps_the_engine_awake(log: SqlEventLog):
    hub = make_hub(log, log)
    assert not hub.busy()
    fold(hub, log)
    assert hub.busy()
    log.append(e.Draft(run="r7f3", event=e.StopRequested(by="ann")))
    fold(hub, log)
    assert not hub.busy()
