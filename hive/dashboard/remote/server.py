"""The server's API as a client sees it: JSON in, JSON out, and errors in hive's own words."""

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import httpx2 as httpx

from hive.errors import HiveError, NeedsPerson, UsageError
from hive.text import one_line

TIMEOUT_SECONDS = 20.0
LONGEST_ANSWER = 64 << 20
"""Bytes of an answer that are taken; a page of events is far smaller."""


class Server:
    """One `hive serve`, entered with a bearer token."""

    def __init__(self, url: str, token: str, certificate: Path | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError(
                f"{url!r} is not the address of a server", next_step="give one such as http://127.0.0.1:8470"
            )
        self.url = urlunsplit((parts.scheme, parts.netloc, "", "", ""))
        self.host = parts.netloc
        self.secure = parts.scheme == "https"
        self.tls = _tls(certificate) if self.secure else None
        self.headers = {"Authorization": f"Bearer {token}"}
        self._client = httpx.Client(
            base_url=self.url,
            headers=self.headers,
            timeout=TIMEOUT_SECONDS,
            verify=self.tls or True,
            trust_env=False,  # a proxy in the environment must not see the token
            follow_redirects=False,
        )

    def get(self, *path: str, **asked: str | int | None) -> Any:  # noqa: ANN401 - JSON
        """What is at that address. Raises HiveError in the server's words, or when it does not answer."""
        return self._answer("GET", path, params={k: v for k, v in asked.items() if v is not None}).json()

    def text(self, *path: str, **asked: str | None) -> str:
        """The same for what is not JSON."""
        return self._answer("GET", path, params={k: v for k, v in asked.items() if v is not None}).text

    def post(self, *path: str, told: Mapping[str, object]) -> Any:  # noqa: ANN401 - JSON
        """Have something done. Raises as `get`."""
        return self._answer("POST", path, json=told).json()

    def close(self) -> None:
        """Give the connections up."""
        self._client.close()

    def gone(self, error: Exception) -> HiveError:
        """The server does not answer; whoever follows it tries again."""
        words = one_line(str(error), 200) or type(error).__name__
        return HiveError(f"{self.url} does not answer: {words}", next_step="start it again there: hive serve")

    def _answer(self, method: str, path: tuple[str, ...], **sent: Any) -> httpx.Response:  # noqa: ANN401
        address = "/api/v1/" + "/".join(quote(part, safe="") for part in path)
        try:
            answer = self._client.request(method, address, **sent)
        except httpx.HTTPError as error:
            raise self.gone(error) from error
        if answer.is_success and len(answer.content) <= LONGEST_ANSWER:
            return answer
        raise self._refusal(answer)

    def _refusal(self, answer: httpx.Response) -> HiveError:
        try:
            told = answer.json()
            said, following = str(told["detail"]), str(told.get("next", ""))
        except (ValueError, KeyError, TypeError, AttributeError):
            said, following = f"it answered {answer.status_code}", "see whether that is `hive serve`"
        words = f"{self.url}: {one_line(said, 400)}"
        match answer.status_code:
            case 401:
                return UsageError(words, next_step="give its token: hive serve --token operator, there")
            case 403 | 409:
                return NeedsPerson(words, next_step=one_line(following, 300))
            case _:
                return HiveError(words, next_step=one_line(following, 300))


def _tls(certificate: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(certificate) if certificate else None)
    except OSError as error:
        raise UsageError(
            f"cannot read the certificate {str(certificate)!r}: {error.strerror or error}",
            next_step="--tls-cert FILE, as given to hive serve",
        ) from error
