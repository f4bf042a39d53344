"""One digest for everything that is compared by content."""

import hashlib


def digest(*parts: str | bytes) -> str:
    """A hex SHA-256 over the parts, unambiguous whatever they contain."""
    whole = hashlib.sha256()
    for part in parts:
        raw = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        whole.update(len(raw).to_bytes(8, "big") + raw)
    return whole.hexdigest()
