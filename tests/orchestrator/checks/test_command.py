"""Which runner a command line starts."""

import json

import pytest

from hive.errors import UsageError
from hive.orchestrator.checks.command import Recognised, parse, recognise


@pytest.mark.parametrize(
    ("line", "runner", "at"),
    [
        ("pytest -q", "pytest", 0),
        ("python -m pytest tests", "pytest", 0),
        ("python3.12 -W error -m pytest -m 'not slow'", "pytest", 0),
        ("/opt/venv/bin/pytest", "pytest", 0),
        ("uv run --group dev pytest -x", "pytest", 4),
        ("poetry run python -m pytest", "pytest", 2),
        ("coverage run -m pytest", "pytest", 3),
        ("python -m coverage run -m pytest", "pytest", 0),
        ("python -m unittest discover -s tests", "unittest", 0),
        ("node --test", "node", 0),
        ("npx jest --ci", "jest", 1),
        ("yarn vitest run", "vitest", 1),
        ("pnpm exec mocha", "mocha", 2),
        ("go test ./...", "go", 0),
        ("cargo +nightly test --workspace", "cargo", 0),
        ("cargo nextest run", "cargo", 0),
        ("./mvnw -B test", "maven", 0),
        ("./gradlew test", "gradle", 0),
        ("dotnet test", "dotnet", 0),
        ("vendor/bin/phpunit", "phpunit", 0),
        ("bundle exec rspec", "rspec", 2),
        ("ctest --output-on-failure", "ctest", 0),
    ],
)
def test_a_runner_is_recognised_wherever_it_stands(line: str, runner: str, at: int) -> None:
    assert recognise(parse(line).argv) == Recognised(runner, at)


@pytest.mark.parametrize(
    "line",
    [
        "make test",
        "./run-tests.sh pytest",
        "python run.py -m pytest",
        "python -m coverage run -m unittest",
        "go run ./cmd test",
        "node test.js",
        "npm test",
        "uv sync",
    ],
)
def test_what_is_not_surely_a_runner_is_unknown(line: str) -> None:
    assert recognise(parse(line).argv) == Recognised("unknown")


@pytest.mark.parametrize(
    ("line", "scripts", "runner"),
    [
        ("npm test", {"test": "tsc && node --test dist/"}, "node"),
        ("npm t", {"test": "node --import tsx --test"}, "node"),
        ("npm run test:unit", {"test": "false", "test:unit": "jest --ci"}, "jest"),
        ("yarn test", {"test": "NODE_ENV=test ./node_modules/.bin/vitest run"}, "vitest"),
        ("pnpm --silent test", {"test": "mocha"}, "mocha"),
        ("npm test", {"test": "node --test --test-reporter=tap"}, "unknown"),
        ("npm test", {"test": "node server.js; echo --test"}, "unknown"),
        ("npm test", {}, "unknown"),
    ],
)
def test_a_package_script_says_what_npm_starts(line: str, scripts: dict[str, str], runner: str) -> None:
    package = json.dumps({"scripts": scripts}).encode()
    found = recognise(parse(line).argv, package)
    assert (found.runner, found.at) == (runner, None)


@pytest.mark.parametrize(
    ("line", "script", "alone"),
    [
        ("npm test", "node --test", True),
        ("npm test", "node --import tsx --test", True),
        ("npm test", "tsc && node --test dist/", False),
        ("npm test", "node --import ./setup.mjs --test", False),
        ("node --require=./setup.cjs --test", "", False),
        ("node --test", "", True),
    ],
)
def test_what_runs_before_nodes_tests_is_seen(line: str, script: str, alone: bool) -> None:
    package = json.dumps({"scripts": {"test": script}}).encode()
    assert recognise(parse(line).argv, package).alone is alone


@pytest.mark.parametrize("package", [b"", b"[]", b'{"scripts": 5}', b"\xff", b"[" * 100_000])
def test_a_broken_package_file_is_no_runner(package: bytes) -> None:
    assert recognise(("npm", "test"), package) == Recognised("unknown")


def test_words_are_split_like_a_shell_splits_them() -> None:
    assert parse("pytest -k 'a b' \"c\"").argv == ("pytest", "-k", "a b", "c")


def test_leading_assignments_go_into_the_environment() -> None:
    command = parse("TZ=UTC LEVEL='very high' pytest A=1")
    assert command.env == (("TZ", "UTC"), ("LEVEL", "very high"))
    assert command.argv == ("pytest", "A=1")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("pytest 'tests", "No closing quotation"),
        ("", "names no program"),
        ("   ", "names no program"),
        ("TZ=UTC", "names no program"),
        ("cd api && pytest", "needs a shell for '&&'"),
        ("pytest | tee log", "needs a shell for '|'"),
    ],
)
def test_a_line_that_cannot_be_run_is_named_with_the_next_step(line: str, reason: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(line)
    assert repr(line) in caught.value.message
    assert reason in caught.value.message
    assert "hive.toml" in caught.value.next_step
