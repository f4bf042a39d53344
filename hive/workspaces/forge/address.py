"""Which repository of which host a remote's address means. Pure."""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

_SCP = re.compile(r"(?:[\w.+-]+@)?(?P<host>[A-Za-z0-9.-]+):(?P<path>[^/\\].*)\Z")
_PATH = re.compile(r"[A-Za-z0-9._~-]+(?:/[A-Za-z0-9._~-]+)+\Z")


class Address(NamedTuple):
    """A repository at a forge."""

    host: str
    path: str
    """`owner/name`, at some forges with more folders; without `.git`."""


def address(url: str) -> Address | None:
    """The host and path of an `https`, `ssh` or `user@host:path` address; none for any other."""
    if "://" in url:
        try:
            parts = urlsplit(url)
            host = parts.hostname or ""
        except ValueError:
            return None
        path = parts.path if parts.scheme in ("https", "http", "ssh") else ""
    else:
        found = _SCP.match(url)
        host, path = (found["host"], found["path"]) if found else ("", "")
    path = path.strip("/").removesuffix(".git")
    clean = host and _PATH.match(path) and not any(part.strip(".") == "" for part in path.split("/"))
    return Address(host.lower(), path) if clean else None
