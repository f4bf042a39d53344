"""What `hive --help` may cost: it imports nothing that only a working command needs."""

import subprocess
import sys

HEAVY = (
    "dbos",
    "sqlalchemy",
    "sqlmodel",
    "textual",
    "fastapi",
    "uvicorn",
    "tree_sitter",
    "rich.live",
    "hive.store",
    "hive.state",
)


def test_help_imports_nothing_heavy():
    script = f"import sys, hive.cli.app; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
