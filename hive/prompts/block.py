"""Project text inside a prompt: marked as data, so that it cannot pass for what hive says."""

from hive.model import digest
from hive.text import sanitize

BLOCK_CHARS = 32_000


def block(text: str, label: str) -> str:
    """The text between two marker lines that it cannot contain itself: the marker is its own digest."""
    body = sanitize(text, BLOCK_CHARS).strip("\n")
    name = sanitize(label, 80).replace("\n", " ")
    marker = digest(name, body)[:12]
    return f"<<<data {marker}: {name}\n{body}\ndata {marker}>>>"
