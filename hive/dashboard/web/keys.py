"""Tokens, one-time links, cookies: everything is derived from one secret that only its owner can read."""

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from pydantic import ConfigDict, TypeAdapter, ValidationError

from hive.dashboard.web.role import ROLES, Role
from hive.errors import UsageError

SECRET_BYTES = 32
LINK_SECONDS = 15 * 60
"""How long a printed link can be used, once."""
SESSION_SECONDS = 30 * 24 * 3600
MOST_LINKS = 64
LONGEST_COOKIE = 1024


class Session(NamedTuple):
    """Somebody who has shown a key."""

    role: Role
    name: str
    """How decisions are signed."""
    id: str
    expires: int
    bearer: bool = False
    """Came with the token itself, which no other site can make a browser send."""


class _Claims(NamedTuple):
    role: str
    name: str
    id: str
    expires: int


_CLAIMS = TypeAdapter(_Claims, config=ConfigDict(strict=False))


class Keys:
    """The keys to one server; `now` is the time in whole seconds."""

    def __init__(self, secret: str, now: Callable[[], int]) -> None:
        self._secret = secret.encode()
        self._now = now
        self._links: dict[str, Session] = {}

    def token(self, role: Role) -> str:
        """The bearer token of a role; the operator's is the secret itself."""
        return self._secret.decode() if role is Role.OPERATOR else self._mac(f"token {role.word}")

    def bearer(self, token: str) -> Session | None:
        """Who shows that token. Every role is compared, in constant time."""
        given = token.encode("utf-8", "replace")
        found = [role for role in Role if hmac.compare_digest(self.token(role).encode(), given)]
        return Session(found[0], f"{found[0].word} by token", "bearer", 0, bearer=True) if found else None

    def link(self, role: Role, name: str) -> str:
        """A new one-time key for a browser."""
        while len(self._links) >= MOST_LINKS:
            self._links.pop(next(iter(self._links)))
        key = secrets.token_urlsafe(SECRET_BYTES)
        self._links[_digest(key)] = Session(role, name, "", self._now() + LINK_SECONDS)
        return key

    def redeem(self, key: str) -> Session | None:
        """The session that a link opens, once."""
        link = self._links.pop(_digest(key), None)
        if link is None or link.expires < self._now():
            return None
        return link._replace(id=secrets.token_urlsafe(12), expires=self._now() + SESSION_SECONDS)

    def cookie(self, session: Session) -> str:
        """The session as a signed cookie; it outlives the server, not the secret."""
        claims = [session.role.word, session.name, session.id, session.expires]
        body = _encode(json.dumps(claims).encode())
        return f"{body}.{self._mac(f'cookie {body}')}"

    def open(self, cookie: str) -> Session | None:
        """Who shows that cookie."""
        body, _, mac = cookie.partition(".")
        if len(cookie) > LONGEST_COOKIE or not _same(mac, self._mac(f"cookie {body}")):
            return None
        try:
            claims = _CLAIMS.validate_json(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        except (ValueError, ValidationError):
            return None
        if claims.role not in ROLES or claims.expires < self._now():
            return None
        return Session(ROLES[claims.role], claims.name, claims.id, claims.expires)

    def csrf(self, session: Session) -> str:
        """What a page of that session sends with every change."""
        return self._mac(f"csrf {session.id}")

    def csrf_matches(self, session: Session, given: str) -> bool:
        """Whether a page of that session sent it."""
        return _same(given, self.csrf(session))

    def _mac(self, text: str) -> str:
        return _encode(hmac.new(self._secret, text.encode("utf-8", "replace"), hashlib.sha256).digest())


def read_or_make_secret(path: Path) -> str:
    """The secret in the file, made on first use. Raises UsageError when others can read it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        return _read(path)
    with os.fdopen(handle, "w") as file:
        secret = secrets.token_urlsafe(SECRET_BYTES)
        file.write(secret)
    return secret


def _read(path: Path) -> str:
    again = "delete it; the next `hive serve` makes a new one, and browsers need a new link"
    if path.is_symlink() or path.stat().st_mode & 0o077:
        raise UsageError(f"others can read the token file {str(path)!r}", next_step=again)
    secret = path.read_text("ascii", "replace").strip()
    if len(secret) < SECRET_BYTES:
        raise UsageError(f"the token file {str(path)!r} is damaged", next_step=again)
    return secret


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
