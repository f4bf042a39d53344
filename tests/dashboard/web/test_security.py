"""Every route, by enumeration, against whoever has no business with it."""

import contextlib
import http.client
import json
import re
import stat
from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from websockets.exceptions import InvalidStatus

from hive.cli.serving import Opening, link_to_running, prepare
from hive.dashboard.web.access import CSRF_HEADER, PUBLIC, Entry, refuse_unguarded
from hive.dashboard.web.app import Server, make_api
from hive.dashboard.web.keys import Keys
from hive.dashboard.web.live import make_hub
from hive.dashboard.web.role import Role
from hive.errors import UsageError
from tests.dashboard.web.site import Site, Told, make_bench, make_log, serve, story

HOLES = re.compile(r"\{(\w+)(:path)?\}")


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    """Method and an address of every route that the application has; a socket's method is WS."""
    log = make_log(tmp_path_factory.mktemp("routes"))
    app = make_api(
        make_bench(log, Told(log)), Server(Entry(Keys("s" * 40, int), "c", False)), make_hub(log, log)
    )
    found = []
    for route in app.routes:
        path = HOLES.sub("last", str(route.path))  # type: ignore[attr-defined]
        found += [(method, path) for method in sorted(getattr(route, "methods", None) or {"WS"})]
    assert len(found) > 20
    return found


def ask(site: Site, method: str, path: str, **headers: str) -> int:
    """The status that somebody gets who comes with these headers."""
    if method != "WS":
        body = b"{}" if method not in ("GET", "HEAD") else None
        return site.raw(method, path, headers, body).status
    host = {"Host": headers.pop("Host")} if "Host" in headers else {}
    upgrade = {
        "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }  # fmt: skip
    return site.raw("GET", path, {**host, **upgrade, **headers}).status


@pytest.mark.parametrize(
    "host", ["evil.test:{port}", "evil.test", "127.0.0.1.evil.test:{port}", "", "localhost@evil.test"]
)
def test_a_foreign_host_reaches_no_route(site: Site, routes: list[tuple[str, str]], host: str):
    named = host.format(port=site.port)
    keys = site.browser() | {"Host": named, "Origin": f"http://{named}"}
    assert {ask(site, method, path, **keys) for method, path in routes} <= {400, 403}
    assert len(site.log.read()) == len(story().envelopes)


def test_without_a_key_every_route_but_health_is_closed(site: Site, routes: list[tuple[str, str]]):
    for method, path in routes:
        if path in PUBLIC:
            assert ask(site, method, path) in (200, 405)
        else:
            assert ask(site, method, path) == (403 if method == "WS" else 401), path


@pytest.mark.parametrize(
    "key",
    [
        {"Authorization": "Bearer wrong"}, {"Authorization": "Basic b3A6b3A="}, {"Authorization": "Bearer "},
        {"Cookie": "hive=1"}, {"Authorization": "Bearer \xff"},
    ],
)  # fmt: skip
def test_a_wrong_key_is_no_key(site: Site, routes: list[tuple[str, str]], key: dict[str, str]):
    for method, path in routes:
        if path not in PUBLIC:
            assert ask(site, method, path, **key) in (401, 403), path


def test_a_forged_cookie_is_no_key(site: Site):
    name = site.serving.entry.cookie
    good = site.serving.entry.keys.cookie(site.session(Role.VIEWER))
    body, _, mac = good.partition(".")
    for value in (
        "",
        ".",
        body,
        f"{body}.",
        f".{mac}",
        f"{body[:-2]}AA.{mac}",
        f"{good}x",
        "é" * 10,
        "a" * 5000,
    ):
        assert (
            site.raw("GET", "/api/v1/runs", {"Cookie": f"{name}={value}".encode().decode("latin-1")}).status
            == 401
        )
    assert site.raw("GET", "/api/v1/runs", {"Cookie": f"{name}={good}"}).status == 200


@pytest.mark.parametrize("origin", [None, "null", "http://evil.test", "own"])
@pytest.mark.parametrize("token", [None, "wrong", "right"])
def test_only_two_of_twelve_handshakes_pass(site: Site, origin: str | None, token: str | None):
    headers = {}
    if origin:
        headers["Origin"] = site.origin if origin == "own" else origin
    if token:
        headers["Authorization"] = "Bearer wrong" if token == "wrong" else site.token()["Authorization"]
    passes = token == "right" and origin in (None, "own")
    assert ask(site, "WS", "/api/v1/live", **headers) == (101 if passes else 403)


def test_a_cookie_opens_a_socket_only_from_the_own_page(site: Site):
    cookie = {"Cookie": site.browser()["Cookie"]}
    assert ask(site, "WS", "/api/v1/live", **cookie) == 403
    for wrong in (
        "https://" + site.host,
        f"http://localhost:{site.port}",
        site.origin + ".evil.test",
        "http://127.0.0.1:1",
    ):
        assert ask(site, "WS", "/api/v1/live", Origin=wrong, **cookie) == 403
    with site.socket(Origin=site.origin, **cookie) as socket:
        assert json.loads(socket.recv())["type"] == "snapshot"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "multipart/form-data; boundary=x"}, 415),
        ({"Content-Type": ""}, 415),
        ({CSRF_HEADER: ""}, 403),
        ({CSRF_HEADER: "wrong"}, 403),
        ({"Origin": "http://evil.test"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_no_change_comes_from_another_site(
    site: Site, routes: list[tuple[str, str]], change: dict[str, str], status: int
):
    for method, path in routes:
        if method == "POST":
            assert ask(site, method, path, **(site.browser() | change)) == status, path
    assert len(site.log.read()) == len(story().envelopes)


def test_a_csrf_key_is_good_for_its_own_session_only(site: Site):
    other = site.serving.entry.keys.csrf(site.session())
    assert ask(site, "POST", "/api/v1/runs/last/stop", **(site.browser() | {CSRF_HEADER: other})) == 403


@pytest.mark.parametrize("role", [Role.VIEWER, Role.REVIEWER])
def test_a_role_does_no_more_than_it_may(site: Site, routes: list[tuple[str, str]], role: Role):
    for method, path in routes:
        if method == "POST":
            judging = path.endswith(
                ("/approve", "/reject", "/comment", "/submit", "/resolve", "/viewed", "/retry")
            )
            may = role is Role.REVIEWER and judging
            assert (ask(site, method, path, **site.browser(role)) == 403) != may, path
        elif method == "GET" and path not in PUBLIC | {"/open"}:
            assert ask(site, method, path, **site.browser(role)) in (200, 404, 422), path


def test_a_link_works_once(site: Site):
    path = f"/open?key={site.serving.entry.keys.link(Role.VIEWER, 'a viewer')}"
    first, again = site.raw("GET", path), site.raw("GET", path)
    assert (first.status, again.status) == (200, 401)
    cookie = first.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Domain" not in cookie
    key = {"Cookie": cookie.partition(";")[0]}
    assert site.raw("GET", "/api/v1/session", key).json["role"] == "viewer"
    assert site.raw("GET", "/open", key).status == 401


def test_every_answer_carries_the_strict_headers(site: Site, routes: list[tuple[str, str]]):
    for method, path in routes:
        if method == "WS":
            continue
        for headers in ({}, site.browser(), {"Host": "evil.test"}):
            found = site.raw(method, path, headers, b"{}" if method == "POST" else None).headers
            policy = found["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert found["X-Content-Type-Options"] == "nosniff"
            assert found["Referrer-Policy"] == "no-referrer"
            assert "Access-Control-Allow-Origin" not in found


@pytest.mark.parametrize(
    "add",
    [
        lambda app: app.add_api_route("/open-to-all", lambda: 1),
        lambda app: app.router.routes.append(Route("/open-to-all", lambda _: PlainTextResponse(""))),
        lambda app: app.mount("/open-to-all", FastAPI()),
        lambda app: app.router.routes.append(Mount("/open-to-all", routes=[])),
        lambda app: app.add_api_websocket_route("/open-to-all", lambda socket: None),
        lambda app: app.include_router(_unguarded()),
    ],
)
def test_a_server_with_an_open_route_does_not_start(add):
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    refuse_unguarded(app)
    add(app)
    with pytest.raises(UsageError, match="without authentication"):
        refuse_unguarded(app)


def _unguarded() -> APIRouter:
    router = APIRouter()
    router.add_api_route("/open-to-all", lambda: 1)
    return router


def test_the_default_is_loopback():
    assert Opening().address == "127.0.0.1"


@pytest.mark.parametrize("address", ["0.0.0.0", "192.0.2.1", "::", "example.test"])
def test_another_address_needs_tls_or_a_word(address: str):
    with pytest.raises(UsageError, match="without TLS"):
        Opening(address=address, shared=True).check()
    Opening(address=address, shared=True, insecure=True).check()


def test_sharing_says_what_it_opens(tmp_path: Path):
    log = make_log(tmp_path)
    with prepare(
        tmp_path, make_bench(log, Told(log)), Opening(address="0.0.0.0", shared=True, insecure=True)
    ) as it:
        said = " ".join(it.opens)
        it.listener.close()
        assert set(it.links()) == {"viewer", "reviewer", "operator"}
    assert "WITHOUT TLS" in said
    assert "operator" in said


def test_secrets_are_for_their_owner_alone_and_in_no_other_file(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    folder = tmp_path / "state"
    with serve(folder, make_log(tmp_path)) as site:
        link = link_to_running(folder, "operator")
        assert site.raw("GET", link.removeprefix(site.origin)).status == 200
        secret = (folder / "web.token").read_text()
        browser = site.browser()
        for path in ("/", "/static/index.html", "/api/v1/session", "/api/v1/events", "/metrics", "/nothing"):
            assert secret not in site.raw("GET", path, browser).body.decode()
        for name in ("web.token", "web.json"):
            assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        hidden = (secret, link.rpartition("=")[2])
        for file in [p for p in tmp_path.rglob("*") if p.is_file() and p.name != "web.token"]:
            assert not any(each.encode() in file.read_bytes() for each in hidden), file
        assert not any(each in arguments for each in hidden for arguments in _command_lines())
    out, err = capfd.readouterr()
    assert not any(each in out + err for each in hidden)


def _command_lines() -> list[str]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            found.append((folder / "cmdline").read_bytes().decode(errors="replace"))
    return found


def test_a_token_file_that_others_can_read_is_refused(tmp_path: Path):
    log = make_log(tmp_path)
    (tmp_path / "web.token").write_text("x" * 50)
    (tmp_path / "web.token").chmod(0o644)
    with (
        pytest.raises(UsageError, match="others can read"),
        prepare(tmp_path, make_bench(log, Told(log)), Opening()),
    ):
        pass


def test_large_requests_are_refused_while_they_come(site: Site):
    headers = site.browser()
    assert site.raw("POST", "/api/v1/plans", headers | {"Content-Length": str(10**9)}).status == 413
    assert site.raw("POST", "/api/v1/plans", headers, b"[" * 300_000).status == 413
    assert site.raw("GET", "/api/v1/runs?x=" + "y" * 9000, headers).status in (400, 431)
    assert site.raw("POST", "/api/v1/plans", headers | {"Content-Length": "x"}).status == 400


def test_a_chunked_body_is_counted(site: Site):
    chunk = b"%x\r\n%s\r\n" % (60_000, b" " * 60_000)
    sent = {"Transfer-Encoding": "chunked", "Content-Type": "application/json"} | site.token()
    try:
        status = _chunked(site, sent, chunk * 6)
    except (BrokenPipeError, ConnectionResetError):
        return
    assert status == 413


def _chunked(site: Site, headers: dict[str, str], body: bytes) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    try:
        connection.putrequest("POST", "/api/v1/plans")
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        connection.send(body + b"0\r\n\r\n")
        return connection.getresponse().status
    finally:
        connection.close()


def test_handshakes_that_are_refused_say_nothing(site: Site):
    with pytest.raises(InvalidStatus) as refused, site.socket(Authorization="Bearer wrong"):
        pass
    assert refused.value.response.status_code == 403
