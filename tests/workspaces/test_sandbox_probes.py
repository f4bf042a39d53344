"""The table of what a confined command can do, by really trying it; printed as skipped where no sandbox works."""

import json
import os
import sys
from pathlib import Path

import pytest

from hive.process import run
from hive.workspaces.sandbox import find_sandbox
from hive.workspaces.sandbox.probes import MODES, inside, probes
from hive.workspaces.sandbox.probes.table import Row, document, table_text

DOCUMENT = Path(__file__).parents[2] / "docs" / "sandbox.md"
CONFINED = find_sandbox().name == "bubblewrap"


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """What `hive doctor --sandbox` finds in a home with something to find, by mode and probe."""
    home = tmp_path_factory.mktemp("home")
    (home / ".ssh").mkdir()
    (home / ".ssh" / "id_ed25519").write_text("secret")
    (home / "diary").write_text("secret")
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "TMPDIR": str(home),
        "AWS_SECRET_ACCESS_KEY": "secret",
    }
    done = run([sys.executable, "-m", "hive", "doctor", "--sandbox", "--json"], cwd=home, env=env)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert rows, done.stderr.decode()
    return {(row["mode"], row["probe"]): row["outcome"] for row in rows}, done


@pytest.mark.parametrize("probe", probes(), ids=lambda each: each.name)
@pytest.mark.parametrize("mode", MODES)
def test_each_probe_comes_out_as_the_table_says(outcomes, mode, probe):
    found, _ = outcomes
    if mode != "none" and not CONFINED:
        pytest.skip("bubblewrap does not work here: what it holds cannot be tried")
    outcome = found[mode, probe.name]
    if outcome == "absent":
        pytest.skip(f"there is nothing on this machine to try {probe.name!r} on")
    if probe.expected(mode) != "either":
        assert outcome == probe.expected(mode)


def test_the_exit_code_says_whether_all_is_as_it_should_be(outcomes):
    _, done = outcomes
    assert done.code == 0, done.stdout.decode()


def test_every_probe_has_its_attempt_and_there_are_enough():
    assert [probe.name for probe in probes()] == list(inside.PROBES)
    assert len(probes()) >= 20


def test_what_is_other_than_it_should_be_is_marked():
    probe = probes()[2]
    assert table_text([Row(probe_, "none", "absent") for probe_ in probes()]).count("!") == 0
    rows = [Row(each, "bubblewrap", "open" if each == probe else "absent") for each in probes()]
    (marked,) = [line for line in table_text(rows).splitlines() if "!" in line]
    assert marked.startswith(probe.what)


def test_the_document_has_this_table():
    assert document() in DOCUMENT.read_text()
