"""Call another service: JSON out, JSON in."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

TIMEOUT_SECONDS = 3.0


class Unavailable(Exception):
    """The other service did not answer, or not in a way that helps."""


Send = Callable[..., tuple[int, Any]]
"""`send(method, url, body=None)` returns the status and the parsed answer; raises Unavailable."""


def send(method: str, url: str, body: object = None) -> tuple[int, Any]:
    raw = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, raw, {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, None
    except (OSError, ValueError) as error:
        raise Unavailable(f"{method} {url}: {error}") from error
