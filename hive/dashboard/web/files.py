"""The page's own files, read once: no path of a request ever reaches the file system."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

STATIC = Path(__file__).parent / "static"
MEDIA = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
"""Files of other kinds, such as licences, are not served."""


class StaticFile(NamedTuple):
    """One file with all that its response needs."""

    content: bytes
    media: str
    etag: str


def load(root: Path = STATIC) -> dict[str, StaticFile]:
    """Every file that is served, by its path below the folder."""
    return dict(_found(root))


def _found(root: Path) -> Iterator[tuple[str, StaticFile]]:
    for path in sorted(root.rglob("*")):
        if path.suffix in MEDIA and path.is_file():
            content = path.read_bytes()
            etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
            yield path.relative_to(root).as_posix(), StaticFile(content, MEDIA[path.suffix], etag)
