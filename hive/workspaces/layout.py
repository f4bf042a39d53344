"""What hive writes into a new bare repository of its own: borrowed objects, attributes, no automatic work."""

import os
import threading
from pathlib import Path

ATTRIBUTES = "* -text -ident !filter !working-tree-encoding !eol !diff !merge !whitespace\n"
"""Wins over every .gitattributes of a tree: bytes are what they are, and no text hides from a diff."""
EXCLUDES = """# what tools leave behind and nobody means to commit; files that are tracked stay tracked
__pycache__/
*.py[co]
.pytest_cache/
.mypy_cache/
.ruff_cache/
.hypothesis/
.tox/
.nox/
.venv/
*.egg-info/
.coverage
node_modules/
.npm/
.DS_Store
Thumbs.db
"""
_CONFIG = """[gc]
	auto = 0
[maintenance]
	auto = false
[uploadpack]
	allowAnySHA1InWant = true
"""


def alternates_line(folder: Path) -> bytes:
    """One line of `objects/info/alternates`, quoted where git would misread the path."""
    path = os.fsencode(folder)
    if not path.startswith((b'"', b"#")) and b"\n" not in path:
        return path + b"\n"
    return b'"' + b"".join(b"\\%03o" % byte if byte in b'"\\\n' else bytes([byte]) for byte in path) + b'"\n'


def furnish(bare: Path, alternates: bytes) -> None:
    """Complete a new bare repository."""
    (bare / "info").mkdir(exist_ok=True)
    (bare / "info" / "attributes").write_text(ATTRIBUTES)
    (bare / "objects" / "info").mkdir(parents=True, exist_ok=True)
    (bare / "objects" / "info" / "alternates").write_bytes(alternates)
    with (bare / "config").open("a") as config:
        config.write(_CONFIG)


def follow(lender: Path, borrower: Path) -> None:
    """Bring along what may change in the lender: where its history ends, and what its owner never commits."""
    _copy(lender / "shallow", borrower / "shallow", b"")
    _copy(lender / "info" / "exclude", borrower / "info" / "exclude", EXCLUDES.encode())


def _copy(source: Path, target: Path, before: bytes) -> None:
    theirs = source.read_bytes() if source.is_file() else b""
    wanted = theirs if theirs.startswith(before) else before + theirs
    if not wanted:
        target.unlink(missing_ok=True)
    elif not target.is_file() or target.read_bytes() != wanted:
        part = target.with_name(f"{target.name}.{os.getpid()}.{threading.get_ident()}")
        part.write_bytes(wanted)
        part.replace(target)
