"""The profile for macOS: as text everywhere, really run only there."""

import sys
from pathlib import Path

import pytest

from hive.errors import UsageError
from hive.ports import Confinement, Doorway
from hive.process import run
from hive.warden import warded
from hive.workspaces.sandbox import Seatbelt, find_sandbox
from hive.workspaces.sandbox.layers import Layer
from hive.workspaces.sandbox.seatbelt import profile

GOLDEN = Path(__file__).parents[1] / "golden" / "seatbelt"
PLACES = [
    Layer(Path("/Users"), "hidden"),
    Layer(Path("/Users/me/.cargo"), "shown"),
    Layer(Path("/Users/me/.cargo/credentials.toml"), "secret"),
    Layer(Path('/Users/me/state/a "quoted" \\ name'), "writable"),
]
NETWORKS = {"none": "none", "open": "open", "door": Doorway(Path("/private/tmp/door/s"), {})}


@pytest.mark.parametrize("name", NETWORKS)
def test_the_profile_is_as_it_was_reviewed(name):
    assert profile(PLACES, NETWORKS[name]) == (GOLDEN / f"{name}.sb").read_text()


@pytest.mark.parametrize("name", NETWORKS)
def test_every_parenthesis_and_quote_is_closed(name):
    depth, quoted, escaped = 0, False, False
    for character in profile(PLACES, NETWORKS[name]):
        if escaped or (quoted and character == "\\"):
            escaped = not escaped
        elif character == '"':
            quoted = not quoted
        elif not quoted:
            depth += {"(": 1, ")": -1}.get(character, 0)
            assert depth >= 0
    assert (depth, quoted) == (0, False)


def test_the_command_follows_its_profile(tmp_path):
    wrapped = Seatbelt().wrap(["echo", "x"], cwd=tmp_path, allow=Confinement(writable=(tmp_path,)))
    argv = wrapped[len(warded([])) :]
    assert argv[:2] == ["/usr/bin/sandbox-exec", "-p"]
    assert f'(allow file-read* file-write* (subpath "{tmp_path.resolve()}"))' in argv[2]
    assert argv[3:] == ["echo", "x"]


@pytest.mark.skipif(sys.platform == "darwin", reason="here it works")
def test_asking_for_it_elsewhere_says_why_not():
    with pytest.raises(UsageError, match="'seatbelt' does not work here") as caught:
        find_sandbox("seatbelt")
    assert "macOS" in caught.value.next_step


@pytest.mark.skipif(
    sys.platform != "darwin", reason="Seatbelt is a part of macOS: the profile cannot be tried here"
)
def test_it_holds_on_macos(tmp_path):
    work, outside = tmp_path / "work", tmp_path / "outside"
    work.mkdir()
    line = f"echo 1 > inside; echo 2 > {outside}; ls {Path.home()}; curl -m 5 -s http://example.com"
    run(find_sandbox("seatbelt").wrap(["sh", "-c", line], cwd=work, allow=Confinement((work,))), cwd=work)
    assert (work / "inside").read_text() == "1\n"
    assert not outside.exists()
