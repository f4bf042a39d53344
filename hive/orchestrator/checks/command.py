"""A service's test command: its words, and which test runner they start. Pure."""

import json
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Literal

from hive.errors import UsageError

Runner = Literal[
    "pytest",
    "unittest",
    "node",
    "jest",
    "vitest",
    "mocha",
    "go",
    "cargo",
    "maven",
    "gradle",
    "dotnet",
    "phpunit",
    "rspec",
    "ctest",
    "unknown",
]

_PROGRAMS: dict[str, Runner] = {
    "pytest": "pytest",
    "py.test": "pytest",
    "jest": "jest",
    "vitest": "vitest",
    "mocha": "mocha",
    "mvn": "maven",
    "mvnw": "maven",
    "gradle": "gradle",
    "gradlew": "gradle",
    "phpunit": "phpunit",
    "rspec": "rspec",
    "ctest": "ctest",
}
_VERBS: dict[tuple[str, str], Runner] = {
    ("go", "test"): "go",
    ("cargo", "test"): "cargo",
    ("cargo", "nextest"): "cargo",
    ("dotnet", "test"): "dotnet",
}
_MODULES: dict[str, Runner] = {"pytest": "pytest", "unittest": "unittest"}
_SCRIPT_RUNNERS = frozenset({"npm", "yarn", "pnpm", "bun"})
_WRAPPERS = _SCRIPT_RUNNERS | {
    "uv", "poetry", "pipenv", "pdm", "hatch", "rye", "coverage",
    "npx", "pnpx", "bunx", "bundle", "env", "nice", "xvfb-run",
}  # fmt: skip
_SHELL_WORDS = frozenset({"&&", "||", "|", ";", "&", ">", ">>", "<"})
_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)", re.DOTALL)
_NODE_TEST = re.compile(r"\bnode\b[^&|;]*\s--test\b")
_BEFORE = re.compile(r"[&|;`$\n]|(?:--import|--require|-r|--(?:experimental-)?loader)[= ]\.{0,2}/")
"""What may run before node's test runner: another command, or a module of the service's own."""
PYTHON = re.compile(r"python(?:3(?:\.\d+)?)?")


@dataclass(frozen=True)
class Command:
    """A command line as words."""

    line: str
    argv: tuple[str, ...]
    env: tuple[tuple[str, str], ...] = ()
    """Assignments that stood before the program, as in `TZ=UTC pytest`."""


@dataclass(frozen=True)
class Recognised:
    """The test runner behind a command."""

    runner: Runner
    at: int | None = None
    """Which word names it; none where something else starts it, so that only its environment can be reached."""
    alone: bool = True
    """Whether nothing of the service's own runs before it, as far as the command tells."""


def parse(line: str) -> Command:
    """The words of a command line. Raises UsageError when there are none or a shell would be needed."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise _unusable(line, f"cannot be split into words: {error}", "close the quotation") from error
    env = []
    while words and (assignment := _ASSIGNMENT.fullmatch(words[0])):
        env.append((assignment[1], assignment[2]))
        del words[0]
    if not words:
        raise _unusable(line, "names no program", "name one, or leave `test` out")
    if operators := _SHELL_WORDS.intersection(words):
        reason = f"needs a shell for {sorted(operators)[0]!r}, and hive starts none"
        raise _unusable(line, reason, "put it into a script of the service, or write `sh -c '…'`")
    return Command(line, tuple(words), tuple(env))


def _unusable(line: str, reason: str, next_step: str) -> UsageError:
    return UsageError(f"the test command {line!r} {reason}", next_step=f"{next_step}, in hive.toml")


def recognise(argv: Sequence[str], package: bytes | None = None) -> Recognised:
    """The runner that a command starts; `package` is the service's package.json, for `npm test` and its like."""
    for at in range(len(argv)) if _name(argv[0]) in _WRAPPERS else (0,):
        if runner := _runner_at(argv, at):
            return Recognised(runner, at, alone=runner != "node" or not _BEFORE.search(" ".join(argv)))
    if _name(argv[0]) in _SCRIPT_RUNNERS and package is not None:
        name = _script_name(argv)
        script = _script(package, name)
        alone = not _BEFORE.search(script) and not _script(package, f"pre{name}")
        return Recognised(_script_runner(script), alone=alone)
    return Recognised("unknown")


def _name(word: str) -> str:
    return PurePosixPath(word).name


def _runner_at(argv: Sequence[str], at: int) -> Runner | None:
    name, rest = _name(argv[at]), argv[at + 1 :]
    if PYTHON.fullmatch(name):
        return _python_module(rest)
    if name == "node":
        return "node" if "--test" in rest else None
    verb = next((word for word in rest if word[0:1] not in ("-", "+")), "")
    return _PROGRAMS.get(name) or _VERBS.get((name, verb))


def _python_module(words: Sequence[str]) -> Runner | None:
    modules = [module for option, module in pairwise(words) if option == "-m"]
    if not modules or any(word.endswith(".py") for word in words[: words.index("-m")]):
        return None
    if modules[0] == "coverage":
        return "pytest" if "pytest" in modules else None
    return _MODULES.get(modules[0])


def _script_name(argv: Sequence[str]) -> str:
    words = [word for word in argv[1:] if not word.startswith("-")]
    if "run" in words[:-1]:
        return words[words.index("run") + 1]
    return words[0] if words and words[0] not in ("t", "tst") else "test"


def _script(package: bytes, name: str) -> str:
    try:
        scripts = json.loads(package).get("scripts", {})
        return str(scripts.get(name, ""))
    except (ValueError, AttributeError, RecursionError):
        return ""


def _script_runner(script: str) -> Runner:
    if _NODE_TEST.search(script):
        return "unknown" if "--test-reporter" in script else "node"
    names = {_name(word) for word in re.split(r"[\s;&|]+", script)}
    return next((_PROGRAMS[name] for name in ("vitest", "jest", "mocha") if name in names), "unknown")
