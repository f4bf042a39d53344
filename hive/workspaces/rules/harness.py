"""Rules about what decides which tests run and what their outcome counts: a change of it is for a person to see.

Tests and the code that they test share a process, so a change could make any of them look green. What gives such a
change away is looked for in the lines that it adds; what is well hidden is for a person's review to find.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from hive.text import one_line
from hive.workspaces.diff import Changed
from hive.workspaces.rules.finding import Finding

_CONFIG = re.compile(
    r"(?:pytest|tox)\.ini|\.pytest\.ini|noxfile\.py|\.coveragerc|phpunit\.xml(?:\.dist)?|\.mocharc\..*|\.nycrc.*"
    r"|(?:jest|vitest|karma|playwright|cypress)\.config\..+|karma\.conf\..+|makefile|gnumakefile|justfile|rakefile|tasks\.py"
    r"|\.npmrc|\.yarnrc(?:\.yml)?|\.pnpmfile\.cjs|node\.config\.json"
)
_LOCKS = re.compile(
    r"package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|(?:poetry|uv|pdm|pipfile|cargo)\.lock"
    r"|go\.sum|(?:gemfile|composer)\.lock|packages\.lock\.json"
)
_SHADOWS = re.compile(
    r"(?:pytest|_pytest|unittest|doctest|nose2|coverage|xdist|sitecustomize|usercustomize)(?:\.py|/__init__\.py)|.+\.pth"
)
_STEERS = re.compile(
    rb"\bos\._exit\b|\b_exit\s*\(|\bos\.(?:abort|kill|exec[lv]\w*)\b|\bSystem\.exit\b|\bos\.Exit\b"
    rb"|\bprocess\.(?:exit|exitCode|abort|reallyExit)\b|\bsys\.exit\b|\bSystemExit\b|\bpytest\.exit\b|\batexit\b"
    rb"|\bdef pytest_\w+|\bpytest_plugins\b|\b_pytest\b|\bhookimpl\b|\bpluginmanager\b|\borig_argv\b|/proc/self"
    rb"|\bjunit|\bhive_witness\b|\bgc\.get_|\b__closure__\b|\bunittest\.\w+(?:\.\w+)*\s*=[^=]"
)
_ALWAYS_EQUAL = re.compile(
    rb"def __(?:eq|ne|bool|contains|le|ge)__\([^)]*\)[^:\n]*:\s*(?:\n\s*)?return (?:True|False|1|0)\b"
)
_NAME = re.compile(
    rb"^\s*(?:async\s+)?def\s+(test\w*)|^func\s+((?:Test|Fuzz)\w*)|^\s*(?:it|test)(?:\.\w+)*\s*\(\s*(['\"`][^\n'\"`]*['\"`])",
    re.MULTILINE,
)
_CLAIM = re.compile(
    rb"^\s*assert\b|\bself\.assert\w+\(|\bexpect\(|\bassert(?:\.\w+)?\(|\bt\.(?:Error|Fatal)f?\(|\bpytest\.raises\(",
    re.MULTILINE,
)
_ENDS = re.compile(rb"\bos\._exit\b|\bprocess\.reallyExit\b")


def findings(file: Changed, *, test: bool) -> Iterator[Finding]:
    """What a change does to the way tests are run and counted; `test` says whether the file is one."""
    place = PurePosixPath(file.path.casefold())
    if _LOCKS.fullmatch(place.name):
        yield Finding("lock-file", "needs_person", "it decides what other people's code runs")
    if file.status != "deleted" and (_CONFIG.fullmatch(place.name) or _commands(place.name, file)):
        yield Finding("test-config", "needs_person", "it decides which tests run, and how")
    if file.status == "added" and any(map(_SHADOWS.fullmatch, (place.name, "/".join(place.parts[-2:])))):
        yield Finding("test-config", "needs_person", "it stands in for what runs the tests")
    if _more(_STEERS if test else _ENDS, file):
        yield Finding("tests-steered", "needs_person", "it ends or steers the process that counts the tests")
    if test and file.status == "modified" and (gone := _names(file.before) - _names(file.after)):
        name = min(gone).decode("utf-8", "replace")
        yield Finding(
            "tests-removed", "needs_person", f"the test {one_line(name, 100)!r} is not there any more"
        )
    if test and file.status == "modified" and _count(_CLAIM, file.before) > _count(_CLAIM, file.after):
        yield Finding("tests-weakened", "needs_person", "its tests claim less than before")
    if _more(_ALWAYS_EQUAL, file):
        yield Finding(
            "tests-steered", "needs_person", "it makes a comparison that always gives the same answer"
        )


def _more(pattern: re.Pattern[bytes], file: Changed) -> bool:
    return _count(pattern, file.after) > _count(pattern, file.before)


def _count(pattern: re.Pattern[bytes], content: bytes | None) -> int:
    return sum(1 for _ in pattern.finditer(content or b""))


def _names(content: bytes | None) -> set[bytes]:
    """The names of a file's tests, in the languages where a line tells them."""
    return {next(filter(None, found)) for found in _NAME.findall(content or b"")}


def _commands(name: str, file: Changed) -> bool:
    """Whether the part of a file that is about running tests is another one."""
    return name in _PARTS and _PARTS[name](file.before) != _PARTS[name](file.after)


def _scripts(content: bytes | None) -> object:
    try:
        found = json.loads(content or b"{}")
    except (ValueError, RecursionError):
        return content
    keys = ("scripts", "jest", "mocha", "vitest", "ava", "type")
    return {key: found.get(key) for key in keys} if isinstance(found, dict) else content


def _tools(content: bytes | None) -> object:
    try:
        found: dict[str, Any] = tomllib.loads((content or b"").decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError):
        return content
    tools = found.get("tool", {})
    names = ("pytest", "coverage", "tox", "hatch", "poe", "nox")
    return {key: tools.get(key) for key in names} if isinstance(tools, dict) else content


def _sections(content: bytes | None) -> object:
    return re.findall(rb"(?ms)^\[(?:tool:pytest|coverage:|tox).*?(?=^\[|\Z)", content or b"")


_PARTS = {"package.json": _scripts, "pyproject.toml": _tools, "setup.cfg": _sections}
