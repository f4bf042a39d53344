"""Rules about what a file is and what stands in it."""

import os
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from hive.redaction import SHAPES
from hive.text import plural
from hive.workspaces.diff import Changed
from hive.workspaces.links import leaves_tree
from hive.workspaces.rules import harness
from hive.workspaces.rules.finding import Finding

LINK, SUBMODULE = "120000", "160000"
_SECRET = {kind: re.compile(pattern.encode()) for kind, pattern in SHAPES.items()}
_SECRET_FILES = re.compile(r"(?:\A|/)(?:\.env(?:\.(?!example|sample|template|dist)[^/]*)?|\.netrc|\.npmrc|\.pypirc|id_(?:rsa|dsa|ecdsa|ed25519)|[^/]*\.(?:pem|p12|pfx|key|keystore|jks))\Z")  # fmt: skip  # noqa: E501
_TEST_CONFIG = re.compile(
    r"(?:\A|/)(?:conftest\.py|pytest\.ini|tox\.ini|noxfile\.py|\.coveragerc|phpunit\.xml(?:\.dist)?|\.mocharc[^/]*"
    r"|(?:jest|vitest|karma|playwright|cypress)\.config\.[^/]+)\Z"
)
_TEST_FILE = re.compile(
    r"(?:\A|/)(?:tests?|__tests__|specs?)/|(?:\A|/)test_[^/]*\.py\Z|_test\.(?:py|go|dart|exs)\Z"
    r"|\.(?:test|spec)\.[cm]?[jt]sx?\Z|(?:Tests?|Spec|IT)\.(?:java|kt|cs|scala|groovy|swift)\Z|_spec\.rb\Z"
)
_TEST = re.compile(
    rb"^\s*(?:async\s+)?def\s+test|^\s*(?:it|test|describe)(?:\.each)?\s*\(|^func\s+(?:Test|Fuzz)|@(?:Parameterized)?Test\b"
    rb"|#\[(?:\w+::)*test\]|^\s*\[(?:Fact|Theory|Test|TestMethod|TestCase)\b|^\s*(?:it|specify)\s+['\"]",
    re.MULTILINE,
)
_SKIP = re.compile(
    rb"pytest\.(?:mark\.)?(?:skip|xfail|importorskip)|unittest\.skip|@skip|\b(?:it|test|describe)\.(?:skip|only|todo)\b"
    rb"|\bx(?:it|describe)\s*\(|\bt\.Skip|@(?:Disabled|Ignore)\b|#\[ignore\b|\(Skip\s*=|\bos\._exit\b"
)


def findings(file: Changed, limit: int) -> Iterator[Finding]:
    """What is wrong with a file itself."""
    yield from _kind(file)
    if file.size > limit:
        yield Finding("oversized", "refused", f"it has {file.size} bytes, more than {limit}")
    yield from _secrets(file)
    yield from _tests(file)
    test = bool(_TEST_CONFIG.search(file.path) or _TEST_FILE.search(file.path))
    yield from harness.findings(file, test=test)


def _kind(file: Changed) -> Iterator[Finding]:
    if SUBMODULE in (file.old_mode, file.new_mode):
        yield Finding("submodule", "refused", "submodules are not changed by tasks")
    if file.new_mode == LINK and (file.after is None or leaves_tree(file.path, os.fsdecode(file.after))):
        yield Finding("link-leaves-tree", "refused", "it is a symbolic link that leads out of the repository")


def _secrets(file: Changed) -> Iterator[Finding]:
    if file.status == "added" and _SECRET_FILES.search(file.path):
        yield Finding("secret-file", "needs_person", "files of this name usually hold credentials")
    before = file.before or b""
    for kind, pattern in _SECRET.items():
        old = set(pattern.findall(before))
        if any(match not in old for match in pattern.findall(file.after or b"")):
            yield Finding("secret", "refused", f"it adds what looks like a credential ({kind})")


def _tests(file: Changed) -> Iterator[Finding]:
    config = bool(_TEST_CONFIG.search(file.path))
    if file.status == "deleted" and (
        config or (_TEST_FILE.search(file.path) and _TEST.search(file.before or b""))
    ):
        yield Finding(
            "tests-removed", "needs_person", f"{PurePosixPath(file.path).name!r} decides what is tested"
        )
    if file.status != "modified" or not (config or _TEST_FILE.search(file.path)):
        return
    fewer = _count(_TEST, file.before) - _count(_TEST, file.after)
    if fewer > 0:
        yield Finding("tests-removed", "needs_person", f"it has {plural(fewer, 'test')} fewer than before")
    more = _count(_SKIP, file.after) - _count(_SKIP, file.before)
    if more > 0:
        yield Finding(
            "tests-skipped", "needs_person", f"it skips tests in {plural(more, 'more place', 'more places')}"
        )


def _count(pattern: re.Pattern[bytes], content: bytes | None) -> int:
    return sum(1 for _ in pattern.finditer(content or b""))
