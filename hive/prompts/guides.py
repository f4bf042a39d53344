"""What the project tells agents about itself: its CLAUDE.md files."""

from hive.ports import Tree
from hive.text import decode, sanitize

FILE = "CLAUDE.md"
LONGEST = 24_000
"""Characters of each file; a longer one is cut, and says so."""


def guide(tree: Tree, service_path: str) -> str:
    """The root's CLAUDE.md and the service's, in that order; empty where there is none."""
    paths = dict.fromkeys((FILE, FILE if service_path in ("", ".") else f"{service_path}/{FILE}"))
    return "\n\n".join(part for path in paths if (part := _part(tree, path)))


def _part(tree: Tree, path: str) -> str:
    try:
        text = sanitize(decode(tree.read(path)[: 4 * LONGEST]), LONGEST).strip()
    except KeyError:
        return ""
    return f"# From {sanitize(path)}\n\n{text}" if text else ""
