"""The terminal dashboard on a project that a server serves: the same screens, the log and the controls over HTTP."""

import asyncio
import socket

import pytest

from hive import events as e
from hive.cli.tui_remote import make_backend, read_token
from hive.dashboard.remote.log import RemoteLog
from hive.dashboard.remote.server import Server
from hive.dashboard.tui.app import HiveApp
from hive.dashboard.web.role import Role
from hive.errors import HiveError, NeedsPerson, UsageError
from hive.events import Draft
from hive.model import Remark, Said, Words
from tests.dashboard.conftest import Story
from tests.dashboard.tui.conftest import Seen
from tests.dashboard.web.site import make_log, serve, tell


@pytest.fixture
def enter():
    """Clients of a site, with the token of a role or another one; they hang up afterwards."""
    servers = []

    def made(site, role=Role.OPERATOR, token=""):
        servers.append(Server(site.origin, token or site.serving.entry.keys.token(role)))
        return servers[-1]

    yield made
    for server in servers:
        server.close()


@pytest.fixture
def site(tmp_path):
    log = make_log(tmp_path)
    tell(log, Story().begun().working("users").done("users").envelopes)
    with serve(tmp_path, log) as running:
        yield running


def test_the_log_reads_the_same_from_afar(site, enter):
    log = RemoteLog(enter(site))
    whole = site.log.read()
    assert log.read() == whole
    assert log.read(after=3, limit=2) == whole[3:5]
    assert log.heads() == list(site.log.heads())
    assert log.recent("r7f3", "users", limit=3) == site.log.recent("r7f3", "users", limit=3)
    quiet = log.quiet("r7f3")
    assert quiet == site.log.quiet("r7f3")
    assert {each.event.kind for each in whole} - {each.event.kind for each in quiet} == {"agent_reported"}
    assert log.recent("r7f3", before=5) == site.log.recent("r7f3", before=5)
    with pytest.raises(UsageError, match="cannot be written"):
        log.append()


def test_following_begins_where_the_reader_is_and_goes_on_after_a_restart(enter, tmp_path):
    log = make_log(tmp_path)
    tell(log, Story().begun().envelopes)

    def said(words):
        report = Said(text=words)
        log.append(Draft(run="r7f3", service="web", event=e.AgentReported(turn=1, report=report)))

    async def until(follow, last):
        found = []
        while not found or found[-1].seq < last:
            found += await anext(follow)
        return found

    async def look():
        with serve(tmp_path / "one", log) as first:
            remote = RemoteLog(enter(first, Role.VIEWER))
            follow = remote.follow(after=2)
            seen = await until(follow, len(log.read()))
            assert seen == log.read(after=2)
            said("while it follows")
            assert [each.event.report.text for each in await until(follow, seen[-1].seq + 1)] == [
                "while it follows"
            ]
        with pytest.raises(HiveError, match="does not answer"):
            await anext(follow)
        said("while nobody serves")
        with serve(tmp_path / "one", log) as again:
            remote = RemoteLog(enter(again, Role.VIEWER))
            follow = remote.follow(after=seen[-1].seq + 1)
            assert await until(follow, seen[-1].seq + 2) == log.read()[-1:]
            await follow.aclose()

    asyncio.run(look())


def test_a_person_decides_from_afar(site, enter, tmp_path):
    async def act():
        app = HiveApp(make_backend(enter(site), tmp_path))
        async with app.run_test(size=(120, 40), notifications=True) as pilot:
            seen = Seen(app, pilot)
            await seen.shows("shop on 127.0.0.1", "review the diff")
            await seen.press("a")
            await seen.event(e.Approved)
            await seen.until(lambda: app.board.runs["r7f3"].tasks["users"].phase == "approved")

    asyncio.run(act())
    approved = [each.event for each in site.log.read() if isinstance(each.event, e.Approved)]
    assert [(each.diff, each.by) for each in approved] == [("diff-1", "operator by token")]


def test_controls_and_diffs_and_outputs_are_the_servers(site, enter, tmp_path):
    backend = make_backend(enter(site), tmp_path)
    site.told.diff, site.told.outputs["users.txt"] = "--- a\n+++ b\n", "12 passed"
    run = backend.controls.comment(
        "r7f3", [Remark(service="users", text="shorter", path="a.py", line=3)], by="ignored", draft=True
    )
    assert not run.tasks["users"].comments
    run = backend.controls.submit("r7f3", by="ignored")
    assert [each.feedback.text for each in run.tasks["users"].comments] == ["a.py:3: shorter"]
    run = backend.controls.stop("r7f3", by="ignored")
    assert run.stopped
    assert not backend.controls.resume("r7f3", by="ignored").stopped
    assert backend.diffs.of(run, "users") == "--- a\n+++ b\n"
    assert backend.diffs.since(run, "users", "e" * 40) == f"since {'e' * 40}\n"
    with pytest.raises(HiveError, match="no version of"):
        backend.diffs.since(run, "users", "1" * 40)
    with pytest.raises(HiveError, match="no output"):
        backend.files.output("r7f3", "../../etc/passwd")
    with pytest.raises(UsageError, match="is on the server"):
        backend.files.edit(run, "users", "a.py", 1)
    with pytest.raises(NeedsPerson, match="cannot land"):
        backend.controls.land("r7f3", by="ignored")
    assert backend.engine.pid() == 4711
    backend.controls.say("r7f3", "users", Words(text="and faster"), by="ignored")
    assert site.log.read()[-1].event.message == Words(text="and faster")


def test_a_viewer_looks_and_changes_nothing(site, enter, tmp_path):
    backend = make_backend(enter(site, Role.VIEWER), tmp_path)
    before = site.log.read()
    with pytest.raises(NeedsPerson, match="a viewer cannot do this"):
        backend.controls.approve("r7f3", ["users"], by="ignored")
    assert site.log.read() == before


def test_who_is_not_let_in_is_told_how(site, enter, tmp_path):
    with pytest.raises(UsageError, match="no valid key") as refused:
        make_backend(enter(site, token="wrong"), tmp_path)
    assert "hive serve --token operator" in refused.value.next_step


@pytest.mark.parametrize("url", ["", "shop", "ftp://host", "file:///etc/passwd", "http://", "127.0.0.1:8470"])
def test_what_is_no_address_is_said(url):
    with pytest.raises(UsageError, match="is not the address of a server"):
        Server(url, "token")


def test_nobody_there_is_said(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        server = Server(url, "token")
        with pytest.raises(HiveError, match="does not answer"):
            make_backend(server, tmp_path)
        server.close()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"two\nlines"])
def test_a_token_file_that_has_no_token_is_said(tmp_path, content):
    (tmp_path / "token").write_bytes(content)
    with pytest.raises(UsageError, match="token"):
        read_token(tmp_path / "token")
    with pytest.raises(UsageError, match="cannot read"):
        read_token(tmp_path / "gone")
