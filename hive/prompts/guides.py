"""What the project tells agents about itself: its CLAUDE.md files."""

from hive.ports import Tree
from hive.text import decode, sanitize

FILE = "CLAUDE.md"
LONGEST = 24_000
"""Characters of each file; a longer one is cut, and says so."""


def guide(tree: Tree, service_path: str) -> str:
    """The root's CLAUDE.md and the service's, in that order; empty where there is none."""
    folders = dict.fromkeys((".", service_path or "."))
    return "\n\n".join(part for folder in folders if (part := page(tree, folder)))


def page(tree: Tree, folder: str) -> str:
    """The CLAUDE.md of one folder, with its path; empty where there is none."""
    path = FILE if folder in ("", ".") else f"{folder}/{FILE}"
    try:
        text = sanitize(decode(tree.read(path)[: 4 * LONGEST]), LONGEST).strip()
    except KeyError:
        return ""
    return f"# From {sanitize(path)}\n\n{text}" if text else ""
