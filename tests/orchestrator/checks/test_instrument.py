"""What is added to a command so that it leaves results."""

import shlex
from pathlib import Path

import pytest

from hive.orchestrator.checks.command import Recognised, parse, recognise
from hive.orchestrator.checks.instrument import Instrumented, instrument

FOLDER = Path("/scratch/a b")


def made(line: str, package: bytes | None = None) -> Instrumented:
    command = parse(line)
    return instrument(command, recognise(command.argv, package), FOLDER)


def test_pytest_writes_junit_to_a_private_file() -> None:
    assert made("python -m pytest -q tests").argv == (
        *("python", "-m", "pytest", "-q", "tests"),
        *("--junit-xml=/scratch/a b/results", "-o", "cache_dir=/scratch/a b/pytest"),
    )


def test_options_for_pytest_stand_before_its_separator() -> None:
    argv = made("pytest -- tests").argv
    assert argv[-2:] == ("--", "tests")


def test_unittest_runs_with_a_counting_runner_and_keeps_its_arguments() -> None:
    argv = made("uv run python -W error -m unittest discover -s tests").argv
    assert argv[:6] == ("uv", "run", "python", "-W", "error", "-c")
    assert argv[7:] == ("/scratch/a b/results", "discover", "-s", "tests")


@pytest.mark.parametrize(
    ("line", "destinations"),
    [
        ("node --test", ["/scratch/a b/results", "stdout"]),
        ("node --test --test-reporter=tap", ["/scratch/a b/results", "stdout"]),
        ("node --test --test-reporter tap --test-reporter-destination out", ["/scratch/a b/results", "out"]),
    ],
)
def test_node_gets_a_second_reporter_and_as_many_destinations(line: str, destinations: list[str]) -> None:
    words = [part for word in made(line).argv for part in word.split("=")]
    reporters = [words[i + 1] for i, word in enumerate(words) if word == "--test-reporter"]
    assert reporters[0] == "junit"
    assert len(reporters) == 2
    assert [
        words[i + 1] for i, word in enumerate(words) if word == "--test-reporter-destination"
    ] == destinations


def test_node_behind_npm_is_reached_through_its_environment() -> None:
    started = made("npm test", b'{"scripts": {"test": "node --test"}}')
    assert started.argv == ("npm", "test")
    assert '"--test-reporter-destination=/scratch/a b/results"' in started.env["NODE_OPTIONS"]


@pytest.mark.parametrize(
    ("line", "argv"),
    [
        ("go test ./...", "go test -json ./..."),
        ("go test -v -json ./...", "go test -v -json ./..."),
        ("cargo test", "cargo test"),
    ],
)
def test_go_speaks_json_and_other_runners_are_left_alone(line: str, argv: str) -> None:
    started = made(line)
    assert started.argv == tuple(argv.split())
    assert started.env == {}


def test_pytest_behind_an_unknown_command_is_reached_through_its_environment() -> None:
    started = made("make test")
    assert started.argv == ("make", "test")
    assert shlex.split(started.env["PYTEST_ADDOPTS"])[0] == "--junit-xml=/scratch/a b/results"


def test_a_recognised_place_is_where_the_options_go() -> None:
    command = parse("nice node --test")
    assert instrument(command, Recognised("node", 1), FOLDER).argv[:3] == (
        "nice", "node", "--test-reporter=junit",
    )  # fmt: skip
